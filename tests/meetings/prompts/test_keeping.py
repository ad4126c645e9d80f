"""Meetings and prompts in backups, under new keys, after erasing, and in the long run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from bot.meetings.model.rows import from_row, to_row
from bot.meetings.prompts.planning import wanted
from bot.meetings.prompts.schedule import PromptRules
from storage.engine.transaction import Transaction
from storage.lifecycle import archive, restore, retention, rotation
from storage.meetings import feeds, links, meetings, prompts
from storage.meetings.links import Link
from storage.people import people
from tests.meetings.prompts.kit import TUESDAY, group, meeting
from tests.storage.stores import WEEK, Store, open_store


async def fill(store: Store) -> tuple[str, str]:
    """A series that Alice and Bob go to, with prompts, a link and a feed; their ids."""
    alice, bob = await store.person("alice"), await store.person("bob")
    vault = store.vault

    def put(connection: Transaction) -> None:
        feed = feeds.add(connection, "https://example.nl/secret.ics", TUESDAY)
        one = replace(group(rrule="FREQ=WEEKLY;COUNT=3"), id="m1", code="K7MF-3QX")
        row = meetings.add(connection, to_row(one, feed.id))
        for person in (alice, bob):
            meetings.join(connection, row.id, person.id, "member")
        far = TUESDAY + timedelta(days=60)
        ids = [alice.id, bob.id]
        prompts.add(connection, wanted(vault, one, ids, TUESDAY, far, PromptRules()))
        links.make(connection, Link(alice.id, row.id), far)

    await store.database.write(put)
    return alice.id, bob.id


async def stored(store: Store, table: Table) -> list[Any]:
    """All rows of a table."""
    return await store.database.write(lambda c: list(c.execute(table.select()).mappings()))


async def test_a_meeting_comes_back_as_it_was_stored(store: Store) -> None:
    one = replace(
        meeting(place="Buurthuis", rrule="FREQ=MONTHLY;COUNT=5", delay=30), id="m2", code="K7MF-3QY"
    )
    await store.database.write(lambda c: meetings.add(c, to_row(one)))
    row = await store.database.read(lambda s: meetings.by_code(s, "K7MF-3QY"))
    assert row is not None
    assert from_row(row) == one


async def test_a_backup_holds_meetings_and_what_was_erased_stays_away(
    store: Store, tmp_path: Path
) -> None:
    alice, bob = await fill(store)
    await archive.backup(store.database, store.vault, store.log, tmp_path / "b")
    await store.database.write(lambda c: people.erase(c, alice, store.log, WEEK))
    (tmp_path / "new").mkdir()
    fresh = await open_store(f"sqlite:///{tmp_path}/new/v.db", tmp_path)
    await restore.restore(tmp_path / "b", fresh.database, store.vault, store.log)
    places = await fresh.database.read(lambda s: meetings.members(s, "m1"))
    rows = await fresh.database.read(lambda s: prompts.of_meeting(s, "m1"))
    fresh.close()
    assert [place.person_id for place in places] == [bob]
    assert {row.person_id for row in rows} == {bob}
    assert len(rows) == 4  # three meetings, and what came of the last


async def test_a_new_key_seals_meetings_and_feeds_again(store: Store) -> None:
    await fill(store)
    store.vault.rotate()
    await rotation.reseal(store.database, store.vault)
    for table in (meetings.MEETING, feeds.FEED):
        (sealed,) = await stored(store, table)
        assert sealed["sealed"][0] == store.vault.newest
    row = await store.database.read(lambda s: meetings.by_id(s, "m1"))
    assert row is not None
    assert row.data["title"] == "Jeugd"


async def test_erasing_someone_takes_place_prompts_and_links(store: Store) -> None:
    alice, bob = await fill(store)
    await store.database.write(lambda c: people.erase(c, alice, store.log, WEEK))
    for table in (meetings.MEMBER, prompts.PROMPT, links.LINK):
        rows = await stored(store, table)
        assert {row["person_id"] for row in rows} <= {bob}


async def test_a_year_after_the_last_day_a_meeting_is_forgotten(store: Store) -> None:
    await fill(store)
    now = TUESDAY + timedelta(days=14 + 370)
    await store.database.write(lambda c: retention.purge(c, now, retention.RetentionPolicy()))
    assert await store.database.read(meetings.listed) == []
    assert await store.database.read(lambda s: prompts.of_meeting(s, "m1")) == []


async def test_a_used_up_link_leads_nowhere(store: Store) -> None:
    alice, _ = await fill(store)
    soon = TUESDAY + timedelta(days=1)
    token = await store.database.write(lambda c: links.make(c, Link(alice, "m1"), soon))
    find = links.find
    found = await store.database.read(lambda s: find(s, token, TUESDAY))
    assert found == Link(alice, "m1")
    assert await store.database.read(lambda s: find(s, token, soon)) is None
    assert await store.database.read(lambda s: find(s, "x" * 43, TUESDAY)) is None
