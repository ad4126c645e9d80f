"""Who stops lets turns end that were begun."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.base import Arrival
from bot.serving import Begun
from conversations.events import Said


class Turns:
    """Takes arrivals when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.taken: list[Arrival] = []

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        await self.go.wait()
        if offset == 13:
            raise ValueError("no such offset")
        self.taken += arrivals


ARRIVAL = Arrival("telegram", "1", "4711", Said("Dag"))


async def test_a_poll_is_broken_off_between_two_turns() -> None:
    turns = Turns()
    begun = Begun(turns.accept)
    await begun.finished(5)
    polling = asyncio.create_task(begun.accept([ARRIVAL], offset=1))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, turns.go.set)
    await begun.finished(5)
    assert turns.taken == [ARRIVAL]
    await polling


async def test_it_is_waited_for_with_an_end() -> None:
    turns = Turns()
    begun = Begun(turns.accept)
    polling = asyncio.create_task(begun.accept([ARRIVAL]))
    await asyncio.sleep(0)
    await begun.finished(0.05)
    assert turns.taken == []
    turns.go.set()
    await polling


async def test_who_brought_it_hears_when_it_fails() -> None:
    turns = Turns()
    turns.go.set()
    with pytest.raises(ValueError, match="offset"):
        await Begun(turns.accept).accept([ARRIVAL], offset=13)
