"""A new process is started, the old one is told to stop: nobody who tells a story notices."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import aiohttp
import pytest
import pytest_asyncio

from bot.app import App
from tests.botapi import BotApi
from tests.crash.test_processes import UNPACED
from tests.end_to_end.kit import House, MovableClock, free_port, it_runs, running, settings
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, Teller, tell
from tests.end_to_end.tellers import WebTeller, lines
from tests.end_to_end.undelivered import undelivered
from tests.forks import PIPE, Fork, forked
from tests.replicas.proxy import Proxy, proxy

STORY = (*RESIDENT, *YES_TO_ALL)


LOST = (aiohttp.ClientError, ConnectionError, TypeError, TimeoutError)
"""What it looks like when a connection was lost, or says nothing any more."""


class Process:
    """`vertelbot run`, a process of its own."""

    def __init__(self, process: Fork, url: str) -> None:
        self.url = url
        self._process = process

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> str:
        """Wait until it has; what it said last."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            said = (await self._process.stdout.read()).decode()
            assert await self._process.wait() == 0
        return said.splitlines()[-1]

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()


class Patient(House):
    """Waits for as long as a process takes to start on a busy machine."""

    async def settle(self) -> None:
        async with asyncio.timeout(60):
            while await self._busy(0.002):
                pass


@dataclass
class Street:
    """Processes on one database; the `house` looks at it without serving anybody."""

    house: House
    proxy: Proxy
    stack: AsyncExitStack
    env: dict[str, str]
    log: IO[bytes]

    async def start(self) -> Process:
        port = free_port()
        env = {**os.environ, **self.env, "VERTELBOT_WEB__PORT": str(port)}
        process = await forked(
            *UNPACED, "run", cwd=self.house.folder, env=env, stdout=PIPE, stderr=self.log
        )
        one = Process(process, f"http://127.0.0.1:{port}")
        self.stack.push_async_callback(one.end)
        async with asyncio.timeout(60):
            await it_runs(process)
        self.proxy.behind.append(one.url)
        return one


@asynccontextmanager
async def street(folder: Path, url: str, api: BotApi, mode: str) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(proxy(free_port()))
        given = settings(folder, url, telegram=api)
        web = given.web.model_copy(update={"public_url": front.url})
        given = given.model_copy(update={"web": web})
        opened = App.opened(given, MovableClock(), exclusive=not url.startswith("sqlite"))
        app = await stack.enter_async_context(opened)
        env = {
            "VERTELBOT_TELEGRAM__TOKEN": api.token,
            "VERTELBOT_TELEGRAM__BASE_URL": api.url,
            "VERTELBOT_TELEGRAM__MODE": mode,
            "VERTELBOT_TELEGRAM__WEBHOOK_SECRET": "a-secret-of-this-test",
            "VERTELBOT_WEB__PUBLIC_URL": front.url,
            "VERTELBOT_WEB__DRAIN": "1",
            "VERTELBOT_STORAGE__URL": url,
            "VERTELBOT_PRIVACY__KEY_FILE": str(folder / "vertelbot.key"),
            "VERTELBOT_ORGANISATION__NAME": given.organisation.name,
            "VERTELBOT_ORGANISATION__CONTACT": given.organisation.contact,
        }
        log = stack.enter_context((folder / "log").open("wb"))
        waits = stack.enter_context(undelivered(app.database))
        house = Patient(app, api, MovableClock(), folder, waits)
        yield Street(house, front, stack, env, log)


class Page(WebTeller):
    """A page that comes back by itself, and sends again what was not confirmed."""

    returns = 0

    async def say(self, text: str) -> None:
        if self._socket is None:
            await self._back()
        else:
            await self.do("say", text=text)

    async def do(self, kind: str, **what: object) -> None:
        self._sent += 1
        frame = {"t": kind, "id": f"m{self._sent}", **what}
        while True:
            try:
                await self._send(**frame)
                answer = await self._until("ack", "error")
                await self._settled()
            except LOST:
                self.returns += 1
                await self._back()
                continue
            if answer["t"] == "ack":
                return
            assert answer["code"] in ("too_fast", "try_again"), answer
            await asyncio.sleep(0.3)

    async def _settled(self) -> None:
        """Wait until everything that is said to this browser is on the page."""
        await self.house.settle()
        address = self.cookies[0].value.partition(".")[0]
        log = await self.house.app.web.log(address, 0)
        while log and log[-1].id > (self.rows[-1]["id"] if self.rows else 0):
            await self._read()

    async def _back(self) -> None:
        while True:
            try:
                await self.open()
            except (*LOST, AssertionError):
                await asyncio.sleep(0.2)
            else:
                return


