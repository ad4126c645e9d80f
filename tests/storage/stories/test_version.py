"""What was worked out of the stories is thrown away when one of them changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, text, update

from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.stories.permissions import STORY
from storage.stories.version import version
from tests.storage.stores import Store

CHANGES: dict[str, Callable[[Transaction, str], object]] = {
    "moderated": lambda c, id_: c.execute(
        update(STORY).where(STORY.c.id == id_).values(reviewed=True)
    ),
    "as plain SQL": lambda c, id_: c.execute(
        text("UPDATE story SET language = 'en' WHERE id = :id"), {"id": id_}
    ),
    "erased": lambda c, id_: c.execute(delete(STORY).where(STORY.c.id == id_)),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_every_change_of_a_story_gives_another_version(store: Store, name: str) -> None:
    before = await store.database.read(version)
    story_id, _ = await store.story()
    kept = await store.database.read(version)
    await store.database.write(lambda c: CHANGES[name](c, story_id))
    assert before < kept < await store.database.read(version)


async def test_what_changes_no_story_gives_no_other_version(store: Store) -> None:
    await store.story()
    before = await store.database.read(version)
    await store.database.write(lambda c: c.execute(text("UPDATE meta SET value = value")))
    assert await store.database.read(version) == before


async def test_a_change_by_another_process_counts(store: Store) -> None:
    story_id, _ = await store.story()
    before = await store.database.read(version)
    other = Database(store.url, exclusive=False)
    other.vault = store.vault
    other.start()
    try:
        await other.write(lambda c: CHANGES["moderated"](c, story_id))
    finally:
        other.close()
    assert await store.database.read(version) > before
