"""What a page of patterns tells, worked out of all stories under some filters: by the helper
process, as it reads thousands of them, draws, and tests all pairs of questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from bot.coordinators.charts import drawing
from bot.coordinators.charts.drawing import CannotDraw
from bot.coordinators.filters import address, behind
from bot.coordinators.patterns import Cell, Pattern, PatternView
from bot.coordinators.phrases import words
from bot.coordinators.questions import Question, Questions, questions_of
from bot.coordinators.relation_sentences import FEWEST, RelationLines, asked_about, lines
from bot.helper.tasks import task
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading
from storage.stories.reading import Answered, Filters

ALIKE = 3
"""A teller with so many scales all at the same place, or all at an end, stands out."""


@dataclass(frozen=True, slots=True)
class ChosenQuestions:
    """The questions that an address names; `several`: those that one of its names may mean."""

    one: Question | None
    other: Question | None
    several: Sequence[tuple[Question, str]]

    @property
    def both(self) -> list[Question]:
        return [each for each in (self.one, self.other) if each]


@dataclass(frozen=True, slots=True)
class PatternFindings:
    """What a page of patterns tells. Not `complete`: there was nothing to draw and test with."""

    n: int
    asked: Questions
    chosen: ChosenQuestions
    pattern: Pattern | None
    overview: bool
    answered: Sequence[tuple[Question, Cell, Cell]]
    alike: Sequence[Answered]
    pictures: Sequence[Markup] = ()
    relations: RelationLines = field(default_factory=RelationLines)
    complete: bool = True


def pattern_address(filters: Filters, *, merge: bool) -> Callable[..., str]:
    """The address of the page about two questions."""
    kept = {} if merge else {"merge": 0}

    def to(a: str, b: str = "") -> str:
        return address("/coordinator/patterns", filters, a=a, b=b, **kept)

    return to


@task
def pattern_findings(
    session: Snapshot,
    services: Services,
    who: Coordinator,
    filters: Filters,
    names: tuple[str, str],
    *,
    merge: bool,
) -> PatternFindings:
    """All that the page tells: the pattern of the questions that are named, what the numbers say
    about one pair, about one question beside all others, or about all pairs, in plain words."""
    said = words(who.language)
    stories = reading.answered(session, who, filters)
    told = {(each.guide, each.fingerprint) for each in stories}
    asked = questions_of(services.shelf, session, told, who.language, filters.guide)
    chosen = chosen_in(*names, asked, pattern_address(filters, merge=merge))
    made = PatternView(stories, filters, said, merge=merge)
    pattern = None
    if chosen.one is not None and chosen.other is not None:
        pattern = made.two(chosen.one, chosen.other)
    elif chosen.one is not None:
        pattern = made.one(chosen.one)
    overview = chosen.one is None and not chosen.several
    plain = PatternFindings(
        n=len(stories),
        asked=asked,
        chosen=chosen,
        pattern=pattern,
        overview=overview,
        answered=_answered(stories, asked, filters) if overview else (),
        alike=_alike(stories, asked) if overview else (),
    )
    tested = not chosen.several and len(stories) >= FEWEST
    tested = tested and all(question.shape != "triad" for question in chosen.both)
    try:
        pictures = [
            Markup(drawing.drawn(each))  # noqa: S704 - made by us out of escaped texts
            for each in (pattern.pictures if pattern is not None and pattern.n else ())
        ]
        relations = RelationLines()
        if tested:
            found = drawing.drawn(asked_about(stories, asked, chosen.both))
            relations = lines(found, asked, said, filters, chosen.both)
    except CannotDraw:
        return replace(plain, complete=False)
    return replace(plain, pictures=pictures, relations=relations)


def chosen_in(a: str, b: str, asked: Questions, to: Callable[[str, str], str]) -> ChosenQuestions:
    """What the names `a` and `b` of an address mean. Where a name means a question that differs
    between guides, whoever looks chooses; each choice keeps the other."""
    one, other = asked.find(a), asked.find(b)
    if one is None and not a:
        one, other = other, None
    if one is other:
        other = None
    several = [] if one or not a else [(q, to(q.name, b)) for q in _maybe(asked, a)]
    if one and b and other is None and one is not asked.find(b):
        several = [(q, to(one.name, q.name)) for q in _maybe(asked, b)]
    return ChosenQuestions(one, other, several)


def _maybe(asked: Questions, name: str) -> list[Question]:
    return asked.called(name.rpartition(".")[2])


def _answered(
    stories: Sequence[Answered], asked: Questions, filters: Filters
) -> list[tuple[Question, Cell, Cell]]:
    """Of each question: answered, and passed over by those whose guide asks it."""
    told = Counter(each.guide for each in stories)
    told.update(each.fingerprint for each in stories)  # an own question is of some versions only
    gave = Counter(
        (each.guide, step)
        for each in stories
        for step, answer in each.answers.items()
        if answer not in (None, [])
    )
    rows = []
    for question in asked.values():
        could = sum(told[each] for each in question.versions or question.guides)
        given = sum(gave[guide, question.step] for guide in question.guides)
        link, silent = (
            behind(filters, {question.key: value}) for value in ("answered", "unanswered")
        )
        silent = "" if question.versions else silent  # no filter knows who was asked it
        rows.append((question, Cell(given, link), Cell(could - given, silent)))
    return rows


def _alike(stories: Sequence[Answered], asked: Questions) -> list[Answered]:
    """Stories whose scales are all at one place, or all at an end: perhaps tapped through."""
    scales = {
        guide: [q for q in asked.values() if q.shape == "scale" and guide in q.guides]
        for guide in {each.guide for each in stories}
    }
    found = []
    for each in stories:
        places = [
            place
            for question in scales[each.guide]
            if (place := question.place(each.guide, each.answers)) is not None
        ]
        if len(places) >= ALIKE and (len(set(places)) == 1 or set(places) <= {0, 100}):
            found.append(each)
    return found
