"""What is asked while something is under way is done with the next, each with its own result."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.inbox.batching import Batcher


async def test_what_is_asked_meanwhile_is_done_in_one_go() -> None:
    batches: list[Sequence[int]] = []
    go = asyncio.Event()

    async def double(asked: Sequence[int]) -> Sequence[int | Exception]:
        batches.append(asked)
        await go.wait()
        return [2 * each for each in asked]

    together = Batcher(double)
    first = together.ask(1)
    await asyncio.sleep(0)
    rest = [together.ask(number) for number in (2, 3)]
    go.set()
    assert await asyncio.gather(first, *rest) == [2, 4, 6]
    assert await together.ask(4) == 8
    assert batches == [[1], [2, 3], [4]]


async def test_an_exception_meets_who_asked_for_it() -> None:
    async def some(asked: Sequence[int]) -> Sequence[int | Exception]:
        return [ValueError("odd") if each % 2 else each for each in asked]

    together = Batcher(some)
    even, odd = together.ask(2), together.ask(3)
    assert await even == 2
    with pytest.raises(ValueError, match="odd"):
        await odd


async def test_when_all_of_it_fails_everyone_hears_and_the_next_goes_on() -> None:
    broken = True

    async def broken_once(asked: Sequence[int]) -> Sequence[int | Exception]:
        if broken:
            raise OSError("away")
        return asked

    together = Batcher(broken_once)
    for future in (together.ask(1), together.ask(2)):
        with pytest.raises(OSError, match="away"):
            await future
    broken = False
    assert await together.ask(3) == 3


async def test_who_does_not_wait_any_more_holds_up_nobody() -> None:
    async def same(asked: Sequence[int]) -> Sequence[int | Exception]:
        return asked

    together = Batcher(same)
    gone, stays = together.ask(1), together.ask(2)
    gone.cancel()
    assert await stays == 2
