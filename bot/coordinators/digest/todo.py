"""What waits for a coordinator, precisely: behind the login only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coordinators.digest.upcoming import UpcomingMeeting, upcoming
from bot.services import Services
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.sensemaking.changes import OverdueDecision
from storage.stories import reading, relays


@dataclass(frozen=True, slots=True)
class Todo:
    """Stories that wait, by what they wait for, the first day on which a serious one is `due` (or
    empty), meetings of which the code can be hung up, and decisions that are without a change for
    too long. `limits`: the quarter of which what could not be done is to be taken to a session;
    `questions` of guests that wait for the team's yes."""

    waiting: int
    serious: int
    held: int
    due: str
    meetings: Sequence[UpcomingMeeting]
    decisions: Sequence[OverdueDecision] = ()
    limits: str = ""
    questions: int = 0

    def __bool__(self) -> bool:
        told = self.waiting or self.serious or self.held
        return bool(told or self.meetings or self.decisions or self.limits or self.questions)


def todo(session: Snapshot, services: Services, who: Coordinator, now: datetime) -> Todo:
    """Of a team its own; the association all."""
    found = reading.waiting(session, who)
    return Todo(
        waiting=found["waiting"],
        serious=found["serious"],
        held=found["held"],
        due=reading.first_due(session, who),
        meetings=upcoming(session, who.team, now),
        decisions=services.overdue(session, who, now),
        limits=services.proposes(session, who, now),
        questions=relays.offered_to(session, who.team) if who.team else 0,
    )
