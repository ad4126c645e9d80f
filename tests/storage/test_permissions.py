"""What someone may take along, count or moderate is part of what they may read, whatever the
tellers agreed to and in whatever order."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.coordinators.coordinators import Coordinator, Role
from storage.engine.transaction import Transaction
from storage.stories import exports, reading
from storage.stories.permissions import FILE_PURPOSES, STORY, may_moderate, may_read
from tests.storage.stores import WEEK, Store, shelve, telling

COLUMNS = ("may_team", "coordinator_only", "may_network", "may_quote", "may_relay", "reviewed")
STATES = ("kept", "held", "serious")


async def with_every_story(store: Store) -> int:
    """A story of each kind that the database takes, of two teams and of none; how many."""

    def fill(connection: Transaction) -> int:
        made = 0
        for flags in product((False, True), repeat=len(COLUMNS)):
            for state in STATES:
                columns: dict[str, Any] = dict(zip(COLUMNS, flags, strict=True))
                told = [(WEEK, telling(team=team)) for team in ("oost", "west", "")]
                try:
                    with connection.begin_nested():
                        made += len(shelve(connection, told, state=state, **columns))
                except IntegrityError:
                    continue
        return made

    return await store.database.write(fill)


async def ids(store: Store, condition: Any) -> set[str]:
    query = select(STORY.c.id).where(condition)
    return set(await store.database.read(lambda s: s.execute(query).scalars().all()))


@pytest.mark.parametrize(("role", "team"), [("association", ""), ("team", "oost"),
                                            ("reader", "oost")])  # fmt: skip
async def test_nobody_takes_along_or_moderates_what_they_may_not_read(
    sqlite_store: Store, role: Role, team: str
) -> None:
    store, who = sqlite_store, Coordinator("c", role, team, "Alice")
    made = await with_every_story(store)
    assert made > 150
    readable = await ids(store, may_read(who))
    assert 0 < len(readable) < made
    assert await ids(store, may_moderate(who)) <= readable
    taken = 0
    for purpose in FILE_PURPOSES:
        export = partial(exports.exportable, purpose=purpose, who=who)
        found = await store.database.read(export)
        assert {each.story.id for each in found} <= readable, purpose
        assert all(each.story.state == "kept" for each in found)
        assert all(purpose in each.story.purposes for each in found)
        taken += len(found)
    assert (taken > 0) is (role != "reader")
    total = sum((await store.database.read(lambda s: reading.counted(s, who))).values())
    kept = await ids(store, may_read(who) & (STORY.c.state == "kept"))
    assert total == len(kept)
