"""The difference between a newly read calendar and the meetings that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.meetings.calendar.report import Report
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import goes_on

MANY = 3
"""So many meetings gone at once, and more than half of those to come, may be a mistake."""


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A meeting before and after; `after` keeps what is ours: id, code, and what a calendar does
    not say (teams, delay)."""

    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class Changes:
    """What to store: new meetings, changed ones, and those that are off from now on. `doubted` is
    how many unchanged ones are gone, but so many at once that it is not believed yet."""

    added: tuple[Meeting, ...] = ()
    changed: tuple[MeetingChange, ...] = ()
    unchanged: tuple[Meeting, ...] = ()
    cancelled: tuple[MeetingChange, ...] = ()
    doubted: int = 0


def diff(
    known: Iterable[Meeting],
    read: Report,
    now: datetime,
    *,
    feed: bool = False,
    again: bool = False,
) -> Changes:
    """Compare what is known with what was read; all by UID.

    An older SEQUENCE than the known one changes nothing. In a `feed` (the whole calendar, read to
    its end) a meeting that is no longer there is cancelled, if it still lies ahead of `now`: many
    calendars leave out what is past. One that could not be read stays as it is, and so does one
    that goes on under another UID. When most of a feed is gone, that is believed only if it is so
    `again`.
    """
    before = {meeting.uid: meeting for meeting in known}
    pairs = [(before.pop(found.uid, None), found) for found in read.meetings]
    if feed:
        pairs = _renamed(before, pairs)
    added: list[Meeting] = []
    changed: list[MeetingChange] = []
    unchanged: list[Meeting] = []
    cancelled: list[MeetingChange] = []
    for old, found in pairs:
        if old is None:
            added.append(found)
            continue
        new = _merged(old, found)
        older = found.uid == old.uid and found.sequence < old.sequence
        if older or new == old:
            unchanged.append(old)
        elif new.state == "cancelled" and old.state != "cancelled":
            cancelled.append(MeetingChange(old, new))
        else:
            changed.append(MeetingChange(old, new))
    gone = _gone(before, read, now) if feed and read.complete else []
    doubted = 0 if again or len(gone) < MANY else _most(gone, pairs, now)
    if not doubted:
        cancelled += [MeetingChange(old, replace(old, state="cancelled")) for old in gone]
    off = {change.before.uid for change in cancelled}
    unchanged += [old for uid, old in before.items() if uid not in off]
    return Changes(tuple(added), tuple(changed), tuple(unchanged), tuple(cancelled), doubted)


def _renamed(
    before: dict[str, Meeting], pairs: list[tuple[Meeting | None, Meeting]]
) -> list[tuple[Meeting | None, Meeting]]:
    """Some calendars give a meeting another UID every time: then it is known by the rest. What is
    found is taken out of `before`."""
    uids: list[str]
    alike: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for uid, old in before.items():
        alike[_looks(old)].append(uid)
    found: list[tuple[Meeting | None, Meeting]] = []
    for known, new in pairs:
        uids = [] if known else alike[_looks(new)]
        found.append((before.pop(uids.pop(0)) if uids else known, new))
    return found


def _gone(before: dict[str, Meeting], read: Report, now: datetime) -> list[Meeting]:
    """What a feed does not hold any more, although it lies ahead and could have been read."""
    unreadable = {problem.uid for problem in read.problems}
    return [
        old
        for old in before.values()
        if old.state != "cancelled"
        and old.uid.partition("#")[0] not in unreadable
        and goes_on(old, now)
    ]


def _most(gone: list[Meeting], pairs: list[tuple[Meeting | None, Meeting]], now: datetime) -> int:
    """How many are gone, if that is more than half of what lies ahead; else 0."""
    here = sum(goes_on(old, now) for old, _ in pairs if old and old.state != "cancelled")
    return len(gone) if len(gone) > here else 0


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


def _looks(meeting: Meeting) -> tuple[object, ...]:
    return meeting.kind, meeting.title, *_times(meeting)
