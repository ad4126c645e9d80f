"""Meetings that come up, of a team or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.meetings import agenda
from bot.meetings.model.series import occurrences
from bot.meetings.model.team_names import meets
from storage.coordinators import teams
from storage.engine.transaction import Snapshot

MEETINGS = 5
DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class UpcomingMeeting:
    """A meeting that comes up. `start` is on its own clock."""

    id: str
    title: str
    kind: str
    start: datetime


def upcoming(session: Snapshot, team: str, now: datetime) -> list[UpcomingMeeting]:
    """What comes up in seven days, of a team or all, the first first."""
    known, found = teams.by_name(teams.all_teams(session)), []
    for each in agenda.listed(session):
        one = each.meeting
        if team and not meets(one, team, known):
            continue
        found += [
            UpcomingMeeting(one.id, when.title, one.kind, one.local(when.start))
            for when in occurrences(one, now, now + DAYS)
            if when.state != "cancelled"
        ]
    return sorted(found, key=lambda meeting: meeting.start)[:MEETINGS]
