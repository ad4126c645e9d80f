"""One pace for all processes: slots are given out once, a silence holds for everybody."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.delivery.pacer import SharedPacer
from storage import meta
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.replicas import pace
from storage.replicas.pace import AHEAD, SECOND, Moved, Pace, Share
from tests.storage.stores import NOW, Store

TWENTY = Pace(20)


def lease(wanted: int, limits: Pace = TWENTY, moved: Moved | None = None) -> Any:
    return lambda connection: pace.lease(connection, "telegram", limits, wanted, moved or {})


def from_now(share: Share) -> list[float]:
    """In how many seconds the slots are."""
    return [slot - share.now for slot in share.slots]


async def test_slots_are_given_out_once_and_not_far_ahead(store: Store) -> None:
    write = store.database.write
    first = await write(lease(4))
    assert from_now(first) == pytest.approx((0, 0.05), abs=0.02)
    shares = [first, await write(lease(4))]
    while len(shares[-1].slots) == 0 or len(shares) == 2:
        await asyncio.sleep(shares[-1].again - shares[-1].now)
        shares.append(await write(lease(4)))
    slots = [slot for share in shares for slot in share.slots]
    assert all(there - here > 0.049 for here, there in pairwise(slots))
    assert all(slot <= share.now + AHEAD for share in shares for slot in share.slots)


async def test_a_slot_that_is_given_back_is_given_out_again(store: Store) -> None:
    limits = Pace(1000, burst=2, most=2)
    first = await store.database.write(lease(4, limits))
    assert len(first.slots) == 2
    assert first.again == pytest.approx(first.slots[0] + SECOND - AHEAD)
    again = await store.database.write(lease(4, limits, {first.slots[1]: None}))
    assert len(again.slots) == 1
    assert from_now(again) == pytest.approx([0], abs=0.01)


async def test_what_came_in_late_moves_the_slot_of_a_second_later(store: Store) -> None:
    limits = Pace(1000, burst=2, most=2)
    first = await store.database.write(lease(4, limits))
    late = first.slots[0] + 0.7
    second = await store.database.write(lease(4, limits, {first.slots[0]: late}))
    assert second.slots == ()
    assert second.again == pytest.approx(first.slots[1] + SECOND - AHEAD)
    await asyncio.sleep(second.again - second.now + 0.01)
    third = await store.database.write(lease(4, limits))
    assert len(third.slots) == 1
    assert third.again == pytest.approx(late + SECOND - AHEAD)


async def test_two_processes_keep_one_pace(store: Store) -> None:
    other = Database(store.url)
    other.vault = store.vault
    other.start()
    limits = Pace(40, burst=3, most=40)
    came_in: list[float] = []
    given: list[float] = []

    def leaser(database: Database) -> Any:
        async def ask(wanted: int, moved: Moved) -> Share:
            share: Share = await database.write(lease(wanted, limits, moved))
            given.extend(share.slots)
            return share

        return ask

    async def answer(pacer: SharedPacer, chat: str, slow: float) -> None:
        await asyncio.sleep(slow)
        came_in.append(time.monotonic())
        await asyncio.sleep(0.005)
        pacer.answered(chat, time.monotonic())

    async def send(pacer: SharedPacer, name: str) -> None:
        """Some are sent late, and some are long on their way."""
        async with asyncio.TaskGroup() as answers:
            for number in range(60):
                chat = f"{name}{number}"
                while True:
                    await pacer.prepare()
                    if not (wait := pacer.wait(chat, time.monotonic())):
                        break
                    await asyncio.sleep(wait + 0.07 * (number % 7 == 3))
                pacer.sent(chat, time.monotonic())
                answers.create_task(answer(pacer, chat, 0.2 * (number % 11 == 5)))

    pacers = [SharedPacer(limits, Pace(1), leaser(each)) for each in (store.database, other)]
    await asyncio.gather(*(send(pacer, str(n)) for n, pacer in enumerate(pacers)))
    other.close()
    came_in.sort()
    seconds = came_in[-1] - came_in[0]
    fullest = max(sum(at <= other <= at + 1 for other in came_in) for at in came_in)
    print(f"120 messages in {len(given)} slots and {seconds:.2f} s; {fullest} in one second")
    assert fullest <= 40
    assert len(given) < 2 * 120  # few slots pass by unused


async def test_a_silence_holds_for_every_process_and_after_a_restart(store: Store) -> None:
    write = store.database.write
    await write(lambda c: pace.halt(c, "telegram", 30, NOW))
    await write(lambda c: pace.halt(c, "telegram", 5, NOW))
    share = await write(lease(4))
    assert share.slots == ()
    assert 29 < share.again - share.now <= 30
    assert 29 < await write(lambda c: pace.silence(c, "telegram", NOW)) <= 30
    assert await write(lambda c: pace.silence(c, "mail", NOW)) == 0


async def test_a_clock_that_is_put_back_halts_nobody_for_long(store: Store) -> None:
    def written_by_a_fast_clock(connection: Transaction) -> None:
        meta.put(connection, "slots:telegram", repr(time.time() + 3600))

    await store.database.write(written_by_a_fast_clock)
    share = await store.database.write(lease(4))
    assert len(share.slots) == 2


async def test_a_silence_in_sqlite_is_measured_by_the_clock_of_the_process(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path}/v.db")
    database.start()
    await database.write(lambda c: pace.halt(c, "telegram", 30, NOW))

    async def left(**moved: float) -> float:
        moment = NOW + timedelta(**moved)
        return await database.write(lambda c: pace.silence(c, "telegram", moment))

    assert [await left(), await left(seconds=20), await left(seconds=31)] == [30, 10, 0]
    assert await left(hours=-1) == 30
    database.close()
