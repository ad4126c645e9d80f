"""The same person before a web page, and before a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from http.cookies import Morsel
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from conversations.engine.card import card_text
from conversations.engine.effects import Card, CardRow
from tests.end_to_end.kit import House
from tests.end_to_end.scripts import Deed, Say

ROOT = Path(__file__).parents[2]
OWN = ("zit nu in Telegram", "Zal ik dit gesprek hier wissen?")
"""Who reads along in Telegram; and a terminal cannot be tidied."""
OWN_OF_WHATSAPP = ("zit nu in WhatsApp", "Dit gesprek staat nog op")
"""Who reads along there, and that nobody can tidy it for somebody else."""
OWN_LINES = re.compile(r"Nog (één|\d+) korte vra(ag|gen)\.|.*, op dit toestel\.|[123]\. .+")
"""How far one is, which a page draws; where news comes of who has only a page; and sentences to
choose from, which stand on the buttons of a page."""

_PLACES = (0, 25, 50, 75, 100)


class WebTeller:
    """A browser that speaks the frames of the web chat over a real WebSocket. `rows` are on the
    page, `sentences` is everything that the bot ever said; `seen` is for how many milliseconds a
    question was visible as it was tapped (None: an older page, which does not say it)."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.rows: list[dict[str, Any]] = []
        self.sentences: list[str] = []
        self.seen: object = None
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._sent = 0
        self._begun = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.close()
        await self._session.close()

    async def say(self, text: str) -> None:
        """Type a text; `/start` opens the page."""
        if self._socket is None:
            await self.open()
        else:
            await self.do("say", text=text)

    async def tap(self, label: str) -> None:
        """Press a button, or move the slider or the dot to the place that it stands for."""
        row = self.asked
        shares = _place(row["control"], label)
        if shares:
            await self.do("place", turn=row["turn"], shares=shares)
            return
        for row in reversed(self.rows):
            for button in row.get("buttons", ()):
                if button["label"] == label:
                    await self.do("tap", turn=row["turn"], button=button["id"], label=label)
                    return
        raise AssertionError(f"there is no button {label!r}; the last question is {row}")

    async def follow(self, link: str) -> None:
        """Open the page of a link and tap on what it names, or on its first button."""
        url, payload = self.house.url, link.rpartition("/")[2]
        self._begun = True
        async with self._session.get(f"{url}/v/{payload}") as page:
            offered = re.findall(r'action="(/v/([^?"]+)[^"]*)"', await page.text())
        path = next((path for path, named in offered if named == payload), f"/v/{payload}")
        async with self._session.post(f"{url}{path}", headers={"Origin": url}) as page:
            assert page.status == 200

    async def reads(self, text: str) -> None:
        """Come back to the page, and read on until this was said, unasked."""
        await self._connect()
        while text not in self.asked["text"]:
            await self._read()

    async def post(self, path: str) -> None:
        """What the page asks of the server by itself: to be erased, or after all not."""
        headers = {"Origin": self.house.url}
        async with self._session.post(f"{self.house.url}{path}", headers=headers) as answer:
            assert answer.status == 200
        await self.house.settle()

    async def open(self, start: str = "") -> None:
        """Load the page (again); of a link, after a tap on what it names."""
        if start:
            await self.follow(start)
        await self._connect()
        await self._settled()

    async def _connect(self) -> None:
        url = self.house.url
        async with self._session.get(f"{url}/") as page:
            assert page.status == 200
        await self.close()
        self._socket = await self._session.ws_connect(f"{url}/ws", headers={"Origin": url})
        after = self._last
        self._sent += 1
        await self._send(t="hello", after=after, page=f"page{self._sent}")
        await self._send(t="ping")
        await self._until("pong")

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def do(self, kind: str, **what: object) -> None:
        """Send a frame, again when it went too fast, and wait for everything that it led to."""
        self._sent += 1
        self._begun = True
        if kind in ("tap", "place") and self.seen is not None:
            what["seen"] = self.seen
        await self._send(t=kind, id=f"m{self._sent}", **what)
        while (await self._until("ack", "error")).get("code") == "too_fast":
            await asyncio.sleep(0.3)
            await self._send(t=kind, id=f"m{self._sent}", **what)
        await self._settled()

    async def speak(self, data: bytes) -> None:
        """Post a recording."""
        self._begun = True
        self._sent += 1
        headers = {"Origin": self.house.url, "X-Message": f"m{self._sent}"}
        async with self._session.post(
            f"{self.house.url}/voice", data=data, headers=headers
        ) as sent:
            assert sent.status == 200
        await self._settled()

    @property
    def cookies(self) -> list[Morsel[str]]:
        return list(self._session.cookie_jar)

    @property
    def asked(self) -> dict[str, Any]:
        """The newest message."""
        return next(row for row in reversed(self.rows) if row["op"] == "say")

    @property
    def _last(self) -> int:
        """The newest row that is written down; the opening of a conversation is not yet."""
        return max(0, self.rows[-1]["id"]) if self.rows else 0

    async def _settled(self) -> None:
        """Wait until everything the bot has to say is on the page. Before the first answer that is
        what stands there already."""
        if not self._begun:
            return
        await self.house.settle()
        newest = max((int(row[0]) for row in await self.house.rows("outbox")), default=0)
        while newest > self._last:
            await self._read()

    async def _until(self, *kinds: str) -> dict[str, Any]:
        while (frame := await self._read())["t"] not in kinds:
            pass
        return frame

    async def _read(self) -> dict[str, Any]:
        assert self._socket is not None
        frame: dict[str, Any] = await self._socket.receive_json(timeout=30)
        if frame["t"] in ("reset", "gone"):
            self.rows.clear()
        elif frame["t"] == "row":
            if frame["id"] > 0 and self.rows and self.rows[-1]["id"] < 0:
                said = sum(row["op"] == "say" for row in self.rows)
                del self.sentences[len(self.sentences) - said :]
                self.rows.clear()
            self.rows.append(frame)
            if frame["op"] == "say":
                self.sentences.append(_whole(frame))
        return frame

    async def _send(self, **frame: object) -> None:
        assert self._socket is not None
        await self._socket.send_json(frame)


