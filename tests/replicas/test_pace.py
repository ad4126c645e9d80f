"""One pace for all processes: slots are given out once, a silence holds for everybody."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.pacer import Pace, SharedPacer
from storage import meta, pace
from storage.database import Database
from storage.pace import Share
from tests.storage.stores import NOW, Store


def lease(wanted: int, interval: float = 0.1, behind: float = 0.0) -> Any:
    return lambda connection: pace.lease(connection, "telegram", interval, wanted, behind)


async def test_slots_are_given_out_once_and_not_far_ahead(store: Store) -> None:
    write = store.database.write
    first = await write(lease(4))
    assert first.slots == pytest.approx((0, 0.1), abs=0.02)
    second = await write(lease(4))
    assert second.slots == ()
    assert 0.05 < second.again < 0.11
    await asyncio.sleep(second.again)
    third = await write(lease(4))
    assert len(third.slots) == 1


async def test_two_processes_keep_one_pace(store: Store) -> None:
    other = Database(store.url)
    other.start()
    sent: list[float] = []

    def leaser(database: Database) -> Any:
        async def ask(wanted: int, behind: float) -> Share:
            return await database.write(lease(wanted, 1 / 40, behind))

        return ask

    async def send(pacer: SharedPacer, name: str) -> None:
        for number in range(30):
            chat = f"{name}{number}"
            while True:
                await pacer.prepare()
                if not (wait := pacer.wait(chat, time.monotonic())):
                    break
                await asyncio.sleep(wait)
            pacer.sent(chat, time.monotonic())
            sent.append(time.monotonic())

    pacers = [SharedPacer(Pace(40), Pace(1), leaser(each)) for each in (store.database, other)]
    await asyncio.gather(*(send(pacer, str(n)) for n, pacer in enumerate(pacers)))
    other.close()
    sent.sort()
    seconds = sent[-1] - sent[0]
    print(f"60 messages of two processes in {seconds:.2f} s, at 40 a second")
    assert 59 / 40 - 0.1 < seconds < 59 / 40 * 1.5
    assert max(sum(at <= other < at + 0.5 for other in sent) for at in sent) <= 21


async def test_a_silence_holds_for_every_process_and_after_a_restart(store: Store) -> None:
    write = store.database.write
    await write(lambda c: pace.halt(c, "telegram", 30, NOW))
    await write(lambda c: pace.halt(c, "telegram", 5, NOW))
    share = await write(lease(4))
    assert share.slots == ()
    assert 29 < share.again <= 30
    assert 29 < await write(lambda c: pace.silence(c, "telegram", NOW)) <= 30
    assert await write(lambda c: pace.silence(c, "mail", NOW)) == 0


async def test_a_clock_that_is_put_back_halts_nobody_for_long(store: Store) -> None:
    def written_by_a_fast_clock(connection: Connection) -> None:
        meta.put(connection, "slot:telegram", repr(time.time() + 3600))

    await store.database.write(written_by_a_fast_clock)
    share = await store.database.write(lease(4))
    assert share.again < pace.FARTHEST


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
