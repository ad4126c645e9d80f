"""What the tests of the Telegram channel share: an accept that records, questions, shorthand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels.base import Arrival, Outgoing
from bot.channels.telegram.channel import Telegram
from conversations.engine.effects import Button, Say
from tests.botapi import User

YES_NO = (Button("o:yes", "Ja"), Button("o:no", "Nee"))
QUESTION = Say("Wil je vertellen?", YES_NO, turn=3)


class Recorder:
    """Accepts as the runner does: an arrival seen before changes nothing, and the offset is
    committed together with the arrivals."""

    def __init__(self) -> None:
        self.arrivals: dict[str, Arrival] = {}
        self.offset = 0
        self.batches: list[int] = []
        self.fails = 0
        self.unread = 0
        self.slow = 0.0
        self._changed = asyncio.Event()

    async def __call__(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        await asyncio.sleep(self.slow)
        if self.fails:
            self.fails -= 1
            raise OSError("disk full")
        for arrival in arrivals:
            self.arrivals.setdefault(arrival.external_id, arrival)
        self.offset = offset or self.offset
        self.batches.append(len(arrivals))
        self._changed.set()

    async def load(self) -> int:
        if self.unread:
            self.unread -= 1
            raise OSError("disk away")
        return self.offset

    @property
    def events(self) -> list[Any]:
        return [arrival.event for arrival in self.arrivals.values()]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def polling(telegram: Telegram, recorder: Recorder) -> AsyncIterator[None]:
    task = asyncio.create_task(telegram.run(recorder))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def to(person: User, effect: Any, **more: Any) -> Outgoing:
    return Outgoing(id=1, address=str(person.id), effect=effect, **more)


def ref(person: User) -> str:
    return str(person.written[-1].id)
