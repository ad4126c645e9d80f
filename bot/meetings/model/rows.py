"""Converts a meeting to its stored row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, cast

from bot.meetings.model.meeting import (
    YEARS,
    CalendarVersion,
    Meeting,
    MeetingKind,
    MeetingState,
    Override,
)
from bot.meetings.model.series import occurrences
from storage.meetings.meetings import StoredMeeting

_OWN = ("id", "uid", "code", "kind", "state")
"""Fields that are columns, or sealed beside the rest."""
LONG = timedelta(days=400)
"""A series of so many days, or meetings, is not expanded to see when it ends."""


def to_row(meeting: Meeting, feed_id: str | None = None) -> StoredMeeting:
    """A meeting to be stored."""
    data = {name: _plain(value) for name, value in asdict(meeting).items() if name not in _OWN}
    return StoredMeeting(
        id=meeting.id,
        uid=meeting.uid,
        code=meeting.code,
        kind=meeting.kind,
        state=meeting.state,
        data=data,
        feed_id=feed_id,
        ends_at=last_end(meeting),
    )


def from_row(row: StoredMeeting) -> Meeting:
    return Meeting(
        **_fields(row.data),
        id=row.id,
        uid=row.uid,
        code=row.code,
        kind=cast(MeetingKind, row.kind),
        state=cast(MeetingState, row.state),
    )


def _fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(stored)
    for name in ("start", "end"):
        data[name] = _moment(data[name])
    for name in ("rdates", "exdates"):
        data[name] = tuple(map(_moment, data[name]))
    data["overrides"] = tuple(
        Override(**{**one, **{name: _moment(one[name]) for name in ("at", "start", "end")}})
        for one in data["overrides"]
    )
    data["teams"] = tuple(data["teams"])
    data["aliases"] = tuple(data.get("aliases", ()))
    data["said"] = CalendarVersion(**data["said"]) if data.get("said") else None
    data["parts"] = tuple(Meeting(**_fields(part)) for part in data.get("parts", ()))
    return data


def last_end(meeting: Meeting) -> datetime | None:
    """When the last of it is over; None for a series without an end. Of a long series it may be
    later than that: a calendar full of those would keep the writer busy for minutes."""
    if meeting.parts:
        every = [last_end(part) for part in (replace(meeting, parts=()), *meeting.parts)]
        ends = [end for end in every if end is not None]
        return max(ends) if len(ends) == len(every) else None
    if not meeting.series:
        return meeting.end
    from bot.meetings.model.recurrence import ends_by, rule_of

    rule = rule_of(meeting)
    far = max((meeting.start, *meeting.rdates)) + timedelta(days=366 * YEARS)
    long = int(rule["COUNT"][0]) > LONG.days if "COUNT" in rule else False
    if "UNTIL" in rule:
        far = min(far, ends_by(rule, meeting.tz))
        long = far - meeting.start > LONG
    elif meeting.rrule and "COUNT" not in rule:
        return None
    ends = [one.end for one in meeting.overrides]
    ends += [far] if long else [one.end for one in occurrences(meeting, meeting.start, far)]
    return max(ends, default=meeting.end)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
