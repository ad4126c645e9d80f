"""Which meetings a series consists of. Expanding is left to recurring-ical-events; a rule that
would keep it busy is refused first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur

from bot.meetings.model.meeting import Meeting, MeetingState, Occurrence
from bot.meetings.model.problems import BadMeeting

YEARS = 10
"""A rule must give its first meeting, and with COUNT its last, within this many years."""

COUNT_MAX = 1000
FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST = timedelta(days=31)
"""What lasts longer is no meeting."""
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


def occurrences(meeting: Meeting, since: datetime, until: datetime) -> tuple[Occurrence, ...]:
    """The meetings that lie, at least partly, between two moments; also cancelled ones, in order
    of their start. A rule must have passed `check_rule`."""
    if meeting.parts:
        return _of_parts(meeting, since, until)
    if not meeting.series:
        overlaps = meeting.start < until and meeting.end >= since
        return (_single(meeting),) if overlaps else ()
    found = recurring_ical_events.of(_calendar(meeting, until)).between(since, until)
    made = [_occurrence(meeting, event) for event in found]
    return tuple(sorted(made, key=lambda one: (one.start, one.at)))


def occurrence(meeting: Meeting, day: date) -> Occurrence | None:
    """The meeting of a series that belongs to a day, wherever it has moved; None when there is
    none (any more)."""
    if not meeting.series:
        return _single(meeting)
    bare = [
        one
        for part in (meeting, *meeting.parts)
        for override in part.overrides
        for one in occurrences(meeting, override.start, override.end + timedelta(seconds=1))
    ]
    midnight = datetime.combine(day, time(), ZoneInfo(meeting.tz)).astimezone(UTC)
    usual = occurrences(meeting, midnight, midnight + 2 * _DAY)
    return next((one for one in (*bare, *usual) if meeting.local(one.at).date() == day), None)


def last_held(meeting: Meeting, moment: datetime) -> Occurrence | None:
    """The last one that was over by a moment, of the two years before it."""
    found = occurrences(meeting, moment - 730 * _DAY, moment)
    over = [one for one in found if one.state != "cancelled" and one.end <= moment]
    return max(over, key=lambda one: one.end, default=None)


def called_off(meeting: Meeting, day: str) -> bool:
    """Whether a meeting, or the one of a series that belongs to a day, is said to be off."""
    pieces = (meeting, *meeting.parts)
    off = [at for piece in pieces for at in piece.exdates]
    off += [one.at for piece in pieces for one in piece.overrides if one.cancelled]
    days = (f"{meeting.local(at):%Y-%m-%d}" for at in off)
    return meeting.state == "cancelled" or (bool(day) and day in days)


def goes_on(meeting: Meeting, moment: datetime) -> bool:
    """Whether some of it, or all of it, still lies ahead of a moment."""
    if any(override.end > moment for override in meeting.overrides):
        return True
    if meeting.parts:
        parts = [replace(meeting, parts=()), *meeting.parts]
        return any(goes_on(part, moment) for part in parts if part.state != "cancelled")
    if not meeting.series:
        return meeting.end > moment
    rule = vRecur.from_ical(meeting.rrule) if meeting.rrule else vRecur()
    if not meeting.rrule or "COUNT" in rule:
        far = max((meeting.start, *meeting.rdates)) + timedelta(days=366 * YEARS)
        return any(one.end > moment for one in occurrences(meeting, moment, far))
    return "UNTIL" not in rule or ends_by(rule, meeting.tz) > moment


def ends_by(rule: vRecur, tz: str) -> datetime:
    """The end of a rule as a moment: a date, or a time without a zone, is the meeting's own."""
    until = rule["UNTIL"][0]
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.max)
    return (until if until.tzinfo else until.replace(tzinfo=ZoneInfo(tz))).astimezone(UTC)


def _of_parts(meeting: Meeting, since: datetime, until: datetime) -> tuple[Occurrence, ...]:
    """The meetings of all stretches of a series; of two on one day the one that is held."""
    found: dict[date, Occurrence] = {}
    for piece in (replace(meeting, parts=()), *meeting.parts):
        for one in occurrences(piece, since, until):
            state = "cancelled" if meeting.state == "cancelled" else one.state
            made = replace(one, meeting=meeting, state=state)
            day = meeting.local(one.at).date()
            if day not in found or found[day].state == "cancelled":
                found[day] = made
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.at)))


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
        rule = vRecur.from_ical(meeting.rrule)
        if "COUNT" not in rule:
            ends = [until + _DAY, *([ends_by(rule, meeting.tz)] if "UNTIL" in rule else [])]
            rule["UNTIL"] = [min(ends)]
        event.add("RRULE", rule)
    for moment in meeting.rdates:
        event.add("RDATE", meeting.local(moment))
    for moment in meeting.exdates:
        event.add("EXDATE", meeting.local(moment))
    return event


def _single(meeting: Meeting) -> Occurrence:
    return Occurrence(
        meeting,
        meeting.start,
        meeting.start,
        meeting.end,
        meeting.title,
        meeting.place,
        meeting.state,
    )


def _occurrence(meeting: Meeting, event: Any) -> Occurrence:
    start, end = (event[name].dt.astimezone(UTC) for name in ("DTSTART", "DTEND"))
    at = event["RECURRENCE-ID"].dt.astimezone(UTC) if "RECURRENCE-ID" in event else start
    override = next((one for one in meeting.overrides if one.at == at), None)
    state: MeetingState = meeting.state
    if override and state != "cancelled":
        state = "cancelled" if override.cancelled else "moved" if start != at else state
    title = override.title if override else meeting.title
    place = override.place if override else meeting.place
    return Occurrence(meeting, at, start, end, title, place, state)
