"""What is left for later is written before anything can miss it, and only once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    bindparam,
    create_engine,
    delete,
    event,
    exists,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage import meta
from storage.engine import compiled
from storage.engine.compiled import (
    CompiledStatement,
    discard,
    execute,
    holders,
    savepoint,
    tables_of,
)
from storage.engine.statements import upsert_later
from storage.engine.transaction import Transaction
from storage.meta import META
from storage.outbox import outbox, queue, state_counts
from storage.people import states
from storage.people.people import INBOX, PERSON
from storage.people.states import TIMER
from tests.storage.stores import NOW, Store

_ADD = CompiledStatement(
    lambda insert: insert(META).values(key=bindparam("its_key"), value=bindparam("its_value"))
)
_SET = CompiledStatement(
    lambda _: (
        update(META)
        .where(META.c.key == bindparam("its_key"))
        .values(value=META.c.value + bindparam("more"))
    )
)


def add(connection: Transaction, key: str, value: str = "a") -> None:
    _ADD.later(connection, its_key=key, its_value=value)


async def value(store: Store, key: str) -> str | None:
    return await store.database.read(lambda session: meta.get(session, key))


async def test_it_is_there_after_the_commit(store: Store) -> None:
    def work(connection: Transaction) -> None:
        add(connection, "one")
        add(connection, "two")

    await store.database.write(work)
    assert [await value(store, key) for key in ("one", "two")] == ["a", "a"]


async def test_whoever_reads_or_changes_its_table_finds_it(store: Store) -> None:
    def work(connection: Transaction) -> Any:
        add(connection, "one")
        seen = connection.execute(select(META.c.value).where(META.c.key == "one")).scalar()
        add(connection, "two")
        _SET.later(connection, its_key="two", more="b")
        add(connection, "three")
        _SET.later(connection, its_key="three", more="b")
        _SET.later(connection, its_key="two", more="c")
        return seen

    assert await store.database.write(work) == "a"
    assert [await value(store, key) for key in ("two", "three")] == ["abc", "ab"]


async def test_what_is_deleted_stays_deleted(store: Store) -> None:
    def work(connection: Transaction) -> None:
        add(connection, "one")
        connection.execute(delete(META).where(META.c.key == "one"))

    await store.database.write(work)
    assert await value(store, "one") is None


async def test_a_row_that_fails_does_not_sink_what_others_asked(store: Store) -> None:
    write = store.database.write
    await write(lambda c: add(c, "taken"))
    fine, failing, later = (write(partial(add, key=key)) for key in ("one", "taken", "two"))
    await fine
    with pytest.raises(IntegrityError):
        await failing
    await later
    assert [await value(store, key) for key in ("one", "two")] == ["a", "a"]


async def test_a_savepoint_that_is_undone_takes_along_what_was_left_in_it(store: Store) -> None:
    def work(connection: Transaction) -> None:
        add(connection, "before")
        with suppress(LookupError), savepoint(connection):
            add(connection, "inside")
            raise LookupError
        add(connection, "after")

    await store.database.write(work)
    found = [await value(store, key) for key in ("before", "inside", "after")]
    assert found == ["a", None, "a"]


async def test_what_is_rolled_back_is_not_written_with_the_next(store: Store) -> None:
    def broken(connection: Transaction) -> None:
        add(connection, "lost")
        raise LookupError

    with pytest.raises(LookupError):
        await store.database.write(broken)
    await store.database.write(lambda c: add(c, "kept"))
    assert [await value(store, key) for key in ("lost", "kept")] == [None, "a"]


async def test_it_can_be_forgotten(store: Store) -> None:
    def work(connection: Transaction) -> None:
        add(connection, "one")
        discard(connection)
        execute(connection, "SELECT 1")

    await store.database.write(work)
    assert await value(store, "one") is None


async def test_what_waits_stays_where_a_statement_is_about_another_table(store: Store) -> None:
    """A column that has the name of a table is no table."""

    def work(connection: Transaction) -> list[int]:
        waits = []
        add(connection, "one")
        for statement in (
            select(PERSON.c.id.label("meta")),
            select(literal_column("'meta'"), PERSON.c.id),
            select(META.c.key).where(META.c.key == "one"),
        ):
            connection.execute(statement).all()
            waits.append(len(compiled._here.waiting.get(connection, {})))
        return waits

    assert await store.database.write(work) == [1, 1, 0]


@pytest.mark.parametrize(
    "reads",
    [
        "SELECT value FROM META WHERE key = 'one'",
        "WITH found AS (SELECT * FROM Meta) SELECT value FROM found WHERE key = 'one'",
    ],
)
async def test_a_text_finds_all_that_waits_whatever_its_letters(store: Store, reads: str) -> None:
    def work(connection: Transaction) -> list[Any]:
        add(connection, "one")
        by_text = connection.execute(text(reads)).scalar()
        add(connection, "two")
        by_driver = connection.exec_driver_sql(reads.replace("one", "two")).scalar()
        return [by_text, by_driver]

    assert await store.database.write(work) == ["a", "a"]


def test_the_tables_of_a_statement_are_those_of_its_subqueries_and_changes_too() -> None:
    inner = select(PERSON.c.id).where(PERSON.c.id == "1")
    table = inner.cte("found")
    assert tables_of(select(META.c.key).where(META.c.key.in_(inner))) == {"meta", "person"}
    assert tables_of(select(table.c.id)) == {"person"}
    assert tables_of(update(META).values(value=inner.scalar_subquery())) == {"meta", "person"}
    assert tables_of(insert(META).from_select(["key"], inner)) == {"meta", "person"}
    assert tables_of(delete(META).where(exists(inner))) == {"meta", "person"}


async def test_deleting_writes_first_what_goes_along_and_nothing_else(store: Store) -> None:
    ann = await store.person()

    def work(connection: Transaction) -> list[int]:
        add(connection, "one")
        states.set_timer(connection, ann.id, "remind", 1, NOW)
        waits = []
        for table in (INBOX, TIMER, PERSON):
            connection.execute(delete(table))
            waits.append(len(compiled._here.waiting[connection]))
        return waits

    assert await store.database.write(work) == [2, 1, 1]
    assert holders(TIMER) >= {"person"}


async def test_what_is_about_other_rows_waits_side_by_side(store: Store) -> None:
    """That replies went, of people and of groups, is written in two statements however they come,
    and the reply of a turn beside them."""
    ann = await store.person()

    def work(connection: Transaction) -> list[int]:
        owner, to, written = ann.id, ("telegram", "-100", "nl"), []
        first = outbox.put(connection, owner, {}, 1, "say", "reply", NOW)
        outbox.put(connection, None, {}, 1, "say", "reply", NOW, to=to)
        for number in outbox.new_ids(connection, 4):
            place = outbox.Slot(number)
            outbox.put(connection, owner, {}, 2, "say", "reply", NOW, place=place)
            queue.mark_sent(connection, first, "m", NOW, tried=0)
            queue.mark_sent(connection, first + 1, "m", NOW, tried=0, kept=False)
            written.append(len(compiled._here.waiting[connection]))
        return written

    assert await store.database.write(work) == [3, 3, 3, 3]
    assert await store.database.read(state_counts.by_state) == {"sent": 1, "pending": 4}


def test_other_engines_are_left_alone() -> None:
    other = create_engine("sqlite://")
    assert not event.contains(other, "commit", compiled.flush)
    assert not event.contains(Engine, "commit", compiled.flush)


async def test_of_one_key_that_is_written_twice_in_a_batch_the_last_stays(store: Store) -> None:
    def work(connection: Transaction) -> None:
        for key, value in (("one", "a"), ("two", "b"), ("one", "c"), ("three", "d")):
            upsert_later(connection, META, {"key": key, "value": value}, ["key"])

    await store.database.write(work)
    assert [await value(store, key) for key in ("one", "two", "three")] == ["c", "b", "d"]