def _place(control: dict[str, Any] | None, label: str) -> list[int]:
    """The shares that a label stands for; empty when it stands for none."""
    match control:
        case {"kind": "scale", "poles": [low, high]}:
            labels = (low, f"Eerder: {low}", "Allebei evenveel", f"Eerder: {high}", high)
            return [_PLACES[labels.index(label)]] if label in labels else []
        case {"kind": "triad", "poles": poles} if label.split(", ")[0] in poles:
            chosen = label.split(", ")
            return [100 // len(chosen) if pole in chosen else 0 for pole in poles]
    return []


def _whole(row: dict[str, Any]) -> str:
    """The text of a message with the card that the page draws itself."""
    card = (row["control"] or {}).get("card")
    if not card:
        return str(row["text"])
    rows = tuple(CardRow(each["label"], each["value"]) for each in card["rows"])
    return f"{row['text']}\n\n{card_text(Card(card['name'], card['text'], rows))}"


async def in_terminal(folder: Path, script: Sequence[Deed], *arguments: str) -> str:
    """What `vertelbot chat` answers to a script on its standard input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "chat", *arguments),
        cwd=folder,
        env={
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": str(ROOT),
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(typed(script).encode())
    assert process.returncode == 0, err.decode()
    return out.decode()


def typed(script: Sequence[Deed]) -> str:
    """A script as it is typed in a terminal, where a conversation begins by itself."""
    lines = [deed.text if isinstance(deed, Say) else deed.label for deed in script]
    return "".join(f"{line}\n" for line in lines if line != "/start")


def lines(sentences: Sequence[str]) -> list[str]:
    """What was said, line by line, without the words of a code and what only some channels say."""
    text = "\n".join(each for each in sentences if not any(own in each for own in OWN))
    for own in OWN_OF_WHATSAPP:  # there it is a part of a message
        text = re.sub(rf".*{own}.*\n?", "", text)
    text = re.sub(r"code:\n[a-z ]+\n", "code:\n", text)
    return [line for line in text.splitlines() if line.strip() and not OWN_LINES.fullmatch(line)]


def spoken(output: str) -> list[str]:
    """The sentences in the output of the terminal: no buttons, no ticks."""
    return [line for line in lines([output]) if not re.match(r"  ( ?\d+  |✓)", line)]
