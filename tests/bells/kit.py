"""A Vertelbot without its pages: an outbox with the lane of bells, and channels that do as told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.bells.bell_lane import BellLane
from bot.channels.base import Accept, Bell, Letter, Outgoing
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.sender import RowSender
from bot.guides import GuideStore
from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from bot.meetings.prompts import sending
from bot.meetings.prompts.prompt_lane import PromptLane
from bot.operations.metrics import Metrics
from bot.sensemaking.changes.change_messages import ChangeLane
from bot.services import Services
from bot.settings import Settings
from conversations.guide.loading import load_guides
from storage.bells import bells, rings
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.people import people
from storage.people.people import Person
from storage.weeks import week_of
from tests.end_to_end.kit import MovableClock
from tests.meetings.prompts.kit import TUESDAY, group
from tests.storage.stores import Store, open_store

MORNING = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday, half past ten in Amsterdam: the morning after the meeting."""

Does = Exception | None
"""What a channel does with a message: takes it, or says this."""


class Belfry:
    """A channel that takes messages, unless it is told for the next ones what to do."""

    def __init__(self, name: str, before: Callable[[str], Awaitable[None]]) -> None:
        self.name = name
        self.sent: list[Outgoing] = []
        self.does: deque[Does] = deque()
        self._before = before

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        await self._before("send")
        answer = self.does.popleft() if self.does else None
        if answer is None or type(answer).__name__ == "Uncertain":
            self.sent.append(outgoing)
        await self._before("sent")
        if answer is not None:
            raise answer
        return f"{self.name}{outgoing.id}"

    async def close(self) -> None: ...

    def rung(self, address: str) -> int:
        """How often a bell rang at an address."""
        return sum(
            each.address == address and isinstance(each.effect, Bell | Letter) for each in self.sent
        )


class Mortal:
    """A database whose writes, before and after, are moments to die at."""

    def __init__(self, store: Store, moment: Callable[[str], Awaitable[None]]) -> None:
        self._store = store
        self._moment = moment

    def write(self, work: Callable[[Transaction], Any], **how: Any) -> asyncio.Future[Any]:
        async def written() -> Any:
            await self._moment("write")
            done = await self._store.database.write(work, **how)
            await self._moment("written")
            return done

        return asyncio.ensure_future(written())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store.database, name)


def _at_most(most: int, _reads: Any) -> int:
    return most


class Bench:
    """What a test works with. `died` is set when the moment came that was asked for in `dies`."""

    def __init__(self, store: Store, budgets: Mapping[str, int] | None = None) -> None:
        self.store = store
        self.clock = MovableClock(MORNING)
        self.services = Services(
            store.vault, store.log, GuideStore(load_guides()), Settings(), lambda: ""
        )
        names = ("web", "push", "whatsapp", "sms", "mail")
        self.channels = {name: Belfry(name, self._moment) for name in names}
        self.lane = BellLane(
            self.services,
            ChangeLane(self.services, PromptLane(self.services)),
            self.channels,
            {name: partial(_at_most, most) for name, most in (budgets or {}).items()},
        )
        self.moments = 0
        self.dies: int | None = None
        self.died = asyncio.Event()
        self.meeting: Meeting | None = None

    async def _moment(self, _what: str) -> None:
        self.moments += 1
        if self.dies is not None and self.moments >= self.dies:
            self.died.set()
            await asyncio.Event().wait()

    async def write(self, work: Callable[[Transaction], Any]) -> Any:
        return await self.store.database.write(work)

    async def teller(self, name: str, *channels: str, on: str = "web") -> Person:
        """Someone with a page (or who talks over another channel), who takes part in the meeting
        and has these bells."""
        (made,) = await self.tellers([(name, channels)], on)
        return made

    async def tellers(
        self, wanted: Sequence[tuple[str, Sequence[str]]], on: str = "web"
    ) -> list[Person]:
        """Several of them, in one transaction."""

        def put(connection: Transaction) -> list[Person]:
            return [self._teller(connection, name, channels, on) for name, channels in wanted]

        made: list[Person] = await self.write(put)
        return made

    def _teller(
        self, connection: Transaction, name: str, channels: Sequence[str], on: str
    ) -> Person:
        vault = self.services.vault
        if self.meeting is None:
            self.meeting = agenda.add(connection, self.services, group(), TUESDAY)
        person = people.find_or_make(connection, on, name, "nl", week_of(MORNING))
        meetings.join(connection, self.meeting.id, person.id, "member")
        ended = self.meeting.end
        row = prompts.new_row(vault, person.id, self.meeting.id, "", "ask", ended, MORNING)
        prompts.add(connection, [row])
        for channel in channels:
            bells.put(connection, person.id, channel, f"{channel}:{name}")
        return person

    async def prompt_some(self, on: str = "web") -> bool:
        """Put as much of what is due into the outbox as there is room for; whether that was
        anything."""
        done = False
        while await self.write(lambda c: sending.take(c, self.services, self.clock.now(), on)):
            done = True
        return done

    async def prompt(self, on: str = "web") -> None:
        """Put what is due into the outbox."""
        await self.prompt_some(on)

    async def deliver(self) -> None:
        """Send all that is due, by a process that begins now and may die."""
        sender = RowSender(
            Mortal(self.store, self._moment),  # type: ignore[arg-type]
            self.services,
            self.clock,
            self.channels,
            {},
            Metrics(),
            lanes={"prompt": self.lane},
        )
        outbox = Dispatcher(sender)
        running = asyncio.create_task(outbox.run())
        drained = asyncio.create_task(outbox.drain())
        died = asyncio.create_task(self.died.wait())
        await asyncio.wait((drained, died), return_when=asyncio.FIRST_COMPLETED)
        for task in (running, drained, died):
            task.cancel()
        await asyncio.gather(running, drained, died, return_exceptions=True)

    async def attempts(self, person: Person) -> list[tuple[str, str, str]]:
        """What was rung for someone, and what came of it and why."""
        found = await self.store.database.read(lambda s: rings.of_person(s, person.id))
        return [(each.channel, each.state, each.reason) for _, tried in found for each in tried]

    def rung(self, name: str) -> Sequence[str]:
        """The channels through which someone was rung."""
        return [
            channel
            for channel, belfry in self.channels.items()
            for _ in range(belfry.rung(f"{channel}:{name}"))
        ]


@asynccontextmanager
async def bench(folder: Path, budgets: Mapping[str, int] | None = None) -> AsyncIterator[Bench]:
    store = await open_store(f"sqlite:///{folder}/vertelbot.db", folder)
    try:
        yield Bench(store, budgets)
    finally:
        store.close()
