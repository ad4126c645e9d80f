"""That replies went is kept, whoever waits for it."""

from __future__ import annotations

import asyncio
import threading

from sqlalchemy import select

from storage.engine.transaction import Transaction
from storage.outbox import outbox, queue
from storage.outbox.sent_marks import SentMark, SentMarks
from tests.storage.outbox.kit import put
from tests.storage.stores import NOW, Store


async def test_what_is_asked_as_soon_as_a_reply_went_sees_that_it_went(store: Store) -> None:
    alice = await store.person()
    row_id = await put(store, alice.id, "a1")
    marks, looked = SentMarks(store.database), threading.Event()

    def look(connection: Transaction) -> outbox.LastMessage | None:
        marks.keep_of(connection, [alice.id])
        looked.set()
        return outbox.waiting(connection, alice.id)

    kept = marks.add(SentMark(row_id, alice.id, "", 0, "m1", NOW))
    found = store.database.write(look)
    assert looked.wait(10)  # before the loop does anything more
    assert await found is None
    await kept


async def test_two_tries_of_a_row_that_both_went_are_both_kept(store: Store) -> None:
    """The second went before the first was kept: its lease was over, and it was called out again.
    Who waits for either hears of it, and the one whose try still counts stands in the row."""
    alice = await store.person()
    row_id = await put(store, alice.id, "a1")
    await store.database.write(lambda c: queue.later(c, row_id, NOW, 1))
    marks, busy = SentMarks(store.database), threading.Event()
    before = store.database.write(lambda _: busy.wait(10))
    tried = [SentMark(row_id, alice.id, "", tries, f"m{tries}", NOW) for tries in (1, 0)]
    kept = [marks.add(mark) for mark in (*tried, tried[0])]
    busy.set()
    await before
    async with asyncio.timeout(20):
        await asyncio.gather(*kept)
    columns = select(outbox.OUTBOX.c.state, outbox.OUTBOX.c.ref)
    row = await store.database.read(lambda reads: reads.execute(columns).one())
    assert tuple(row) == ("sent", "m1")


async def test_a_try_that_is_marked_while_the_first_is_committed_is_kept_too(store: Store) -> None:
    alice = await store.person()
    row_id = await put(store, alice.id, "a1")
    marks, written, added = SentMarks(store.database), threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        written.set()
        assert added.wait(10)

    first = marks.add(SentMark(row_id, alice.id, "", 0, "m1", NOW))
    store.database.write(hold, patient=True, last="rows")
    await asyncio.to_thread(written.wait, 10)
    second = marks.add(SentMark(row_id, alice.id, "", 1, "m2", NOW))
    added.set()
    async with asyncio.timeout(20):
        await asyncio.gather(first, second)
