"""Enough, and from whom not: of each team how much of the kinds of story was probably heard in a
year, who was not heard, and shares of the population beside that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coordinators.phrases import CoordinatorPhrases
from bot.coordinators.questions import Question, Questions, questions_of
from bot.helper.tasks import task
from bot.sensemaking.figures.areas import Areas
from bot.sensemaking.figures.figure_sentences import (
    certainty_sentence,
    period_words,
    source_sentence,
    value_sentence,
)
from bot.sensemaking.figures.periods import first_day
from bot.services import Services
from conversations.sensemaking.saturation import HeardShare, heard
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.coordinators.teams import Team
from storage.engine.transaction import Snapshot
from storage.figures import figures
from storage.figures.figures import KeptFigure
from storage.stories import reading
from storage.stories.reading import Answered, Filters
from storage.weeks import week_of, weeks_before

WEEKS = 52
ASKED = ("role", "promise")
"""The questions whose answers make the kinds of story, each the first that was given."""
POPULATION = 6
"""Shares of the population that stand beside the gaps of a team."""


@dataclass(frozen=True, slots=True)
class TeamHeard:
    """What a team told in a year, as far as a coordinator may read it: exact. `silent`: by question
    the answers that nobody gave; `population`: percentages of its municipality."""

    team: Team
    share: HeardShare
    silent: Sequence[tuple[str, Sequence[str]]]
    population: Sequence[KeptFigure]


@task
def heard_by_team(
    session: Snapshot, services: Services, areas: Areas, who: Coordinator, now: datetime
) -> list[TeamHeard]:
    """Of every team that `who` reads, or of their own."""
    since = weeks_before(week_of(now), WEEKS)
    every = reading.answered(session, who, Filters(first=since, team=who.team))
    told = {(each.guide, each.fingerprint) for each in every}
    asked = questions_of(services.shelf, session, told, who.language)
    by_team: dict[str, list[Answered]] = {}
    for each in every:
        by_team.setdefault(each.team, []).append(each)
    found = []
    for team in teams.open_teams(session):
        if who.team in ("", team.id):
            stories = by_team.get(team.id, [])
            share = heard(kind for each in stories if (kind := _kind(each)))
            area = areas.called(team.municipality, "municipality").code
            found.append(TeamHeard(team, share, _silent(stories, asked), _shares(session, area)))
    return found


def heard_sentences(said: CoordinatorPhrases, found: HeardShare) -> list[str]:
    """What was heard, in sentences, and the advice."""
    if found.advice == "too_few":
        return [said.many("heard.too_few", found.stories)]
    low, high = (round(100 * end / 5) * 5 for end in (found.low, found.high))
    sentences = [said("heard.share", low=low, high=high, n=said.number(found.stories))]
    one_in = round(1 / found.new) if found.new > 0 else 0
    sentences.append(
        said("heard.next", n=one_in) if 0 < one_in <= found.stories else said("heard.next.none")
    )
    sentences.append(said(f"heard.{found.advice}"))
    return sentences


def population_sentences(said: CoordinatorPhrases, kept: Sequence[KeptFigure]) -> list[str]:
    """Shares of the population, each with its period, source and certainty."""
    return [
        said(
            "heard.population.one",
            title=each.figure.indicator.title,
            value=value_sentence(said, each.figure),
            period=period_words(said, each.figure.period),
            source=source_sentence(said, each.figure.indicator),
            sure=certainty_sentence(said, each.figure),
        )
        for each in kept
    ]


# -- inside


def _kind(story: Answered) -> tuple[str, ...]:
    """The kind of a story; nothing when it answered none of the questions."""
    given = [next(iter(_given(story.answers, step)), "") for step in ASKED]
    return (story.guide if not given[0] else given[0], given[1]) if any(given) else ()


def _given(answers: Mapping[str, object], step: str) -> list[str]:
    answer = answers.get(step)
    return [each for each in answer if isinstance(each, str)] if isinstance(answer, list) else []


def _silent(stories: Sequence[Answered], asked: Questions) -> list[tuple[str, Sequence[str]]]:
    """By question the answers that no story gave; none where nobody answered it at all."""
    found: list[tuple[str, Sequence[str]]] = []
    for step in ASKED:
        given = {answer for each in stories for answer in _given(each.answers, step)}
        question: Question | None = asked.by_step.get(step)
        if question is not None and given:
            missing = [label for id_, label in question.answers if id_ not in given | {"other"}]
            if missing:
                found.append((question.label, missing))
    return found


def _shares(session: Snapshot, area: str) -> list[KeptFigure]:
    """The newest percentages of a municipality."""
    newest: dict[str, KeptFigure] = {}
    for each in figures.of_areas(session, [area]) if area else ():
        if each.figure.indicator.kind == "percentage" and each.figure.value is not None:
            before = newest.get(each.indicator_id)
            if before is None or first_day(before.figure.period) < first_day(each.figure.period):
                newest[each.indicator_id] = each
    return list(newest.values())[:POPULATION]
