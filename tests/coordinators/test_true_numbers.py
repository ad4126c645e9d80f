"""The numbers of the patterns page: counted again from the rows, the parts beside the whole, and
every link followed."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from bot.coordinators.filters import filters_of
from bot.coordinators.patterns import PatternView
from bot.coordinators.phrases import words
from bot.coordinators.questions import Question, Questions, questions_of
from bot.demo.invented import invent
from conversations.guide.library import Library
from conversations.guide.telling import Telling
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.people import guide_versions, people
from storage.stories import reading, stories
from storage.stories.reading import Filters
from storage.stories.stories import ReturnAddress
from tests.coordinators import recount_answers as recount
from tests.coordinators.office import PURPOSES, Office, Person, library, telling
from tests.coordinators.recount_answers import SHAPES, Number, Row
from tests.storage.stores import WEEK, consent

pytestmark = pytest.mark.usefixtures("no_pictures")  # the tables have the numbers

LINK = re.compile(r'href="(/coordinator/stories\?[^"]*)"')


def before() -> tuple[Library, str]:
    """The guide of professionals as it once was: one more answer, and a question that is gone."""
    source = json.loads(library().source("professional"))
    for step in source["guide"]["step"]:
        if step["id"] == "need":
            step["options"].append({"id": "warmth", "label": "Warmte"})
        if step["id"] == "role":
            step["id"] = "place"
    text = json.dumps(source, ensure_ascii=False)
    return Library.from_source(text, library()), text


def told() -> list[Telling]:
    """Stories of every guide; some with a version of before, some with answers that no guide
    knows."""
    made = [each.telling for each in invent(library(), [("", "")], "2026-W46", stories=110)]
    follow = library().get("follow_up", "nl")
    rng = random.Random(3)
    for _ in range(9):
        door = rng.choice([option.id for option in follow.steps["door"].options])
        factor = rng.sample([option.id for option in follow.steps["factor"].options], 2)
        answers: dict[str, Any] = {"door": [door], "factor": factor, "feeling": ["glad"]}
        made.append(telling(guide="follow_up", kind="follow_up", answers=answers))
    old = before()[0]
    work: dict[str, Any] = {"guide": "professional", "kind": "professional"}
    mark, once = old.fingerprint("professional"), {"need": ["warmth"]}
    return [
        *made,
        telling(**work, fingerprint=mark, answers=once),
        telling(**work, fingerprint=mark, answers={**once, "place": ["policy_board"]}),
        telling(**work, fingerprint="f" * 16, answers={"need": ["never_heard_of"]}),
    ]


@pytest.fixture
async def full(office: Office) -> Office:
    """An office full of stories."""

    def keep(connection: Transaction) -> None:
        person = people.find_or_make(connection, "telegram", "4711", "nl", WEEK)
        back = ReturnAddress(person.id, "telegram", "4711", "nl")
        for each in told():
            kept = replace(each, team="", municipality="")
            story_id, _ = stories.keep(connection, kept, consent(), WEEK, person.id)
            for purpose, answer in PURPOSES["network"]:
                stories.record(connection, story_id, consent(purpose, answer), back)
        old, source = before()
        guide_versions.remember(connection, "professional", old.fingerprint("professional"), source)

    await office.store.database.write(keep)
    return office


async def chief(office: Office) -> tuple[Person, Coordinator]:
    person = await office.login("association")
    return person, Coordinator("0" * 32, "association", "", "", "nl")


async def known(office: Office, who: Coordinator) -> tuple[Questions, list[reading.Answered]]:
    def read(session: Any) -> tuple[Questions, list[reading.Answered]]:
        found = reading.answered(session, who, Filters())
        marks = {(each.guide, each.fingerprint) for each in found}
        return questions_of(office.house.shelf, session, marks, "nl"), found

    return await office.store.database.read(read)


REQUEST = make_mocked_request("GET", "/")
Opened = tuple[str, set[str], object]
"""A link, the stories that it should open, and what it is."""


async def follow(office: Office, who: Coordinator, links: Sequence[Opened]) -> None:
    """Every link opens exactly its stories."""

    def read(session: Any) -> None:
        for link, wanted, what in links:
            filters = filters_of(REQUEST.clone(rel_url=link))
            found = {each.id for each in reading.answered(session, who, filters)}
            assert found == wanted, (what, link)

    await office.store.database.read(read)


# -- which questions there are


# -- one question


def expected(found: list[Row], question: Question) -> dict[str, set[str]]:
    """The stories behind every number of a question, by its label."""
    if question.shape == "scale":
        placed = recount.places(found, question.guides, question.step)
        left, right = (label for _, label in question.answers)
        named = [left, *(f"{low}–{low + 9}" for low in range(10, 90, 10)), right]
        return {
            name: {story for story, place in placed.items() if min(place // 10, 9) == at}
            for at, name in enumerate(named)
        }
    if question.shape == "triad":
        heaviest: dict[str, set[str]] = {label: set() for _, label in question.answers}
        for row in found:
            if row.guide in question.guides and (shares := row.answers.get(question.step)):
                heaviest[question.answers[shares.index(max(shares))][1]].add(row.id)
        return heaviest
    given = recount.given(found, question.guides, question.step)
    strange = given.keys() - dict(question.answers).keys()
    made = {question.said(answer): given[answer] for answer in given.keys() - strange}
    if strange:
        others = words("nl")("pattern.others", n=len(strange))
        made[others] = set().union(*(given[answer] for answer in strange))
    return made


async def test_every_number_of_every_question_is_that_of_the_rows(full: Office) -> None:
    """And its link opens exactly those stories; the parts are the whole."""
    person, who = await chief(full)
    asked, _ = await known(full, who)
    found = await full.store.database.read(recount.rows)
    assert {question.shape for question in asked.values()} == set(SHAPES)
    links: list[Opened] = []
    for question in asked.values():
        _, page = await person.get(f"/coordinator/patterns?merge=0&a={question.key}")
        wanted = expected(found, question)
        shown = recount.table(page)
        assert {name: n.count for name, (n,) in shown.items()} == {
            name: len(ids) for name, ids in wanted.items()
        }, question.key
        whole = set().union(*wanted.values())
        assert whole, question.key
        assert f">{words('nl').many('pattern.n', len(whole))}</a>" in page
        if question.shape != "choices":
            assert sum(n.count for (n,) in shown.values()) == len(whole)
        links += [(n.link, wanted[name], name) for name, (n,) in shown.items() if n.count]
        all_of_it = "0-100" if question.shape == "scale" else "answered"
        links.append((shown_link(page, all_of_it), whole, question.key))
    await follow(full, who, links)


async def test_rare_answers_together_are_all_the_rest_and_lead_to_it(full: Office) -> None:
    _, who = await chief(full)
    asked, answered = await known(full, who)
    found = await full.store.database.read(recount.rows)
    view = PatternView(answered, Filters(), words("nl"), merge=True)
    merged = 0
    links: list[Opened] = []
    for question in (q for q in asked.values() if q.shape in ("choice", "choices")):
        given = recount.given(found, question.guides, question.step)
        shown = dict(view.one(question).rows)
        alone = {question.said(answer): ids for answer, ids in given.items()}
        rest = [name for name in shown if name not in alone]
        merged += len(rest)
        together: set[str] = set()
        together.update(*(ids for label, ids in alone.items() if label not in shown))
        for name, (number,) in shown.items():
            wanted = together if name in rest else alone[name]
            assert number.count == len(wanted), (question.key, name)
            links.append((number.link, wanted, name))
    assert merged > 5
    await follow(full, who, links)


async def test_all_answers_of_all_stories_are_counted_somewhere(full: Office) -> None:
    """The questions of the overview together: every closed answer of every row, once."""
    person, who = await chief(full)
    asked, _ = await known(full, who)
    found = await full.store.database.read(recount.rows)
    _, page = await person.get("/coordinator/patterns")
    shown = recount.table(page)
    answers = sum(bool(answer) or answer == 0 for row in found for answer in row.answers.values())
    assert sum(given.count for given, _ in shown.values()) == answers
    links: list[Opened] = []
    for question in asked.values():
        mine = {row.id for row in found if row.guide in question.guides}
        given = {row.id for row in found if row.id in mine and row.answers.get(question.step) not in
                 (None, [])}  # fmt: skip
        numbers = shown[question.label]
        for number, wanted in zip(numbers, (given, mine - given), strict=True):
            assert number.count == len(wanted)
            assert bool(number.link) is bool(wanted)
            if wanted:
                links.append((number.link, wanted, question.key))
    await follow(full, who, links)


async def test_a_link_opens_as_many_stories_as_its_number_under_other_filters_too(
    full: Office,
) -> None:
    """As a coordinator follows it: the list says so."""
    person, who = await chief(full)
    asked, _ = await known(full, who)
    glad = f"{asked['resident.feeling'].key}:glad"
    paths = (
        f"/coordinator/patterns?a=resident.feeling&answer={glad}",
        "/coordinator/patterns?a=need&guide=resident",
        f"/coordinator/patterns?a=speed&b=resident.feeling&answer={glad}&language=nl",
    )
    for path in paths:
        _, page = await person.get(path)
        numbers = [n for row in recount.table(page).values() for n in row if n.count and n.link]
        assert numbers, path
        for number in numbers:
            _, opened = await person.get(number.link)
            assert words("nl").many("stories.found", number.count) in opened, (path, number)


# -- two questions


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


# -- words of before, and names that mean several questions


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


# -- cases


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


async def test_the_bars_are_those_of_the_file(full: Office) -> None:
    """What was needed, and the moment: of every guide page and CSV have the same words and numbers,
    which add up."""
    person, who = await chief(full)
    asked, _ = await known(full, who)
    database, house = full.store.database, full.house
    made = await StoryFiles(database, house, full.clock).gathered(
        FileRequest(None, "network", "csv")
    )
    text = file_of(made, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    several = [*asked.called("need"), *asked.called("door")]
    assert len(several) == 10
    for question in several:
        _, page = await person.get(f"/coordinator/patterns?merge=0&a={question.name}")
        bars = {name: number.count for name, (number,) in recount.table(page).items()}
        cells = Counter(row[question.name] for row in rows if row[question.name])
        rest = {name for name in cells if name.startswith("overig (")}
        assert {bars.pop(name) for name in [*bars] if name.startswith("overige")} == {
            cells.pop(name) for name in rest
        }
        assert bars == cells, question.key


def shown_link(page: str, answer: str) -> str:
    links = [html.unescape(link) for link in LINK.findall(page)]
    return next(link for link in links if link.endswith(f"%3A{answer}"))
