"""Every quarter it is proposed to take what could not be done to a session, until that was done."""

from __future__ import annotations

from datetime import datetime

from conversations.sensemaking.limits import sides_of
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.sensemaking import sessions
from storage.stories import reading
from storage.stories.reading import Filters
from storage.weeks import quarter_before, quarter_of, span_of, week_of, weeks_of_quarter

MARK = "about=limits"
"""Stands in the choice of stories of a session about it."""
PROPOSED = 4
"""Weeks of a quarter in which it is proposed."""


def proposed_quarter(reads: Reads, who: Coordinator, now: datetime) -> str:
    """The quarter before, when somebody reads a story of it that went another way and prepared no
    session about it since; else nothing."""
    week = week_of(now)
    quarter = quarter_of(week)
    weeks = weeks_of_quarter(quarter)
    if who.role == "reader" or week not in weeks[:PROPOSED]:
        return ""
    begun, _ = span_of(weeks[0])
    if any(MARK in each.query and each.made_at >= begun for each in sessions.listed(reads, who)):
        return ""
    before = quarter_before(quarter)
    past = weeks_of_quarter(before)
    told = reading.answered(reads, who, Filters(first=past[0], last=past[-1], team=who.team))
    return before if any(sides_of(each.answers) & {"not", "instead"} for each in told) else ""
