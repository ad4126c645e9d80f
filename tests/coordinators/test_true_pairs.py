"""The numbers of two questions, of older guides and of names that mean several questions: counted
again from the rows, and every link followed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest

from bot.coordinators.filters import filters_of
from bot.coordinators.patterns import PatternView
from bot.coordinators.phrases import words
from storage.stories import reading
from storage.stories.reading import Filters
from tests.coordinators import recount_answers as recount
from tests.coordinators.full_office import REQUEST, chief, expected, fill, known, shown_link
from tests.coordinators.office import Office
from tests.coordinators.recount_answers import Number

pytestmark = pytest.mark.usefixtures("no_pictures")  # the tables have the numbers


@pytest.fixture
async def full(office: Office) -> Office:
    await fill(office)
    return office


def whole_of(rows: Sequence[tuple[str, Sequence[Any]]]) -> list[int]:
    return [cell.count for _, cells in rows for cell in cells]


async def test_every_number_of_every_pair_is_that_of_the_rows(full: Office) -> None:
    """Counts, shares of stories, totals of rows and medians."""
    _, who = await chief(full)
    asked, answered = await known(full, who)
    found = await full.store.database.read(recount.rows)
    view = PatternView(answered, Filters(), words("nl"), merge=False)
    kinds: Counter[str] = Counter()
    for one, other in combinations(asked.values(), 2):
        pattern = view.two(one, other)
        if pattern is None or not pattern.n:
            continue
        kinds[pattern.kind] += 1
        sides = [expected(found, question) for question in (one, other)]
        both = set().union(*sides[0].values()) & set().union(*sides[1].values())
        assert pattern.n == len(both), (one.key, other.key)
        if pattern.kind == "contingency":
            for row, cells in pattern.rows:
                mine = sides[0][row] & both
                counts = [len(mine & sides[1][column]) for column in pattern.head[1:-1]]
                assert [cell.count for cell in cells] == [*counts, len(mine)]
                shares = [round(100 * count / len(mine)) for count in counts]
                assert [cell.share for cell in cells[:-1]] == shares
        elif pattern.kind == "groups":
            scale, groups = (one, sides[1]) if one.shape == "scale" else (other, sides[0])
            placed = recount.places(found, scale.guides, scale.step)
            for row, (count, middle) in pattern.rows:
                mine_ = sorted(placed[story] for story in groups[row] & both)
                assert count.count == len(mine_)
                half = len(mine_) // 2
                assert middle.count == round((mine_[half] + mine_[~half]) / 2)
        else:
            assert sum(whole_of(pattern.rows)) == pattern.n
    assert set(kinds) == {"contingency", "groups", "scatter"}


async def test_the_links_of_pairs_open_what_they_counted(full: Office) -> None:
    _, who = await chief(full)
    asked, answered = await known(full, who)
    view = PatternView(answered, Filters(), words("nl"), merge=True)
    pairs = [
        ("professional.feeling", "professional.promise"),
        ("professional.need", "role"),
        ("movement_chains_networks", "professional.need_met"),
        ("movement_individual_collective", "professional.movement_problems_strengths"),
    ]
    for one, other in pairs:
        left, right = asked.find(one), asked.find(other)
        assert left is not None
        assert right is not None
        pattern = view.two(left, right)
        assert pattern is not None
        linked = [cell for _, cells in pattern.rows for cell in cells if cell.link]
        assert len(linked) > 2
        for link, count in ((pattern.link, pattern.n), *((c.link, c.count) for c in linked)):
            filters = filters_of(REQUEST.clone(rel_url=link))
            opened = [each for each in answered if reading.matches(each, filters.answers)]
            assert len(opened) == count, link


async def test_answers_of_older_versions_have_their_words_and_others_are_the_rest(
    full: Office,
) -> None:
    person, _ = await chief(full)
    _, page = await person.get("/coordinator/patterns?merge=0&a=professional.need")
    shown = recount.table(page)
    assert shown["Warmte"][0].count == 2
    assert shown["overige antwoorden (1)"][0].count == 1
    _, page = await person.get("/coordinator/patterns?merge=0&a=professional.place")
    assert [n.count for (n,) in recount.table(page).values()] == [1]
    assert "Beleid of bestuur" in page


async def test_a_name_of_several_questions_asks_which_one_is_meant(full: Office) -> None:
    person, _ = await chief(full)
    _, page = await person.get("/coordinator/patterns?a=need&b=role")
    assert "Deze vraag verschilt per gesprek" in page
    links = [html.unescape(each) for each in re.findall(r'href="(/coordinator/patterns\?a=[^"]*need[^"]*)"', page)]  # fmt: skip # noqa: E501
    assert len([link for link in links if link.endswith("b=role")]) == 4
    for link in links:
        status, chosen = await person.get(link)
        assert status == 200
        assert "Deze vraag verschilt per gesprek" not in chosen
    assert "Alle vragen" not in page
    _, page = await person.get("/coordinator/patterns?a=role&b=need")
    assert "Deze vraag verschilt per gesprek" in page
    _, page = await person.get("/coordinator/patterns?a=need&guide=resident")
    assert "Wat had u toen het meest nodig?" in page


async def test_glad_and_housing_is_a_share_of_the_stories_that_are_glad(office: Office) -> None:
    """16 of the 50 stories that are glad are about living: 32 percent, not 25 of 63 mentions."""
    answers = [{"feeling": ["glad"], "promise": ["own_life", "context"]}] * 13
    answers += [{"feeling": ["glad"], "promise": ["own_life"]}] * 3
    answers += [{"feeling": ["glad"], "promise": ["context"]}] * 34
    for each in answers:
        await office.tell("Oost", answers=each)
    person, _ = await chief(office)
    _, page = await person.get("/coordinator/patterns?a=resident.feeling&b=resident.promise")
    shown = recount.table(page)["Blij"]
    assert (shown[0].count, shown[0].share, shown[-1].count) == (16, 32, 50)
    assert "Een percentage is een deel van de verhalen in die rij." in page
    _, page = await person.get("/coordinator/patterns?a=resident.promise")
    assert recount.table(page)["Wonen, geld, meedoen"][0] == Number(
        16, 32, shown_link(page, "own_life")
    )
