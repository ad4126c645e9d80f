"""People with a phone, without a network: they do what a script says as soon as the bot has
answered the last thing. The Bot API that they sit behind answers at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.end_to_end.scripts import BRIEF, Deed, Say, Tap

ME = {
    "id": 1,
    "is_bot": True,
    "first_name": "Bot",
    "username": "benchmark_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}

QUESTION = (
    "Vraag {number}. Wat past het best bij wat je net vertelde? Kies wat het dichtst in de buurt "
    "komt, of typ het in je eigen woorden. Je mag een vraag altijd overslaan."
)
"""What the peers ask, every time."""

UNTIL_TELLING = BRIEF[:5]
TELLING: tuple[Deed, ...] = tuple(
    Say(f"Deel {number}: ik belde op maandag, en op woensdag zat er iemand aan tafel.")
    for number in range(8)
)
"""A story in eight messages."""


@dataclass(slots=True)
class Round:
    """What a round took. `cpu` and `wall` are seconds; `waits` how long each answer took."""

    turns: int
    cpu: float
    wall: float
    waits: list[float] = field(default_factory=list)
    calls: int = 0

    def figures(self) -> dict[str, float]:
        ordered = sorted(self.waits)
        return {
            "cpu_us": self.cpu / self.turns * 1e6,
            "per_second": self.turns / self.wall,
            "median_ms": ordered[len(ordered) // 2] * 1e3,
            "p99_ms": ordered[int(len(ordered) * 0.99)] * 1e3,
            "calls": self.calls / self.turns,
        }


class _Person:
    """Someone in a private chat, at a place in a script."""

    __slots__ = ("at", "chat", "deeds", "message", "number", "since", "user")

    def __init__(self, number: int) -> None:
        self.number = number
        self.chat = {"id": number, "type": "private", "first_name": "Alice"}
        self.user = {
            "id": number,
            "is_bot": False,
            "first_name": "Alice",
            "language_code": "nl",
        }
        self.deeds: Sequence[Deed] = ()
        self.at = 0
        self.since = 0.0
        self.message = 0


class Api:
    """The Bot API and everyone who talks with the bot. `call` is what a client's request layer
    asks; its answer is the body of the response."""

    def __init__(self, *, batch: int = 100) -> None:
        self._batch = batch
        self._updates: deque[tuple[int, dict[str, Any]]] = deque()
        self._arrived = asyncio.Event()
        self._numbers = itertools.count(1)
        self._messages = itertools.count(1)
        self._people: dict[int, _Person] = {}
        self._chats = itertools.count(1_000_001)
        self._busy: set[int] = set()
        self._done = asyncio.Event()
        self._waits: list[float] = []
        self._calls = 0
        self.pause = 0.0
        """Seconds between an answer and the next deed."""

    # -- people

    async def round(self, count: int, prelude: Sequence[Deed], script: Sequence[Deed]) -> Round:
        """New people do the prelude, and then, measured, the script."""
        people = await self._arrived_people(count, prelude)
        await asyncio.sleep(0.05)
        self._waits, self._calls = [], 0
        cpu, wall = time.process_time(), time.perf_counter()
        await self._do(people, script)
        wall = time.perf_counter() - wall
        await asyncio.sleep(0.1)  # what follows the last answer counts as well
        cpu = time.process_time() - cpu
        return Round(count * len(script), cpu, wall, self._waits, self._calls)

    def start_at(self, number: int) -> None:
        """Number updates and people from here: a store may know those of an earlier run."""
        self._numbers, self._chats = itertools.count(number), itertools.count(number)

    def chats(self, count: int) -> list[int]:
        """Chats of new people."""
        return [next(self._chats) for _ in range(count)]

    async def prepared(self, count: int, prelude: Sequence[Deed]) -> list[int]:
        """New people do the prelude; their chats."""
        people = await self._arrived_people(count, prelude)
        return [person.number for person in people]

    async def _arrived_people(self, count: int, prelude: Sequence[Deed]) -> list[_Person]:
        people = [_Person(next(self._chats)) for _ in range(count)]
        self._people = {person.number: person for person in people}
        await self._do(people, prelude)
        return people

    async def _do(self, people: Sequence[_Person], deeds: Sequence[Deed]) -> None:
        if not deeds:
            return
        self._done.clear()
        self._busy = {person.number for person in people}
        for person in people:
            person.deeds, person.at = deeds, 0
            self._deed(person, None)
        await self._done.wait()

    def _deed(self, person: _Person, data: str | None) -> None:
        """The next deed; `data` is what the pressed button carries."""
        deed = person.deeds[person.at]
        person.since = time.perf_counter()
        number = next(self._numbers)
        message: dict[str, Any] = {
            "message_id": person.message or next(self._messages),
            "date": 1_795_000_000,
            "chat": person.chat,
        }
        if isinstance(deed, Say):
            message.update(message_id=next(self._messages), text=deed.text)
            message["from"] = person.user
            if deed.text.startswith("/"):
                entity = {"type": "bot_command", "offset": 0, "length": len(deed.text)}
                message["entities"] = [entity]
            what: dict[str, Any] = {"message": message}
        else:
            message.update(text="?")
            message["from"] = ME
            query = {"id": str(number), "from": person.user, "message": message}
            what = {"callback_query": {**query, "chat_instance": "1", "data": data}}
        self._updates.append((number, {"update_id": number, **what}))
        self._arrived.set()

    def _heard(self, chat: int, markup: Any, *, new: bool) -> None:
        """The bot did something in a chat: if that is what its person waited for, on they go."""
        if chat not in self._busy:
            return
        person = self._people[chat]
        following = person.at + 1
        data = None
        deed = person.deeds[following] if following < len(person.deeds) else None
        if isinstance(deed, Tap):
            data = _button(markup, deed.label)
            if data is None:
                return
        elif not new:
            return
        self._waits.append(time.perf_counter() - person.since)
        if following == len(person.deeds):
            self._busy.discard(chat)
            if not self._busy:
                self._done.set()
            return
        person.at = following
        if self.pause:
            asyncio.get_running_loop().call_later(self.pause, self._deed, person, data)
        else:
            self._deed(person, data)

    # -- the Bot API

    async def call(self, method: str, params: Mapping[str, Any]) -> bytes:
        """The body of the response to a call."""
        method = method.lower()
        if method == "getupdates":
            return await self._get_updates(int(params.get("offset") or 0))
        self._calls += 1
        if method == "getme":
            return _ok(ME)
        if method not in ("sendmessage", "editmessagetext", "editmessagereplymarkup"):
            return b'{"ok":true,"result":true}'
        chat = int(params["chat_id"])
        new = method == "sendmessage"
        number = next(self._messages) if new else int(params["message_id"])
        if new and (person := self._people.get(chat)):
            person.message = number
        answer = _ok(
            {
                "message_id": number,
                "date": 1_795_000_000,
                "chat": {"id": chat, "type": "private", "first_name": "Alice"},
                "from": ME,
                "text": params.get("text", "?"),
            }
        )
        self._heard(chat, params.get("reply_markup"), new=new)
        return answer

    async def _get_updates(self, offset: int) -> bytes:
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        if not self._updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), 10)
            except TimeoutError:
                return b'{"ok":true,"result":[]}'
        found = list(itertools.islice(self._updates, self._batch))
        return _ok([update for _, update in found])


def _ok(result: Any) -> bytes:
    return msgspec.json.encode({"ok": True, "result": result})


def _button(markup: Any, label: str) -> str | None:
    """What the button with this label carries, also when it is ticked."""
    keyboard = msgspec.json.decode(markup) if isinstance(markup, str) else markup
    for row in (keyboard or {}).get("inline_keyboard", ()):
        for button in row:
            if button["text"] == label:
                return str(button["callback_data"])
    return None