Said = tuple[list[str], list[str]]
"""What is said to someone in Telegram, and on the page."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What is said when nothing happens; it is the same for all tests here."""
    async with BotApi() as api, running(tmp_path_factory.mktemp("alone"), api) as house:
        alice = house.phone("Alice")
        await tell(alice, STORY)
        async with WebTeller(house) as page:
            await tell(page, STORY)
            return lines(alice.sentences), lines(page.sentences)


async def over_and_over(
    street: Street, one: Process, done: asyncio.Event, most: int
) -> list[float]:
    """Replace the process by a new one, so many times at most, until everything is told; how long
    each took to leave, or how long there was none when there can only be one."""
    left: list[float] = []
    alone = street.house.app.database.sqlite
    while not done.is_set() and len(left) < most:
        following = None if alone else await street.start()
        began = time.monotonic()
        one.stop()
        assert await one.ended() == "Vertelbot stops. Nothing is lost."
        street.proxy.behind.remove(one.url)
        one = following or await street.start()
        left.append(time.monotonic() - began)
        await asyncio.sleep(0.3)
    return left


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_stories_go_on_while_processes_come_and_go(
    tmp_path: Path, url: str, mode: str, undisturbed: Said, torture: bool
) -> None:
    await told_meanwhile(tmp_path, url, mode, undisturbed, torture=torture)


async def test_on_sqlite_there_is_a_pause_and_nothing_else(
    tmp_path: Path, undisturbed: Said, torture: bool
) -> None:
    url = f"sqlite:///{tmp_path}/vertelbot.db"
    await told_meanwhile(tmp_path, url, "polling", undisturbed, torture=torture)


async def told_meanwhile(
    tmp_path: Path, url: str, mode: str, expected: Said, *, torture: bool
) -> None:
    """Somebody in Telegram, and somebody on the page, tell a story while the process is replaced,
    and hear what is always said; with `--torture` three of each, and it is replaced twice."""
    many, most = (3, 2) if torture else (1, 1)
    async with BotApi() as api, street(tmp_path, url, api, mode) as here:
        first = await here.start()
        house, done = here.house, asyncio.Event()
        replacing = asyncio.create_task(over_and_over(here, first, done, most))
        phones = [house.phone(name) for name in ("Alice", "Bob", "Carol")[:many]]
        pages = [await here.stack.enter_async_context(Page(house)) for _ in range(many)]
        try:
            async with asyncio.timeout(180):
                tellers: list[Teller] = [*phones, *pages]
                await asyncio.gather(*(tell(each, STORY) for each in tellers))
        finally:
            done.set()
            left = await replacing
        print(
            f"{len(left)} restarts in {', '.join(f'{each:.1f}' for each in left)} s,"
            f" pages came back {[page.returns for page in pages]}, {dict(here.proxy.answers)}"
        )
        if not house.app.database.sqlite:
            assert here.proxy.wrong() == {}
        assert len(await house.stories()) == 2 * many
        for phone in phones:
            assert lines(phone.sentences) == expected[0]
        for page in pages:
            assert lines(page.sentences) == expected[1]
        assert len(left) >= 1
        secrets = [api.token, *(cookie.value for page in pages for cookie in page.cookies)]
        tell_nothing(tmp_path / "log", [*secrets, *(str(phone.user.id) for phone in phones)])


def tell_nothing(log: Path, secrets: list[str]) -> None:
    """Every line of the log of whole processes is one that a machine reads, without anything of
    people in it."""
    text = log.read_text("utf-8")
    for line in text.splitlines():
        assert set(json.loads(line)) <= {"at", "level", "logger", "message", "trace"}
    said = [deed.text for deed in STORY if isinstance(deed, Say) and not deed.text.startswith("/")]
    assert [each for each in (*said, *secrets, "Alice", "Carol") if each in text] == []


async def test_it_says_at_once_that_it_leaves_and_hands_polling_over(
    tmp_path: Path, url: str
) -> None:
    async with BotApi() as api, street(tmp_path, url, api, "polling") as here:
        first = await here.start()
        second = await here.start()
        await here.house.phone("Alice").say("/start")
        first.stop()
        async with aiohttp.ClientSession() as session:
            answer = await _ready(session, first.url)
            assert answer == (503, {"database": True, "serving": False}, "close")
            assert (await _ready(session, second.url))[0] == 200
        await here.house.phone("Alice").say("/hulp")
        await first.ended()
        assert not [call for call in api.calls if call.status == 409]


async def _ready(session: aiohttp.ClientSession, url: str) -> tuple[int, Any, str | None]:
    async with session.get(f"{url}/ready") as answer:
        body = await answer.json()
        return answer.status, body["checks"], answer.headers.get("Connection")
