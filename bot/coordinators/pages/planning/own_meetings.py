"""Which meetings are whose, and on which days they meet."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.coordinators.pages.site import Visit
from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting, Occurrence
from bot.meetings.model.series import occurrences
from bot.meetings.model.team_names import sees
from storage.coordinators import teams
from storage.engine.transaction import Reads

DAYS = 26
"""The most days of a series to choose from: half a year of weeks."""
AHEAD = timedelta(days=400)


def find_own(reads: Reads, visit: Visit, name: str) -> Meeting | None:
    """A meeting by its id; None when there is none, or none that this coordinator sees."""
    found = agenda.find(reads, name)
    known = teams.by_name(teams.all_teams(reads))
    return found if found is not None and sees(visit.who, found, known) else None


def days_ahead(meeting: Meeting, now: datetime) -> list[tuple[str, Occurrence]]:
    """The days on which a series meets from now on, by the day that names each; nothing of what
    meets once or is off."""
    if not meeting.series or meeting.state == "cancelled":
        return []
    found = occurrences(meeting, now, max(now, meeting.start) + AHEAD)
    going = [one for one in found if one.state != "cancelled" and one.end > now]
    return [(f"{meeting.local(one.at):%Y-%m-%d}", one) for one in going[:DAYS]]
