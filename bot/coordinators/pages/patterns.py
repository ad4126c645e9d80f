"""The page of patterns: choose questions, see them drawn, go to the stories behind every mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.filters import address, filters_of
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.patterns import Cell, Pattern, PatternView
from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, questions
from storage.stories import reading
from storage.stories.reading import COUNTED, Answered, Filters

FEWEST = 30
SHOWN = 12
ALIKE = 3
"""A teller with so many scales all at the same place, or all at an end, stands out."""
CHANCE = 0.05
EDGES = (0.1, 0.3, 0.5)
"""From where an effect is weak, clear and strong."""


@dataclass(frozen=True, slots=True)
class RelationLine:
    """One relation in words and in numbers, with the address of its pattern."""

    title: str
    says: str
    numbers: str
    link: str


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
        asked = questions(self.site.services.shelf.library, visit.who.language, filters.guide)
        stories = await self.site.database.read(lambda s: reading.answered(s, visit.who, filters))
        merge = request.query.get("merge", "1") == "1"
        one, other = asked.get(request.query.get("a", "")), asked.get(request.query.get("b", ""))
        made = PatternView(stories, filters, visit.words, merge=merge)
        pattern = None
        if one is not None and other is not None and one is not other:
            pattern = made.two(one, other)
        elif one is not None:
            pattern = made.one(one)
        chosen = [each for each in (one, other) if each]
        kept = {"a": one.id if one else "", "b": other.id if other else ""}
        relations = await self._relations(stories, asked, visit.words, filters, chosen)
        return self.site.page(
            visit,
            "patterns.html",
            **{
                **await self._stories.choices(visit, filters, "/coordinator/patterns", **kept),
                "asked": asked,
            },
            filters=filters,
            n=len(stories),
            more=len(stories) == COUNTED,
            few=len(stories) < FEWEST,
            one=one,
            other=other,
            merge=merge,
            pattern=pattern,
            pictures=await self._drawn(pattern),
            relations=relations,
            answered=_answered(stories, asked, filters) if one is None else [],
            alike=_alike(stories, asked) if one is None else [],
            to=lambda a, b="": address("/coordinator/patterns", filters, a=a, b=b),
        )

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
        asked: Mapping[str, Question],
        words: CoordinatorPhrases,
        filters: Filters,
        chosen: Sequence[Question],
    ) -> list[RelationLine]:
        """What the numbers say about one pair, about one question beside all others, or about all
        pairs; in plain words."""
        if len(stories) < FEWEST:
            return []
        columns: dict[str, Any] = {}
        parts: dict[str, list[str]] = {}
        for question in asked.values():
            parts[question.id] = _columns(question, stories, columns)
        if len(chosen) == 2:
            wanted = [(chosen[0], chosen[1])]
        else:
            wanted = [
                (one, other)
                for one, other in combinations(asked.values(), 2)
                if "choices" not in (one.shape, other.shape)
                and (not chosen or chosen[0] in (one, other))
            ]
        pairs = [(a, b) for one, other in wanted for a in parts[one.id] for b in parts[other.id]]
        used = {name for pair in pairs for name in pair}
        relations = Relations({name: columns[name] for name in used}, pairs)
        try:
            results = await self.studio.made(relations)
        except CannotDraw:
            return []
        shown = [r for r in results if len(chosen) == 2 or r["q"] <= CHANCE][:SHOWN]
        return [said(result, asked, words, filters) for result in shown]


def _columns(question: Question, stories: Sequence[Answered], columns: dict[str, Any]) -> list[str]:
    """Add the columns of a question; their names. An answer of several is a question of its own:
    given or not."""
    if question.shape == "triad":
        return []
    if question.shape != "choices":
        columns[question.id] = [each.answers.get(question.id) for each in stories]
        return [question.id]
    names = []
    for answer, _ in question.answers:
        name = f"{question.id}:{answer}"
        columns[name] = [
            None
            if not (given := each.answers.get(question.id))
            else ["yes" if answer in given else "no"]
            for each in stories
        ]
        names.append(name)
    return names


def said(
    result: Mapping[str, Any],
    asked: Mapping[str, Question],
    words: CoordinatorPhrases,
    filters: Filters,
) -> RelationLine:
    """A result in plain words: chance or not, how strong, how sure, over how many."""

    def name(column: str) -> str:
        step, _, answer = column.partition(":")
        question = asked[step]
        return f"{question.label}: {question.said(answer)}" if answer else question.label

    size = abs(result["effect"])
    strength = sum((size**0.5 if result["kind"] == "epsilon2" else size) >= e for e in EDGES)
    chance = result["q"] > CHANCE
    way = _direction(result, asked, words) if strength and not chance else ""
    says = words("relation.chance" if chance else f"relation.strength.{strength}")
    numbers = words(
        "relation.numbers",
        effect=_decimal(result["effect"], words),
        low=_decimal(result["low"], words),
        high=_decimal(result["high"], words),
        measure=words(f"measure.{result['kind']}"),
        n=words.number(int(result["n"])),
    )
    one, other = result["one"], result["other"]
    steps = {"a": one.partition(":")[0], "b": other.partition(":")[0]}
    link = address("/coordinator/patterns", filters, **steps)
    return RelationLine(f"{name(one)} × {name(other)}", f"{way} {says}".strip(), numbers, link)


def _direction(
    result: Mapping[str, Any], asked: Mapping[str, Question], words: CoordinatorPhrases
) -> str:
    """Which way two scales go together, or a scale and an answer that was given or not; empty
    where there is no such way."""
    names = (result["one"], result["other"])
    scales = [asked[name] for name in names if name in asked and asked[name].shape == "scale"]
    given = [name.split(":") for name in names if ":" in name]
    if result["kind"] == "spearman" and len(scales) == 2:
        end = 1 if result["effect"] > 0 else 0
        pole, with_it = scales[0].answers[1][1], scales[1].answers[end][1]
        return words("relation.together", one=pole, other=with_it)
    if result["kind"] == "biserial" and scales and given:
        step, answer = given[0]
        end = 0 if result["effect"] > 0 else 1  # "no" comes before "yes"
        pole = scales[0].answers[end][1]
        return words("relation.leans", answer=asked[step].said(answer), pole=pole)
    return ""


def _answered(
    stories: Sequence[Answered], asked: Mapping[str, Question], filters: Filters
) -> list[tuple[Question, Cell, Cell]]:
    """Of each question: answered, and passed over by those whose guide asks it."""
    rows = []
    for question in asked.values():
        could = [each for each in stories if each.guide in question.guides]
        given = sum(1 for each in could if each.answers.get(question.id) not in (None, []))
        unanswered = replace(filters, answers={question.id: "unanswered"})
        link = address("/coordinator/stories", unanswered)
        silent = Cell(len(could) - given, link if filters.guide else "")
        rows.append((question, Cell(given), silent))
    return rows


def _alike(stories: Sequence[Answered], asked: Mapping[str, Question]) -> list[Answered]:
    """Stories whose scales are all at one place, or all at an end: perhaps tapped through."""
    scales = [question.id for question in asked.values() if question.shape == "scale"]
    found = []
    for each in stories:
        places = [v for name in scales if isinstance(v := each.answers.get(name), int)]
        if len(places) >= ALIKE and (len(set(places)) == 1 or set(places) <= {0, 100}):
            found.append(each)
    return found


def _decimal(number: float, words: CoordinatorPhrases) -> str:
    text = f"{number:.2f}"
    return text.replace(".", ",") if words.language == "nl" else text
