"""Which meetings a series consists of: its days by rule, its stretches, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.meetings.model.meeting import YEARS, Meeting, MeetingState, Occurrence

_DAY = timedelta(days=1)


def occurrences(meeting: Meeting, since: datetime, until: datetime) -> tuple[Occurrence, ...]:
    """The meetings that lie, at least partly, between two moments; also cancelled ones, in order
    of their start. A rule must have passed `check_rule`."""
    if meeting.parts:
        return _of_parts(meeting, since, until)
    if not meeting.series:
        overlaps = meeting.start < until and meeting.end >= since
        return (_single(meeting),) if overlaps else ()
    from bot.meetings.model.recurrence import expanded

    made = [_occurrence(meeting, event) for event in expanded(meeting, since, until)]
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
    from bot.meetings.model.recurrence import ends_by, rule_of

    rule = rule_of(meeting)
    if not meeting.rrule or "COUNT" in rule:
        far = max((meeting.start, *meeting.rdates)) + timedelta(days=366 * YEARS)
        return any(one.end > moment for one in occurrences(meeting, moment, far))
    return "UNTIL" not in rule or ends_by(rule, meeting.tz) > moment


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
