"""Another key: everything is sealed again while it stays readable."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import LargeBinary, func, select

from storage import tables
from storage.coordinators import coordinators
from storage.engine.database import Database
from storage.lifecycle import rotation
from storage.lifecycle.rotation import SEALED, reseal
from storage.people import people
from storage.stories import stories
from storage.vault.vault import Vault
from tests.storage.stores import Store, open_store
from tests.storage.vault.test_erasure import fill


def test_every_sealed_column_is_sealed_again() -> None:
    columns = {
        (table.name, column.name)
        for table in tables.every().sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert columns == {(sealed.table.name, sealed.column) for sealed in SEALED}


async def versions(store: Store) -> set[int]:
    def read(session: Any) -> set[int]:
        found: set[int] = set()
        for sealed in SEALED:
            column = sealed.table.c[sealed.column]
            first = func.substr(column, 1, 1, type_=LargeBinary())
            query = select(first).where(column.is_not(None)).distinct()
            found |= {value[0] for value in session.transaction.scalars(query)}
        return found

    return await store.database.read(read)


async def test_after_rotation_all_is_sealed_with_the_new_key_and_reads_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 7)
    person_id, story_id = await fill(store)
    await store.database.write(lambda c: coordinators.add(c, "association", "Bob"))
    vault, read = store.vault, store.database.read
    person = await read(lambda s: people.by_id(s, person_id))
    story = await read(lambda s: stories.read(s, story_id))
    code = await read(lambda s: stories.code_of(s, story_id))
    vault.rotate()
    await store.story()  # told meanwhile
    assert await versions(store) == {1, 2}
    count = await reseal(store.database, vault)
    assert count > 150
    assert await versions(store) == {2}
    assert await reseal(store.database, vault) == 0
    store.close()
    again = await open_store(store.url, store.folder)
    read = again.database.read
    assert await read(lambda s: people.by_id(s, person_id)) == person
    assert await read(lambda s: stories.read(s, story_id)) == story
    assert code is not None
    assert await read(lambda s: stories.by_code(s, code)) == story_id
    again.close()


async def test_a_rotation_that_was_stopped_goes_on(store: Store) -> None:
    await fill(store)
    store.vault.rotate()
    await store.database.write(lambda c: rotation._batch(store.vault, SEALED[0], None, c))
    assert await versions(store) == {1, 2}
    await reseal(store.database, Vault.load(store.key_file))
    assert await versions(store) == {2}


async def test_what_a_running_process_still_sealed_with_the_older_key_is_found(
    sqlite_store: Store,
) -> None:
    await fill(sqlite_store)
    vault = Vault.load(sqlite_store.key_file)
    assert await rotation.begin(sqlite_store.database, vault)
    await reseal(sqlite_store.database, vault)
    await sqlite_store.person("late")  # it did not look at the key file since
    assert await versions(sqlite_store) == {1, 2}
    assert not await rotation.begin(sqlite_store.database, vault)
    assert await reseal(sqlite_store.database, vault) == 1
    await rotation.finish(sqlite_store.database, vault)
    assert await versions(sqlite_store) == {2}
    assert await rotation.begin(sqlite_store.database, vault)


async def test_whether_a_vertelbot_runs_on_a_file_is_known(sqlite_store: Store) -> None:
    other = Database(sqlite_store.url, exclusive=False)
    other.start()
    assert await rotation.beside(other)
    sqlite_store.close()
    assert not await rotation.beside(other)
    other.close()
