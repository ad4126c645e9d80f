"""The page of patterns: choose questions, see them drawn, go to the stories behind every mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup
from sqlmodel import Session

from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.filters import address, behind, filters_of
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.patterns import Cell, Pattern, PatternView
from bot.coordinators.questions import Question, Questions, questions_of
from bot.coordinators.relation_sentences import FEWEST, RelationLines, asked_about, lines
from storage.stories import reading
from storage.stories.reading import COUNTED, Answered, Filters

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


class PatternPages:
    """`/coordinator/patterns`."""

    def __init__(self, site: Site, studio: ChartRenderer, stories: StoryPages) -> None:
        self.site = site
        self.studio = studio
        self._stories = stories

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator/patterns", self.site.guard(self._patterns))]

    async def _patterns(self, request: web.Request, visit: Visit) -> web.Response:
        filters = filters_of(request)
        stories, asked = await self.site.database.read(lambda s: self._read(s, visit, filters))
        merge = request.query.get("merge", "1") == "1"

        def to(a: str, b: str = "") -> str:
            kept = {} if merge else {"merge": 0}
            return address("/coordinator/patterns", filters, a=a, b=b, **kept)

        chosen = chosen_in(request.query, asked, to)
        made = PatternView(stories, filters, visit.words, merge=merge)
        pattern = None
        if chosen.one is not None and chosen.other is not None:
            pattern = made.two(chosen.one, chosen.other)
        elif chosen.one is not None:
            pattern = made.one(chosen.one)
        overview = chosen.one is None and not chosen.several
        kept = {
            "a": chosen.one.name if chosen.one else "",
            "b": chosen.other.name if chosen.other else "",
        }
        return self.site.page(
            visit,
            "patterns.html",
            **{
                **await self._stories.choices(visit, filters, "/coordinator/patterns", **kept),
                "asked": asked,
            },
            filters=filters,
            n=len(stories),
            all_link=address("/coordinator/stories", filters),
            more=len(stories) == COUNTED,
            few=len(stories) < FEWEST,
            one=chosen.one,
            other=chosen.other,
            several=chosen.several,
            merge=merge,
            pattern=pattern,
            pictures=await self._drawn(pattern),
            overview=overview,
            relations=RelationLines()
            if chosen.several
            else await self._relations(stories, asked, visit, filters, chosen.both),
            answered=_answered(stories, asked, filters) if overview else [],
            alike=_alike(stories, asked) if overview else [],
            to=to,
        )

    def _read(
        self, session: Session, visit: Visit, filters: Filters
    ) -> tuple[list[Answered], Questions]:
        stories = reading.answered(session, visit.who, filters)
        told = {(each.guide, each.fingerprint) for each in stories}
        shelf = self.site.services.shelf
        asked = questions_of(shelf, session, told, visit.who.language, filters.guide)
        return stories, asked

    async def _drawn(self, pattern: Pattern | None) -> list[Markup]:
        """The pictures of a pattern; without anything to draw with, none."""
        if pattern is None or not pattern.n:
            return []
        try:
            return [Markup(await self.studio.draw(each)) for each in pattern.pictures]  # noqa: S704 - made by our own process out of escaped texts
        except CannotDraw:
            return []

    async def _relations(
        self,
        stories: Sequence[Answered],
        asked: Questions,
        visit: Visit,
        filters: Filters,
        about: Sequence[Question],
    ) -> RelationLines:
        """What the numbers say about one pair, about one question beside all others, or about all
        pairs; in plain words."""
        if len(stories) < FEWEST or any(question.shape == "triad" for question in about):
            return RelationLines()
        try:
            made: Mapping[str, Any] = await self.studio.made(asked_about(stories, asked, about))
        except CannotDraw:
            return RelationLines()
        return lines(made, asked, visit.words, filters, about)


def chosen_in(
    query: Mapping[str, str], asked: Questions, to: Callable[[str, str], str]
) -> ChosenQuestions:
    """What `a` and `b` of an address name. Where a name means a question that differs between
    guides, whoever looks chooses; each choice keeps the other."""
    a, b = query.get("a", ""), query.get("b", "")
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
    rows = []
    for question in asked.values():
        could = [each for each in stories if each.guide in question.guides]
        given = sum(each.answers.get(question.step) not in (None, []) for each in could)
        link, silent = (
            behind(filters, {question.key: value}) for value in ("answered", "unanswered")
        )
        rows.append((question, Cell(given, link), Cell(len(could) - given, silent)))
    return rows


def _alike(stories: Sequence[Answered], asked: Questions) -> list[Answered]:
    """Stories whose scales are all at one place, or all at an end: perhaps tapped through."""
    scales = [question for question in asked.values() if question.shape == "scale"]
    found = []
    for each in stories:
        places = [
            place
            for question in scales
            if (place := question.place(each.guide, each.answers)) is not None
        ]
        if len(places) >= ALIKE and (len(set(places)) == 1 or set(places) <= {0, 100}):
            found.append(each)
    return found
