"""The numbers of one question on the patterns page: counted again from the rows, the parts beside
the whole, and every link followed."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from bot.coordinators.exports.story_file import FileRequest, StoryFiles, file_of
from bot.coordinators.patterns import PatternView
from bot.coordinators.phrases import words
from storage.stories.reading import Filters
from tests.coordinators import recount_answers as recount
from tests.coordinators.full_office import Opened, chief, expected, fill, follow, known, shown_link
from tests.coordinators.office import Office
from tests.coordinators.recount_answers import SHAPES

pytestmark = pytest.mark.usefixtures("no_pictures")  # the tables have the numbers


@pytest.fixture
async def full(office: Office) -> Office:
    await fill(office)
    return office


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
