"""A week leaves in parts while it runs, then it is frozen; a quarter adds up frozen weeks."""

from __future__ import annotations

import random
from typing import Any

import pytest

from conversations.guide.telling import Telling
from storage.engine.transaction import Transaction
from storage.gate import publications
from storage.gate.publications import Figures, Publishable
from storage.gate.rules import ALL
from storage.stories import withdrawals
from storage.stories.permissions import ASSOCIATION
from storage.weeks import quarter_before, quarter_of, weeks_of_quarter
from tests.storage.stores import FLAGS, Store, shelve, telling

K = 5
WEEK = "2026-W47"
PROMISES = ("own_life", "context", "tailored")


Made = tuple[str, Telling]


def story(team: str = "oost", week: str = WEEK, **answers: Any) -> Made:
    return week, telling(team=team, answers=answers)


async def tell(store: Store, *told: Made) -> list[str]:
    """Stories that everyone may read; their ids."""
    return await store.database.write(lambda c: shelve(c, told, **FLAGS["everyone"]))


async def withdraw(store: Store, *ids: str) -> None:
    def work(connection: Transaction) -> None:
        for story_id in ids:
            withdrawals.withdraw(connection, story_id, store.log, WEEK)

    await store.database.write(work)


async def let_out(store: Store, part: Publishable | None) -> None:
    if part is not None:
        await store.database.write(lambda c: publications.let_out(c, part))


async def close_quarter(store: Store, quarter: str = "2026-Q3") -> None:
    for week in weeks_of_quarter(quarter):
        await look(store, week, final=True)
    part = await store.database.read(
        lambda s: publications.quarter_part(s, ASSOCIATION, quarter, K)
    )
    await let_out(store, part)


async def figures(store: Store, *periods: str, scope: str = ALL) -> Figures:
    return await store.database.read(lambda s: publications.figures(s, ASSOCIATION, periods, scope))


async def look(store: Store, week: str = WEEK, *, final: bool = False, scope: str = ALL) -> Figures:
    part = await store.database.read(
        lambda s: publications.week_part(s, ASSOCIATION, week, K, final=final)
    )
    await let_out(store, part)
    return await figures(store, week, scope=scope)


async def test_a_week_leaves_once_and_stays_as_it_left(store: Store) -> None:
    await tell(store, *[story(promise=["own_life"])] * 6, *[story(promise=["context"])] * 7)
    left = await look(store, final=True)
    assert left["story", ""] == 13
    assert left["answer:promise", "own_life"] == 6
    more = await tell(store, *[story(promise=["own_life"])] * 9)
    await withdraw(store, more[0])
    assert await look(store, final=True) == left


async def test_few_stories_show_nothing(store: Store) -> None:
    await tell(store, *[story(promise=["own_life"])] * 4)
    assert await look(store, final=True) == {}


async def test_nothing_at_all_is_fine(store: Store) -> None:
    assert await look(store) == {}
    await close_quarter(store)


async def test_looking_again_tells_nothing_about_the_few_stories_in_between(store: Store) -> None:
    await tell(store, *[story()] * 6)
    assert (await look(store))["story", ""] == 6
    for _ in range(4):
        await tell(store, story(promise=["own_life"]))
        assert (await look(store))["story", ""] == 6
    await tell(store, story())
    assert (await look(store))["story", ""] == 11
    await tell(store, story())
    assert (await look(store, final=True))["story", ""] == 11


async def test_teams_and_all_together_are_of_one_piece(store: Store) -> None:
    await tell(store, *[story("oost")] * 9, *[story("west")] * 2)
    assert await look(store, final=True, scope="west") == {}
    assert await look(store, scope="oost") == {}
    assert (await look(store))["story", ""] == 11


async def test_a_quarter_tells_what_its_weeks_kept_to_themselves(store: Store) -> None:
    weeks = weeks_of_quarter("2026-Q3")
    for week in weeks:
        await tell(
            store,
            *[story(week=week, promise=["own_life"])] * 2,
            *[story(week=week, promise=["context"])] * 1,
        )
    await close_quarter(store)
    left = await figures(store, "2026-Q3")
    assert left["story", ""] == 39
    assert left["answer:promise", "own_life"] == 26
    by_week = await store.database.read(lambda s: publications.by_week(s, ASSOCIATION, weeks, ALL))
    assert by_week == {}
    await tell(store, *[story(week=weeks[0])] * 50)
    await close_quarter(store)
    assert await figures(store, "2026-Q3") == left


@pytest.mark.parametrize("seed", range(12))
async def test_no_two_looks_ever_differ_by_a_small_group(sqlite_store: Store, seed: int) -> None:
    """Stories come and go, somebody looks at any moment, at every team and at all together; some
    look again at once."""
    rng = random.Random(seed)
    told: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    steps = 0
    for _ in range(25):
        fresh = [
            story(
                rng.choice(["oost", "west", "noord"]),
                promise=rng.sample(PROMISES, rng.randint(1, 2)),
                movement_chains_networks=rng.randint(0, 100),
            )
            for _ in range(rng.choice([1, 1, 2, 4, 8, 15]))
        ]
        told += await tell(sqlite_store, *fresh)
        if told and rng.random() < 0.3:
            await withdraw(sqlite_store, told.pop(rng.randrange(len(told))))
        for _ in range(rng.choice((1, 1, 1, 2))):
            await look(sqlite_store)
        for scope in (ALL, "oost", "west", "noord"):
            for key, count in (await figures(sqlite_store, WEEK, scope=scope)).items():
                before = seen.get((scope, *key), 0)
                steps += 1
                assert count - before == 0 or count - before >= K
                seen[scope, *key] = count
    assert steps > 50


@pytest.mark.parametrize("seed", range(6))
async def test_a_quarter_tells_nothing_about_what_was_withdrawn_after_its_weeks_left(
    sqlite_store: Store, seed: int
) -> None:
    rng = random.Random(seed)
    weeks = weeks_of_quarter("2026-Q3")
    told = [
        story(
            week=week, promise=[rng.choice(PROMISES)], movement_chains_networks=rng.randint(0, 100)
        )
        for week in weeks
        for _ in range(rng.choice((8, 20, 40)))
    ]
    ids = await tell(sqlite_store, *told)
    for week in weeks:
        await look(sqlite_store, week, final=True)
    first = [story_id for story_id, (week, _) in zip(ids, told, strict=True) if week == weeks[0]]
    gone = first if seed == 0 else rng.sample(ids, rng.randint(1, 3))
    await withdraw(sqlite_store, *gone)
    await close_quarter(sqlite_store)
    quarter = await figures(sqlite_store, "2026-Q3")
    sums = await figures(sqlite_store, *weeks)
    assert quarter
    for key, count in quarter.items():
        assert count - sums.get(key, 0) == 0 or count - sums.get(key, 0) >= K, key


def test_quarters_have_thirteen_weeks_and_a_week_53_goes_with_the_last() -> None:
    assert quarter_of("2026-W13") == "2026-Q1"
    assert quarter_of("2026-W14") == "2026-Q2"
    assert quarter_of("2026-W53") == "2026-Q4"
    assert quarter_before("2026-Q1") == "2025-Q4"
    assert weeks_of_quarter("2026-Q4")[-1] == "2026-W53"
    assert len(weeks_of_quarter("2025-Q4")) == 13
    assert all(quarter_of(week) == "2026-Q2" for week in weeks_of_quarter("2026-Q2"))
