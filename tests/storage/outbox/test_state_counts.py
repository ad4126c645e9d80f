"""The database counts the rows of the outbox: always as many as there are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from storage.engine.database import Database
from storage.engine.transaction import Reads, Transaction
from storage.outbox import outbox, queue, state_counts, uncertain_rows
from storage.outbox.outbox import OUTBOX, STATES
from storage.people import people
from storage.people.people import PERSON
from tests.storage.stores import NOW, WEEK, Postgres, Store, open_store

Deed = Callable[[Transaction, int], object]
"""What is done to a row with about this number, or to whom it is for."""


def counted(reads: Reads) -> dict[str, int]:
    states = select(OUTBOX.c.state, func.count().label("number")).group_by(OUTBOX.c.state)
    return {row.state: row.number for row in reads.execute(states)}


def some_row(connection: Transaction, number: int) -> int:
    ids = list(connection.scalars(select(OUTBOX.c.id).order_by(OUTBOX.c.id)))
    return ids[number % len(ids)] if ids else 0


def put(connection: Transaction, number: int) -> None:
    to = None if number % 4 else ("web", str(number), "nl")
    person = people.find_or_make(connection, "web", str(number % 3), "nl", WEEK)
    whose = None if to else person.id
    outbox.put(connection, whose, {"text": "Dag"}, number, "say", "reply", NOW, to=to)


def put_at_once(connection: Transaction, number: int) -> None:
    place = outbox.Slot((outbox.new_ids(connection, 1) or [0])[0])
    person = people.find_or_make(connection, "web", str(number % 3), "nl", WEEK)
    outbox.put(connection, person.id, {}, number, "say", "prompt", NOW, place=place)


def person_of_some(connection: Transaction, number: int) -> str:
    return outbox.person_of(connection, some_row(connection, number)) or ""


DEEDS: dict[str, Deed] = {
    "put": put,
    "put at once": put_at_once,
    "begin": lambda c, n: queue.begin(c, some_row(c, n), NOW),
    "sent": lambda c, n: queue.mark_sent(c, some_row(c, n), "7", NOW, tried=0),
    "let go": lambda c, n: queue.mark_sent(c, some_row(c, n), "7", NOW, tried=0, kept=False),
    "later": lambda c, n: queue.later(c, some_row(c, n), NOW, n),
    "failed": lambda c, n: queue.mark_failed(c, some_row(c, n)),
    "dropped": lambda c, n: queue.drop(c, some_row(c, n)),
    "uncertain": lambda c, n: uncertain_rows.mark_uncertain(c, some_row(c, n)),
    "arrived": lambda c, n: uncertain_rows.mark_arrived(c, some_row(c, n), "7", NOW),
    "lost": lambda c, n: uncertain_rows.recover_lost(c, None),
    "gone": lambda c, n: queue.gone(c, person_of_some(c, n)),
    "forgotten": lambda c, n: outbox.forget(c, person_of_some(c, n)),
    "erased": lambda c, n: c.execute(delete(PERSON).where(PERSON.c.id == person_of_some(c, n))),
    "all in one state": lambda c, n: c.execute(update(OUTBOX).values(state=STATES[n % 6])),
    "all gone": lambda c, n: c.execute(delete(OUTBOX)),
    "gathered": lambda c, n: state_counts.gather(c),
}
deeds = st.lists(st.tuples(st.sampled_from(["put", *DEEDS]), st.integers(0, 9)), max_size=8)
writes = st.lists(
    st.tuples(deeds, st.sampled_from(["committed", "committed", "undone", "cut off"])), max_size=6
)


class Undone(Exception):
    """What was written is not to stay."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(writes=writes)
async def test_whatever_is_done_to_rows_their_counts_are_as_many_as_there_are(
    store: Store, writes: list[tuple[list[tuple[str, int]], str]]
) -> None:
    for asked, end in writes:
        ends = [end]

        def write(connection: Transaction, asked=asked, ends=ends) -> None:  # type: ignore[no-untyped-def]
            for deed, number in asked:
                DEEDS[deed](connection, number)
                assert state_counts.by_state(connection) == counted(connection)
            match ends.pop() if ends else "committed":
                case "undone":
                    raise Undone
                case "cut off" if (
                    not store.database.sqlite
                ):  # and done again, by another connection
                    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
                case "cut off":
                    counts_after_a_kill(store)

        try:
            await store.database.write(write)
        except Undone:
            assert end == "undone"
        found = await store.database.read(lambda s: (state_counts.by_state(s), counted(s)))
        assert found[0] == found[1]


def counts_after_a_kill(store: Store) -> None:
    """The files as they lie there in the middle of a transaction, opened by another process."""
    for name in ("vertelbot.db", "vertelbot.db-wal"):
        shutil.copy(store.folder / name, store.folder / f"left-{name}")
    left = Database(f"sqlite:///{store.folder}/left-vertelbot.db", exclusive=False)
    left.start()
    assert left.read_now(state_counts.by_state) == left.read_now(counted)
    left.close()


async def test_the_counts_of_a_connection_that_is_gone_are_added_up(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.fresh()
    for _ in range(3):
        store = await open_store(url, tmp_path)
        await store.database.write(lambda c: put(c, 1))
        store.close()
    store = await open_store(url, tmp_path)
    await store.database.write(state_counts.gather)
    rows = text("SELECT writer, state, number FROM outboxcount")
    assert await store.database.write(lambda c: c.execute(rows).all()) == [(0, "pending", 3)]
    store.close()


async def test_a_look_at_what_waits_reads_few_rows_however_many_there_are(
    sqlite_store: Store,
) -> None:
    looks = (state_counts.by_state, lambda c: queue.tried_most(c, "reply"))

    def plan(connection: Transaction) -> list[str]:
        seen: list[str] = []
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(seen.append)
        for look in looks:
            look(connection)
        driver.set_trace_callback(None)
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}") for each in seen]
        return [row[3] for rows in plans for row in rows]

    assert await sqlite_store.database.write(plan) == [
        "SCAN outboxcount",
        "USE TEMP B-TREE FOR GROUP BY",
        "SEARCH outbox USING INDEX ix_outbox_tried (lane=? AND attempts>?)",
    ]
