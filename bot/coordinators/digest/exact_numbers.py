"""Exact numbers of a week, behind the login only: over the stories that someone may read, counted
as the digest counts them, so that each leads to the stories that it counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.coordinators.filters import address
from bot.helper.tasks import task
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading
from storage.stories.movements import MOVEMENTS, SAME_MOVEMENT, side_of
from storage.stories.reading import Answered, Filters

PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class ExactWeek:
    """How many stories of a week someone may read, of a team or all, and what they answered."""

    filters: Filters
    stories: int
    answers: Counter[tuple[str, str]]

    def share(self, step: str, value: str) -> float:
        """Of all stories of the week."""
        return self.answers[step, value] / self.stories

    def link(self, step: str = "", value: str = "") -> str:
        """The stories behind a number."""
        filters = replace(self.filters, answers={step: value}) if step else self.filters
        return address("/coordinator/stories", filters)


@task
def exact_week(
    session: Snapshot, _services: Services, who: Coordinator, week: str, team: str
) -> ExactWeek:
    """What someone may read of a week."""
    filters = Filters(team=team, first=week, last=week)
    found = reading.answered(session, who, filters)
    return ExactWeek(filters, len(found), tally(found))


def tally(stories: Iterable[Answered]) -> Counter[tuple[str, str]]:
    """How many stories gave each answer: of the promise, and the part of each movement."""
    counts: Counter[tuple[str, str]] = Counter()
    for story in stories:
        counts.update((PROMISE, each) for each in set(story.answers.get(PROMISE) or ()))
        for step in (*MOVEMENTS, *SAME_MOVEMENT):
            place = story.answers.get(step)
            if isinstance(place, int):
                counts[SAME_MOVEMENT.get(step, step), side_of(place)] += 1
    return counts
