"""What each coordinator sees exactly, together with every number that left: an attacker who
remembers all of it finds no group of fewer than k stories that this coordinator could never
read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import true

from conversations.sensemaking import coarse_shares
from storage.gate import counts, publications
from storage.gate.publications import PUBLIC
from storage.sensemaking import changes
from storage.stories.permissions import is_kept
from tests.coordinators.year import Year
from tests.storage.stores import Store


async def a_year(store: Store, seed: int, weeks: int) -> Year:
    return await live(Year(store, seed), weeks)


async def live(year: Year, weeks: int) -> Year:
    """Coordinators come at any time, one changes roles; teams come, are renamed and merged."""
    await year.begin()
    for number in range(weeks):
        if number % 16 == 5:
            await year.hire("association")
            await year.hire("team", year.rng.choice(year.teams))
        match number:
            case 8:
                await year.team("Noord")
                await year.hire("team", year.teams[-1])
            case 12:
                await year.rename()
            case 18:
                await year.promote()
            case 24:
                await year.merge()
        await year.week()
    await year.end()
    return year


@pytest.mark.parametrize("seed", [1])
async def test_nobody_finds_a_few_stories_that_they_could_never_read(
    sqlite_store: Store, seed: int, torture: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    year = await a_year(sqlite_store, seed, 104 if torture else 30)
    found = year.attack()
    with capsys.disabled():
        numbers = sum(len(seen.numbers) for seen in year.seen)
        print(f" {numbers} numbers, {year.tries} tries, {len(found)} found", end="")
    assert found == []
    assert year.tries > (1000 if torture else 300)
    assert await year.attack_exits() == []
    assert len(year.exits.left) >= (20 if torture else 4)
    assert len(year.exits.shares) >= (6 if torture else 3)
    assert all(year.exits.shown[each] for each in ("pack", "passport", "relay"))
    assert any(number.audience == PUBLIC for seen in year.seen for number in seen.numbers)


async def test_the_attacker_finds_what_careless_exits_tell(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public numbers as they are, and shares of justice each by itself: for who comes after some
    stories of the quarter went, and for everybody."""
    monkeypatch.setattr(publications, "in_steps", lambda count, _: count)
    monkeypatch.setattr(coarse_shares, "told_next", lambda _, count, of: round(100 * count / of))
    monkeypatch.setattr(changes, "told_next", lambda _, count, of: round(100 * count / of))
    year = Year(sqlite_store, 1)
    await year.begin()
    for _ in range(9):
        await year.week()
    for story_id in [*year.stories.kept][:60:20]:
        await year.stories.take_away(story_id)
    await year.hire("association")
    await year.end()
    assert [each for each in year.attack() if each[1].audience == PUBLIC]
    assert year.exits.justice_found()


async def test_the_attacker_finds_stories_when_all_that_are_kept_are_counted(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was: the same numbers for everybody, over stories that nobody may read too."""

    def everything(audience: str) -> Any:
        return is_kept() if audience in ("association", "everyone") else true()

    monkeypatch.setattr(counts, "readable_by", everything)
    assert len((await a_year(sqlite_store, 1, 6)).attack()) > 30


async def test_the_attacker_finds_stories_when_who_comes_later_sees_all_numbers(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publications, "withheld", lambda *_: set())
    assert len((await a_year(sqlite_store, 1, 9)).attack()) > 5
