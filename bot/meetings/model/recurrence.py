"""The days that a rule gives. Expanding is left to recurring-ical-events; a rule that would keep it
busy is refused first. Read when the first series comes: what it needs is large."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur

from bot.meetings.model.meeting import COUNT_MAX, FIRST_YEAR, LAST_YEAR, YEARS, Meeting
from bot.meetings.model.problems import BadMeeting

_RULE_MAX = 500
_RULE = re.compile(r"[A-Z0-9=;,:+-]+")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = timedelta(days=1)


def check_rule(rule: str, start: datetime, tz: str) -> str:
    """The RRULE as it is kept. Raises BadMeeting when it is not valid, never happens, or happens
    without measure."""
    rule = rule.upper()
    if len(rule) > _RULE_MAX:
        raise BadMeeting("rule_too_long", "repeat", n=_RULE_MAX)
    unreadable = BadMeeting("rule_unreadable", "repeat")
    if not _RULE.fullmatch(rule):
        raise unreadable
    try:
        parts = vRecur.from_ical(rule)
        frequency = str(parts["FREQ"][0]).upper()
        count = int(parts["COUNT"][0]) if "COUNT" in parts else None
        interval = int(parts["INTERVAL"][0]) if "INTERVAL" in parts else 1
    except (ValueError, KeyError, IndexError, TypeError):
        raise unreadable from None
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise BadMeeting("rule_in_another_age", "repeat", n=FIRST_YEAR)
    if frequency not in _FREQUENCIES or {"BYHOUR", "BYMINUTE", "BYSECOND"} & set(parts):
        raise BadMeeting("rule_within_a_day", "repeat")
    if "RSCALE" in parts:
        raise BadMeeting("rule_of_another_calendar", "repeat")
    if not 1 <= interval <= COUNT_MAX or (count is not None and not 1 <= count <= COUNT_MAX):
        raise BadMeeting("rule_too_often", "repeat", n=COUNT_MAX)
    if "UNTIL" in parts and (count or ends_by(parts, tz) < start):
        raise BadMeeting("rule_end_wrong", "repeat")
    _probe(rule, count, start.astimezone(ZoneInfo(tz)).replace(tzinfo=None))
    kept: Any = parts
    return str(kept.to_ical(), "ascii")


def rule_of(meeting: Meeting) -> vRecur:
    """Of a meeting without a rule: an empty one."""
    return vRecur.from_ical(meeting.rrule) if meeting.rrule else vRecur()


def ends_by(rule: vRecur, tz: str) -> datetime:
    """The end of a rule as a moment: a date, or a time without a zone, is the meeting's own."""
    until = rule["UNTIL"][0]
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.max)
    return (until if until.tzinfo else until.replace(tzinfo=ZoneInfo(tz))).astimezone(UTC)


def expanded(meeting: Meeting, since: datetime, until: datetime) -> Sequence[Any]:
    """The days of a series between two moments, as events of a calendar. Its rule must have passed
    `check_rule`."""
    found: Sequence[Any] = recurring_ical_events.of(_calendar(meeting, until)).between(since, until)
    return found


def _probe(rule: str, count: int | None, start: datetime) -> None:
    """See that a rule gives meetings soon enough.

    dateutil looks for the next date up to the year 9999. The calendar is the same every 28 years
    and every 400, so the search is done in the last decades before that year: it ends soon.
    """
    start = start.replace(year=9961 + (start.year + 8000 - 9961) % 28)
    horizon = start + timedelta(days=366 * YEARS)
    parts = [part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    parts.append(f"UNTIL={horizon:%Y%m%dT%H%M%S}")
    try:
        found = list(islice(rrulestr("RRULE:" + ";".join(parts), dtstart=start), count or 1))
    except (ValueError, TypeError):
        raise BadMeeting("rule_unreadable", "repeat") from None
    if not found:
        raise BadMeeting("rule_never", "repeat")
    if count and len(found) < count:
        raise BadMeeting("series_too_long", "repeat", n=YEARS)


def _calendar(meeting: Meeting, until: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add_component(_master(meeting, until))
    for override in meeting.overrides:
        event = Event()
        event.add("UID", meeting.uid)
        event.add("RECURRENCE-ID", meeting.local(override.at))
        event.add("DTSTART", meeting.local(override.start))
        event.add("DTEND", meeting.local(override.end))
        event.add("SUMMARY", override.title)
        event.add("LOCATION", override.place)
        event.add("STATUS", "CANCELLED" if override.cancelled else "CONFIRMED")
        calendar.add_component(event)
    return calendar


def _master(meeting: Meeting, until: datetime) -> Event:
    event = Event()
    event.add("UID", meeting.uid)
    event.add("DTSTART", meeting.local(meeting.start))
    event.add("DTEND", meeting.local(meeting.end))
    if meeting.rrule:
        rule = rule_of(meeting)
        if "COUNT" not in rule:
            ends = [until + _DAY, *([ends_by(rule, meeting.tz)] if "UNTIL" in rule else [])]
            rule["UNTIL"] = [min(ends)]
        event.add("RRULE", rule)
    for moment in meeting.rdates:
        event.add("RDATE", meeting.local(moment))
    for moment in meeting.exdates:
        event.add("EXDATE", meeting.local(moment))
    return event
