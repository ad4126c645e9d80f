"""Contradiction cards: an indicator and an answer that point in opposite directions, both beyond
their uncertainty, and the question what would make both true.

For sessions: `contradictions_in(session, services, who, now)` reads, with the rights of `who`, all
that was stated this quarter, and gives a `ContradictionReport`: its `cards` (at most three, the
clearest first) can be laid in a session; each holds the versions of the figures that it rests on,
and sentences by `card_sentences`. It holds directions and numbers of areas, never a count of
stories, and no area counts with fewer stories than the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Literal

from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, Questions, questions_of
from bot.helper.tasks import task
from bot.sensemaking.figures.areas import Areas, AreasProblem, areas_in
from bot.sensemaking.figures.figure_sentences import period_words, source_sentence
from bot.sensemaking.figures.periods import first_day, last_day
from bot.sensemaking.figures.story_weeks import thursday
from bot.services import Services
from conversations.sensemaking.contradiction import (
    FEWEST_AREAS,
    Over,
    PairOfSeries,
    PairVerdict,
    PointPair,
    examine,
    strongest,
)
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.figures import expectations, figures
from storage.figures.expectations import StatedExpectation
from storage.figures.figures import KeptFigure
from storage.figures.model import Figure, Indicator
from storage.stories import reading
from storage.stories.reading import Answered, Filters
from storage.weeks import quarter_of, week_of

Version = tuple[str, str, str, int]
"""Indicator, area, period and version of a figure that a card rests on."""
_REACH = 3.92
"""Standard errors between the bounds of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class ContradictionCard:
    """What was expected of a pair, and what is so. `places`: of how many areas or periods;
    `versions`: the figures that it rests on."""

    stated: StatedExpectation
    indicator: Indicator
    question: Question
    over: Over
    places: int
    verdict: PairVerdict
    period: str
    versions: Sequence[Version] = field(default=())


@dataclass(frozen=True, slots=True)
class ContradictionReport:
    """All pairs that were stated this quarter, and those that contradict: at most three."""

    every: Sequence[ContradictionCard]
    cards: Sequence[ContradictionCard]


@dataclass(frozen=True, slots=True)
class _Stories:
    """What somebody may read, by municipality: (the Thursday of the week, the story)."""

    by_area: Mapping[str, Sequence[tuple[str, Answered]]]
    asked: Questions


@task
def contradictions_in(
    session: Snapshot,
    services: Services,
    who: Coordinator,
    now: datetime,
    at: datetime | None = None,
) -> ContradictionReport:
    """Examine every pair that was stated this quarter by the team of `who`, or by the association,
    over the stories that they may read; `at`: with the figures as they stood at a moment. Raises
    AreasProblem."""
    stated = expectations.of_quarter(session, quarter_of(week_of(now)), who.team)
    chosen = services.settings.figures.areas
    areas = areas_in(Path(chosen) if chosen else None)
    if not stated:
        return ContradictionReport((), ())
    told = _stories(session, services, who, areas)
    k = services.settings.privacy.small_number
    found = [
        made
        for each in stated
        if (made := _prepared(session, each, told, areas, who=who, k=k, at=at)) is not None
    ]
    verdicts = examine([card.verdict.pair for card in found])
    every = [_with(card, verdict) for card, verdict in zip(found, verdicts, strict=True)]
    clear = {each.pair.key for each in strongest(verdicts)}
    cards = [card for card in every if card.verdict.pair.key in clear]
    return ContradictionReport(every, cards)


def cards_in_words(
    session: Snapshot,
    services: Services,
    who: Coordinator,
    said: CoordinatorPhrases,
    now: datetime,
    at: datetime,
) -> list[list[str]]:
    """The cards of this quarter in sentences, the question last, with the figures as they stood
    when a session was prepared (`at`). None when the table of areas cannot be read, which the page
    of contradictions tells."""
    try:
        return [
            card_sentences(said, card)
            for card in contradictions_in(session, services, who, now, at).cards
        ]
    except AreasProblem:
        return []


def card_sentences(said: CoordinatorPhrases, card: ContradictionCard) -> list[str]:
    """A card in sentences: what was expected, what is so, over what, and the question."""
    answer = card.question.said(card.stated.answer)
    answer = said("contradiction.answer", answer=answer, question=card.question.label)
    slots = {"indicator": card.indicator.title, "answer": answer}
    side = "more" if card.stated.expected > 0 else "less"
    verdict = card.verdict.said
    sentences = [said(f"contradiction.expected.{side}", **slots)]
    if verdict == "contradiction":
        sentences.append(said(f"contradiction.found.{side}.{card.over}", **slots))
    else:
        sentences.append(said(f"contradiction.{verdict}"))
    if card.places:
        period = period_words(said, card.period)
        where = f"contradiction.over.{card.over}"
        source = source_sentence(said, card.indicator)
        sentences.append(said(where, n=card.places, period=period, source=source))
    if verdict == "contradiction":
        sentences.append(said("contradiction.question"))
    return sentences


# -- inside


