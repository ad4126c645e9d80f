"""What a newly read calendar changes about the meetings that are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.meetings.meeting import Meeting
from bot.meetings.report import Report
from bot.meetings.series import goes_on


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting before and after; `after` keeps what is ours: id, code, and what a calendar does
    not say (teams, delay)."""

    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class Changes:
    """What to store: new meetings, changed ones, and those that are off from now on."""

    added: tuple[Meeting, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Meeting, ...] = ()
    cancelled: tuple[Change, ...] = ()


def diff(known: Iterable[Meeting], read: Report, now: datetime, *, feed: bool = False) -> Changes:
    """Compare what is known with what was read; all by UID.

    An older SEQUENCE than the known one changes nothing. In a `feed` (the whole calendar, read to
    its end) a meeting that is no longer there is cancelled, if it still lies ahead of `now`: many
    calendars leave out what is past. One that could not be read stays as it is.
    """
    before = {meeting.uid: meeting for meeting in known}
    added: list[Meeting] = []
    changed: list[Change] = []
    unchanged: list[Meeting] = []
    cancelled: list[Change] = []
    for found in read.meetings:
        old = before.pop(found.uid, None)
        if old is None:
            added.append(found)
            continue
        new = _merged(old, found)
        if found.sequence < old.sequence or new == old:
            unchanged.append(old)
        elif new.state == "cancelled" and old.state != "cancelled":
            cancelled.append(Change(old, new))
        else:
            changed.append(Change(old, new))
    unreadable = {problem.uid for problem in read.problems}
    for old in before.values():
        gone = feed and read.complete and old.state != "cancelled" and goes_on(old, now)
        if gone and old.uid.partition("#")[0] not in unreadable:
            cancelled.append(Change(old, replace(old, state="cancelled")))
        else:
            unchanged.append(old)
    return Changes(tuple(added), tuple(changed), tuple(unchanged), tuple(cancelled))


def _merged(old: Meeting, found: Meeting) -> Meeting:
    """What was read, with what only we know. A new time makes it a moved meeting, and it stays one
    while nothing else is said."""
    new = replace(
        found,
        id=old.id,
        code=old.code,
        delay=old.delay if found.delay is None else found.delay,
        host_team=found.host_team or old.host_team,
        guest_team=found.guest_team or old.guest_team,
        teams=found.teams or old.teams,
    )
    if new.state == "cancelled":
        return new
    moved = _times(new) != _times(old)
    return replace(new, state="moved" if moved or old.state == "moved" else "planned")


def _times(meeting: Meeting) -> tuple[object, ...]:
    return meeting.start, meeting.end, meeting.tz, meeting.rrule
