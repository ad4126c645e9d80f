"""Every use of a story is written, once, and none can be changed or taken out unseen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from storage import meta
from storage.engine.transaction import Transaction
from storage.stories import exports, stories, uses, withdrawals
from storage.stories.permissions import FILE_PURPOSES, FilePurpose
from storage.stories.uses import USE, UseFault
from storage.vault.vault import new_id
from tests.storage.stores import NOW, Store, consent

PACK = "5e" * 16


async def used(store: Store, reference: str, *ids: str) -> set[str]:
    write = partial(uses.write, kind="pack", purpose="network", now=NOW)
    return await store.database.write(lambda c: write(c, reference=reference, story_ids=ids))


async def wrong(store: Store) -> list[UseFault]:
    return (await store.database.read(uses.check))[1]


async def test_a_use_is_written_once_and_holds_no_id_of_its_story(store: Store) -> None:
    one, other = (await store.story())[0], (await store.story())[0]
    assert await used(store, PACK, one, other) == {one, other}
    assert await used(store, PACK, one) == {one}
    assert await used(store, new_id(), one) == {one}
    count, faults = await store.database.read(uses.check)
    assert (count, faults) == (3, [])
    rows = await store.database.read(lambda s: [tuple(r) for r in s.execute(USE.select())])
    assert not any(story in str(row) for row in rows for story in (one, other))


async def test_what_was_taken_back_leaves_no_more(store: Store) -> None:
    one, other = (await store.story())[0], (await store.story())[0]
    await used(store, PACK, one, other)
    mine = await store.database.read(lambda s: uses.of_story(s, one))
    assert [(u.kind, u.withdrawn) for u in mine] == [("pack", False)]
    take = partial(uses.take_back, story_id=one, uses=mine, now=NOW)
    assert await store.database.write(take) == 1
    assert await store.database.write(take) == 0
    assert await used(store, PACK, one, other) == {other}
    gone = partial(uses.taken_back, reference=PACK, story_ids=(one, other))
    assert await store.database.read(gone) == {one}
    assert (await store.database.read(lambda s: uses.of_story(s, one)))[0].withdrawn
    assert await wrong(store) == []


async def test_a_use_stays_when_its_story_is_erased(store: Store) -> None:
    story_id, _ = await store.story()
    await used(store, PACK, story_id)
    await store.database.write(lambda c: withdrawals.withdraw(c, story_id, store.log, "2026-W48"))
    mine = await store.database.read(lambda s: uses.of_story(s, story_id))
    assert [each.reference for each in mine] == [PACK]
    assert await wrong(store) == []


@pytest.mark.parametrize("change", ["UPDATE use SET week = '2020-W01'", "DELETE FROM use"])
async def test_the_database_changes_no_use(store: Store, change: str) -> None:
    await used(store, PACK, (await store.story())[0])
    with pytest.raises(DatabaseError, match="append-only"):
        await store.database.write(lambda c: c.execute(text(change)))


TAMPERED: dict[str, Callable[[Transaction, str], object]] = {
    "a link": lambda c, h: c.execute(
        update(USE).where(USE.c.story_hash == h, USE.c.number == 2).values(kind="file")
    ),
    "the first link": lambda c, h: c.execute(
        delete(USE).where(USE.c.story_hash == h, USE.c.number == 1)
    ),
    "a link between": lambda c, h: c.execute(
        delete(USE).where(USE.c.story_hash == h, USE.c.number == 2)
    ),
    "the last link": lambda c, h: c.execute(
        delete(USE).where(USE.c.story_hash == h, USE.c.number == 3)
    ),
    "a whole chain": lambda c, h: c.execute(delete(USE).where(USE.c.story_hash == h)),
    "all of it": lambda c, h: c.execute(delete(USE)),
    "the end of the register": lambda c, h: meta.put(c, uses.REGISTER, ""),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_a_changed_or_missing_use_is_found(sqlite_store: Store, what: str) -> None:
    store = sqlite_store
    story_id, other = (await store.story())[0], (await store.story())[0]
    for reference in (PACK, new_id(), new_id()):
        await used(store, reference, story_id, other)
    assert await wrong(store) == []

    def tamper(connection: Transaction) -> None:
        for event in ("delete", "update"):
            connection.execute(text(f"DROP TRIGGER use_no_{event}"))
        TAMPERED[what](connection, store.vault.story_hash(story_id))

    await store.database.write(tamper)
    assert await wrong(store) != []


@pytest.mark.parametrize("purpose", ["team", "network"])
async def test_a_file_is_a_use_of_each_of_its_stories(
    sqlite_store: Store, purpose: FilePurpose
) -> None:
    store = sqlite_store
    story_id, _ = await store.story()

    def agree(connection: Transaction) -> None:
        for each in ("team", "network"):
            stories.record(connection, story_id, consent(each))

    await store.database.write(agree)

    def leave(connection: Transaction) -> None:
        found = exports.exportable(connection, purpose, None)
        noted = [each.noted for each in found]
        exports.note(connection, None, purpose, "json", noted, NOW)

    await store.database.write(leave)
    await store.database.write(leave)
    mine = await store.database.read(lambda s: uses.of_story(s, story_id))
    assert [(u.kind, u.purpose) for u in mine] == [("file", purpose)] * 2
    assert mine[0].reference != mine[1].reference
    take = partial(uses.take_back, story_id=story_id, uses=mine, now=NOW)
    await store.database.write(take)
    gone = partial(exports.withdrawn, who=None)
    for other in FILE_PURPOSES[:2]:
        may = partial(exports.exportable, who=None, purpose=other)
        left = await store.database.read(may)
        assert len(left) == (other != purpose), "only from files for this purpose"
    assert await store.database.read(lambda s: gone(s, purpose=purpose)) == [
        store.vault.story_hash(story_id)
    ]