def _stories(session: Snapshot, services: Services, who: Coordinator, areas: Areas) -> _Stories:
    every = reading.answered(session, who, Filters())
    home = {
        team.id: areas.called(team.municipality, "municipality").code
        for team in teams.all_teams(session)
    }
    by_area: dict[str, list[tuple[str, Answered]]] = {}
    for each in every:
        if area := home.get(each.team, ""):
            by_area.setdefault(area, []).append((thursday(each.week), each))
    told = {(each.guide, each.fingerprint) for each in every}
    return _Stories(by_area, questions_of(services.shelf, session, told, who.language))


def _prepared(
    session: Snapshot,
    stated: StatedExpectation,
    told: _Stories,
    areas: Areas,
    *,
    who: Coordinator,
    k: int,
    at: datetime | None,
) -> ContradictionCard | None:
    """The pair with its points, not yet examined. Over areas where there are enough, else over the
    periods of the area with most."""
    question = told.asked.get(stated.question)
    kept = figures.of_indicator(session, stated.indicator_id, at)
    if question is None or not kept:
        return None
    if who.role != "association":
        own = {team.id: team.municipality for team in teams.all_teams(session)}.get(who.team, "")
        home = areas.called(own, "municipality").code
        kept = [each for each in kept if each.figure.area == home]
    over_areas = _over_areas(kept, question, stated, told, areas, k)
    over_periods = _over_periods(kept, question, stated, told, areas, k)
    over: Over = "areas"
    points, period, versions = over_areas
    if len(points) < FEWEST_AREAS and len(over_periods[0]) > len(points) // 2:
        over = "periods"
        points, period, versions = over_periods
    pair = PairOfSeries((stated.id, ""), over, points, stated.expected)
    indicator = kept[0].figure.indicator if kept else Indicator("")
    empty = PairVerdict(pair, "too_few")
    return ContradictionCard(
        stated, indicator, question, over, len(points), empty, period, versions
    )


_Points = tuple[list[PointPair], str, list[Version]]


def _over_areas(
    kept: Sequence[KeptFigure],
    question: Question,
    stated: StatedExpectation,
    told: _Stories,
    areas: Areas,
    k: int,
) -> _Points:
    """The municipalities in the newest period of the indicator, each beside its stories from that
    period on, where its boundary stayed the same."""
    homes = [e for e in kept if e.figure.area.startswith("GM") and e.figure.value is not None]
    newest = max((e.figure.period for e in homes), key=first_day, default="")
    points, versions = [], []
    for each in homes:
        if each.figure.period != newest:
            continue
        first = first_day(newest)
        stories = [s for day, s in told.by_area.get(each.figure.area, ()) if day >= first]
        days = [day for day, _ in told.by_area.get(each.figure.area, ())]
        if not days or not areas.unbroken(each.figure.area, first, max(days)):
            continue
        point = _point(each.figure, stories, question, stated.answer, k)
        if point is not None:
            points.append(point)
            versions.append((each.indicator_id, each.figure.area, newest, each.version))
    return points, newest, versions


def _over_periods(
    kept: Sequence[KeptFigure],
    question: Question,
    stated: StatedExpectation,
    told: _Stories,
    areas: Areas,
    k: int,
) -> _Points:
    """The periods of the municipality that has most, each beside the stories told in it; back to
    the last time that its boundary moved."""
    best: _Points = ([], "", [])
    for area in told.by_area:
        mine = [e for e in kept if e.figure.area == area and e.figure.value is not None]
        mine.sort(key=lambda e: first_day(e.figure.period))
        points, versions = [], []
        for each in mine:
            first, last = first_day(each.figure.period), last_day(each.figure.period)
            whole = areas.unbroken(area, first, last_day(mine[-1].figure.period))
            stories = [s for day, s in told.by_area[area] if first <= day <= last]
            point = _point(each.figure, stories, question, stated.answer, k) if whole else None
            if point is not None:
                points.append(point)
                versions.append((each.indicator_id, area, each.figure.period, each.version))
        if len(points) > len(best[0]):
            best = points, mine[-1].figure.period, versions
    return best


def _point(
    figure: Figure, stories: Sequence[Answered], question: Question, answer: str, k: int
) -> PointPair | None:
    """A figure beside its stories; None where too few answered."""
    if figure.value is None:
        return None
    error = None
    if figure.lower is not None and figure.upper is not None:
        error = (figure.upper - figure.lower) / _REACH
    if question.shape == "scale":
        places = [
            place
            for each in stories
            if (place := question.place(each.guide, each.answers)) is not None
        ]
        if len(places) < max(k, 2):
            return None
        towards: Literal[1, -1] = 1 if answer == question.answers[1][0] else -1
        spread = stdev(places) / sqrt(len(places))
        return PointPair(figure.value, towards * fmean(places), error, spread)
    given = [found for e in stories if (found := question.given(e.guide, e.answers))]
    if len(given) < k:
        return None
    share = sum(answer in each for each in given) / len(given)
    smooth = (share * len(given) + 1) / (len(given) + 2)
    return PointPair(figure.value, share, error, sqrt(smooth * (1 - smooth) / len(given)))


def _with(card: ContradictionCard, verdict: PairVerdict) -> ContradictionCard:
    return ContradictionCard(
        card.stated, card.indicator, card.question, card.over, card.places, verdict, card.period,
        card.versions,
    )  # fmt: skip
