"""Who came after a story went out of reach sees no numbers of its week that left before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from storage import narrowings
from storage.coordinators import coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.gate import publications
from storage.lifecycle import retention
from storage.lifecycle.retention import RetentionPolicy
from storage.stories import moderation, stories, withdrawals
from storage.stories.permissions import ASSOCIATION, EVERYONE, STORY, readable_by, readers
from tests.storage.stores import FLAGS, NOW, WEEK, Store, consent, shelve, telling
from tests.storage.test_permissions import with_every_story

TEAM = "zwolle-oost"
Change = Callable[[Store, Transaction, str], Any]
CHANGES: dict[str, tuple[set[str], Change]] = {
    "withdrawn": (
        {ASSOCIATION, EVERYONE, TEAM},
        lambda s, c, i: withdrawals.withdraw(c, i, s.log, WEEK),
    ),
    "changed": (
        {ASSOCIATION, EVERYONE, TEAM},
        lambda s, c, i: stories.keep(c, telling(), consent(), WEEK, story_id=i),
    ),
    "no team": (
        {ASSOCIATION, EVERYONE, TEAM},
        lambda s, c, i: stories.record(c, i, consent("team", "no")),
    ),
    "the coordinator only": (
        {ASSOCIATION, EVERYONE},
        lambda s, c, i: stories.record(c, i, consent("team", "coordinator")),
    ),
    "no network": (
        {ASSOCIATION, EVERYONE},
        lambda s, c, i: stories.record(c, i, consent("network", "no")),
    ),
    "held": ({EVERYONE}, lambda s, c, i: moderation.set_state(c, i, "held")),
    "not looked at": ({EVERYONE}, lambda s, c, i: moderation.clear(c, i, reviewed=False)),
    "forgotten": (
        {ASSOCIATION, EVERYONE, TEAM},
        lambda s, c, i: retention.purge(c, NOW + timedelta(days=900), RetentionPolicy()),
    ),
    "looked at": (set(), lambda s, c, i: moderation.clear(c, i)),
    "quote": (set(), lambda s, c, i: stories.record(c, i, consent("quote"))),
    "no quote": (set(), lambda s, c, i: stories.record(c, i, consent("quote", "no"))),
}


async def test_readers_are_those_that_may_read(sqlite_store: Store) -> None:
    await with_every_story(sqlite_store)

    def check(connection: Transaction) -> int:
        audiences = (ASSOCIATION, EVERYONE, "oost", "west")
        by_query = {
            audience: set(connection.scalars(select(STORY.c.id).where(readable_by(audience))))
            for audience in audiences
        }
        rows = connection.execute(select(STORY)).all()
        for row, audience in product(rows, audiences):
            assert (row.id in by_query[audience]) is (audience in readers(row))
        return len(rows)

    assert await sqlite_store.database.write(check) > 150


@pytest.mark.parametrize("name", CHANGES)
async def test_each_way_out_of_reach_is_noted_for_whom_it_concerns(store: Store, name: str) -> None:
    gone, change = CHANGES[name]
    [story_id, *_] = await store.database.write(
        lambda c: shelve(c, [(WEEK, telling())] * 6, **FLAGS["everyone"])
    )

    def let_out(connection: Transaction) -> None:
        for audience in (ASSOCIATION, EVERYONE, TEAM):
            part = publications.week_part(connection, audience, WEEK, 5, final=True)
            assert part is not None
            publications.let_out(connection, part)

    await store.database.write(let_out)
    before, between = await hired(store), await hired(store)
    await store.database.write(lambda c: change(store, c, story_id))
    after = await hired(store)
    for audience in (ASSOCIATION, EVERYONE, TEAM):
        for who, hidden in ((before, False), (between, False), (after, audience in gone)):
            found = await store.database.read(
                lambda s, a=audience, w=who: publications.withheld(s, a, [WEEK], w.joined)  # type: ignore[misc]
            )
            assert (found == {WEEK}) is hidden, (audience, who)


async def hired(store: Store) -> Coordinator:
    return await store.database.write(lambda c: coordinators.add(c, "association", "Bob"))


async def test_another_role_begins_when_it_is_given(store: Store) -> None:
    bob = await hired(store)
    assert bob.joined == 0
    await store.database.write(lambda c: narrowings.note(c, WEEK, [ASSOCIATION]))

    async def saved(**changes: Any) -> int | None:
        made = replace(bob, **changes)
        await store.database.write(lambda c: coordinators.save(c, made))
        found = await store.database.read(lambda s: coordinators.by_id(s, bob.id))
        assert found is not None
        return found.joined

    assert await saved(name="Robert") == 0
    assert await saved(role="reader") == 1
