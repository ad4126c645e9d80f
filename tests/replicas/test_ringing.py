"""Two processes that ring on one PostgreSQL: nobody twice, one budget, one pace, one order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from bot.delivery.pacer import Pacer, whatsapp_paces
from storage.engine.database import Database
from storage.outbox import leases, queue
from storage.outbox.outbox import OUTBOX, put
from storage.whatsapp import contacts, deliveries
from tests.bells.kit import Bench
from tests.storage.stores import NOW, Store


@pytest.fixture
async def other(store: Store) -> AsyncIterator[Store]:
    """The same store, as another process has it."""
    database = Database(store.url)
    database.vault = store.vault
    database.start()
    yield replace(store, database=database)
    database.close()


async def test_two_processes_ring_nobody_twice_and_keep_one_budget(
    store: Store, other: Store
) -> None:
    one = Bench(store, {"whatsapp": 5})
    two = Bench(other, {"whatsapp": 5})
    two.channels, two.lane.channels = one.channels, one.channels
    names = [f"p{number}" for number in range(12)]
    await one.tellers([(each, ["whatsapp"]) for each in names])
    await one.prompt()
    for expected in (5, 10, 12):
        await asyncio.gather(one.deliver(), two.deliver())
        await asyncio.gather(one.deliver(), two.deliver())
        await one.deliver()  # what one looks at, the other does not find: both may have ended then
        assert sum(len(one.rung(each)) for each in names) == expected
        for house in (one, two):
            house.clock.move(hours=24, minutes=11)
    assert all(one.rung(each) == ["whatsapp"] for each in names)


async def test_of_templates_that_two_processes_send_at_once_no_more_go_than_a_day_may_have(
    store: Store, other: Store
) -> None:
    def ring(number: int) -> asyncio.Future[object]:
        house = (store, other)[number % 2]
        may = partial(contacts.may_ring, now=NOW, most=4)
        return house.database.write(lambda c: may(c, address=f"3161234567{number}"))

    found = await asyncio.gather(*(ring(number) for number in range(10)))
    assert found.count(None) == 4


async def test_what_one_process_sent_counts_for_the_pair_limit_of_the_other(
    store: Store, other: Store
) -> None:
    person = await store.person()
    for number in range(45):
        at = NOW - timedelta(seconds=3 * number)
        row = await store.database.write(
            lambda c: put(c, person.id, {"text": "x"}, 0, "say", "reply", NOW)
        )
        await store.database.write(partial(queue.mark_sent, row_id=row, ref="m", at=at, tried=0))
    read = other.database.read
    seen = await read(lambda s: leases.lately(s, [person.id], NOW, ("whatsapp",)))
    assert len(seen[person.id]) == 45
    pacer, now = Pacer(*whatsapp_paces()), time.monotonic()
    before = [now - ago for ago in seen[person.id]]
    pacer.heard("x", before)
    assert pacer.chat("x", now) == 0  # of 45 that may be borrowed half came back since
    pacer.heard("x", [*before, *[now] * 25])
    assert 0 < pacer.chat("x", now) < 60


async def test_what_another_process_sent_just_now_is_waited_for(store: Store, other: Store) -> None:
    person = await store.person()
    rows = [
        await store.database.write(
            lambda c: put(c, person.id, {"text": "x"}, 0, "say", "reply", NOW)
        )
        for _ in range(2)
    ]
    await store.database.write(
        partial(queue.mark_sent, row_id=rows[0], ref="w1,w2", at=NOW, tried=0)
    )
    since = NOW - timedelta(seconds=5)
    read = other.database.read
    assert await read(lambda s: deliveries.under_way(s, rows[1], since)) == (rows[0], "w2", NOW)
    assert await read(lambda s: deliveries.under_way(s, rows[0], since)) is None
    await store.database.write(lambda c: deliveries.note(c, rows[0], 1, "w2", "sent", NOW))
    assert await read(lambda s: deliveries.under_way(s, rows[1], since)) is None
    old = update(OUTBOX).values(sent_at=since)
    await store.database.write(lambda c: c.execute(old))
    assert await read(lambda s: deliveries.under_way(s, rows[1], since)) is None
