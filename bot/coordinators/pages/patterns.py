"""The page of patterns: choose questions, see them drawn, go to the stories behind every mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from markupsafe import Markup
from sqlmodel import Session

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.filters import address, behind, filters_of
from bot.coordinators.kept_results import NotKept
from bot.coordinators.pages.rooms import BesideStories
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.patterns import Cell, Pattern, PatternView
from bot.coordinators.questions import Question, Questions, questions_of
from bot.coordinators.relation_sentences import FEWEST, RelationLines, asked_about, lines
from storage.stories import reading
from storage.stories.reading import COUNTED, Answered, Filters

NAME = 500
"""Letters of the name of a question in an address."""
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
class Findings:
    """What a page of patterns tells; `to_test` is what its relations are worked out of."""

    n: int
    asked: Questions
    chosen: ChosenQuestions
    pattern: Pattern | None
    overview: bool
    answered: Sequence[tuple[Question, Cell, Cell]]
    alike: Sequence[Answered]
    pictures: Sequence[Markup] = ()
    relations: RelationLines = field(default_factory=RelationLines)
    to_test: Relations | None = None


class PatternPages:
    """`/coordinator/patterns`."""

    def __init__(
        self,
        site: Site,
        studio: ChartRenderer,
        stories: StoryPages,
        beside: Sequence[BesideStories] = (),
    ) -> None:
        self.site = site
        self._beside = beside
        self.studio = studio
        self._stories = stories

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator/patterns", self.site.guard(self._patterns))]

    async def _patterns(self, request: web.Request, visit: Visit) -> web.Response:
        filters = filters_of(request)
        merge = request.query.get("merge", "1") == "1"
        names = request.query.get("a", "")[:NAME], request.query.get("b", "")[:NAME]
        kept = {} if merge else {"merge": 0}

        def to(a: str, b: str = "") -> str:
            return address("/coordinator/patterns", filters, a=a, b=b, **kept)

        async def work_out() -> Findings:
            found = await self.site.database.read(
                lambda s: self._find(s, visit, filters, names, merge, to)
            )
            return await self._drawn(found, visit, filters)

        found = await self.site.results.get(visit.who, to(*names), work_out)
        chosen = found.chosen
        named = {
            "a": chosen.one.name if chosen.one else "",
            "b": chosen.other.name if chosen.other else "",
        }
        return self.site.page(
            visit,
            "patterns.html",
            **{
                **await self._stories.choices(visit, filters, "/coordinator/patterns", **named),
                "asked": found.asked,
            },
            filters=filters,
            n=found.n,
            all_link=address("/coordinator/stories", filters),
            more=found.n == COUNTED,
            few=found.n < FEWEST,
            one=chosen.one,
            other=chosen.other,
            several=chosen.several,
            merge=merge,
            pattern=found.pattern,
            pictures=found.pictures,
            overview=found.overview,
            relations=found.relations,
            answered=found.answered,
            alike=found.alike,
            to=to,
            beside=[await each(self.site, visit, filters.team) for each in self._beside],
        )

    def _find(
        self,
        session: Session,
        visit: Visit,
        filters: Filters,
        names: tuple[str, str],
        merge: bool,
        to: Callable[[str, str], str],
    ) -> Findings:
        """All that the page tells, but for what is drawn and tested in a process of its own."""
        stories = reading.answered(session, visit.who, filters)
        told = {(each.guide, each.fingerprint) for each in stories}
        shelf = self.site.services.shelf
        asked = questions_of(shelf, session, told, visit.who.language, filters.guide)
        chosen = chosen_in(*names, asked, to)
        made = PatternView(stories, filters, visit.words, merge=merge)
        pattern = None
        if chosen.one is not None and chosen.other is not None:
            pattern = made.two(chosen.one, chosen.other)
        elif chosen.one is not None:
            pattern = made.one(chosen.one)
        overview = chosen.one is None and not chosen.several
        tested = not chosen.several and len(stories) >= FEWEST
        tested = tested and all(question.shape != "triad" for question in chosen.both)
        return Findings(
            n=len(stories),
            asked=asked,
            chosen=chosen,
            pattern=pattern,
            overview=overview,
            answered=_answered(stories, asked, filters) if overview else (),
            alike=_alike(stories, asked) if overview else (),
            to_test=asked_about(stories, asked, chosen.both) if tested else None,
        )

    async def _drawn(self, found: Findings, visit: Visit, filters: Filters) -> Findings:
        """With the pictures of the pattern, and with what the numbers say about one pair, about one
        question beside all others, or about all pairs, in plain words. Raises NotKept, with what
        there is, when there is nothing to draw and test with."""
        pattern, chosen = found.pattern, found.chosen
        plain = replace(found, to_test=None)
        try:
            pictures = [
                Markup(await self.studio.draw(each))  # noqa: S704 - made by our own process out of escaped texts
                for each in (pattern.pictures if pattern is not None and pattern.n else ())
            ]
            relations = RelationLines()
            if found.to_test is not None:
                made: Mapping[str, Any] = await self.studio.made(found.to_test)
                relations = lines(made, found.asked, visit.words, filters, chosen.both)
        except CannotDraw:
            raise NotKept(plain) from None
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
