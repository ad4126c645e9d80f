"""The agenda: plans, changes and calls off meetings; their people and prompts follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.meetings.change_notices import news_of, tell
from bot.meetings.model.codes import new_code
from bot.meetings.model.meeting import Meeting, MeetingKind, Occurrence, Override
from bot.meetings.model.rows import from_row, to_row
from bot.meetings.model.series import called_off, occurrence
from bot.meetings.prompts.planning import plan, replan, rules_of
from bot.services import Services
from storage.engine.transaction import Reads, Transaction
from storage.meetings import cancellations, meetings
from storage.meetings.cancellations import MeetingOrDay
from storage.meetings.meetings import StoredMeeting
from storage.vault.vault import new_id

if TYPE_CHECKING:
    from bot.meetings.calendar.changes.diff import Changes
    from bot.meetings.calendar.report import Report

TIME_TO_THINK = timedelta(minutes=10)
"""How long a meeting that is called off on the page can be taken back, before anybody is told."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting, and how many take part."""

    meeting: Meeting
    joined: int

    def json(self) -> dict[str, Any]:
        """As `vertelbot meeting list --json` prints it. Times are on the clock of the meeting."""
        one = self.meeting
        sides = (one.host_team, one.guest_team) if one.kind == "visit" else one.teams
        return {
            "id": one.id,
            "uid": one.uid,
            "kind": one.kind,
            "title": one.title,
            "start": one.local(one.start).isoformat(),
            "end": one.local(one.end).isoformat(),
            "tz": one.tz,
            "rrule": one.rrule or None,
            "state": one.state,
            "code": one.code,
            "teams": [team for team in sides if team],
            "joined": self.joined,
        }


def listed(
    reads: Reads,
) -> list[Listed]:
    """All meetings, by their beginning."""
    counts = meetings.counts(reads)
    found = [from_row(row) for row in meetings.listed(reads)]
    found.sort(key=lambda one: (one.start, one.title, one.id))
    return [Listed(one, counts.get(one.id, 0)) for one in found]


def joined(reads: Reads, meeting: Meeting) -> int:
    """How many take part."""
    return len(meetings.members(reads, meeting.id))


def find(reads: Reads, name: str) -> Meeting | None:
    """A meeting by its id or its code, as it is printed."""
    row = meetings.by_id(reads, name) or meetings.by_code(reads, name)
    return None if row is None else from_row(row)


def add(
    connection: Transaction,
    services: Services,
    meeting: Meeting,
    now: datetime,
    feed_id: str | None = None,
) -> Meeting:
    """Plan a meeting; it gets an id and a code."""
    code = new_code()
    while meetings.code_taken(connection, code):
        code = new_code()
    made = replace(meeting, id=new_id(), code=code)
    row = meetings.add(connection, to_row(made, feed_id))
    if made.state != "cancelled":
        plan(connection, row, now, rules_of(services.settings.prompts))
    return made


def change(connection: Transaction, services: Services, after: Meeting, now: datetime) -> None:
    """Keep a changed meeting. When it, or a meeting of the series, is on another time or off, who
    takes part hears so, and the prompts follow."""
    known = meetings.locked(connection, after.id)
    if known is None:
        return
    before = from_row(known)
    row = replace(to_row(after, known.feed_id), planned_until=known.planned_until)
    meetings.save(connection, row)
    replan(connection, row, now, rules_of(services.settings.prompts))
    tell(connection, services, after, news_of(before, after, now), now)


def cancel(
    connection: Transaction,
    services: Services,
    meeting: Meeting,
    now: datetime,
    day: date | None = None,
) -> Meeting | None:
    """Call off a meeting, or one of a series; None when it does not meet on that day."""
    one = None if day is None else _on(meeting, day)
    if day is not None and one is None:
        return None
    cancellations.take_back(connection, _which(meeting, day))
    if one is None or not meeting.series:
        after = replace(meeting, state="cancelled")
    else:
        off = Override(one.at, one.start, one.end, one.title, one.place, cancelled=True)
        after = _with_day(meeting, off)
    return _store(connection, services, after, now)


def cancel_soon(
    connection: Transaction, meeting: Meeting, now: datetime, day: date | None = None
) -> bool:
    """Call off a meeting, or one of a series, after a time to think again. False when it is off
    already, or does not meet on that day."""
    one = None if day is None else _on(meeting, day)
    if day is not None and one is None:
        return False
    if (one or meeting).state == "cancelled":
        return False
    cancellations.ask(connection, _which(meeting, day), now + TIME_TO_THINK)
    return True


def keep(connection: Transaction, meeting: Meeting, day: date | None = None) -> bool:
    """A meeting that would be off soon goes on after all. False when it is too late for that."""
    return cancellations.take_back(connection, _which(meeting, day))


def cancel_due(connection: Transaction, services: Services, now: datetime) -> bool:
    """Carry out one cancellation whose time to think is over. False when there is none."""
    which = cancellations.take_due(connection, now)
    if which is None:
        return False
    row = meetings.locked(connection, which.meeting_id)
    if row is not None and not called_off(from_row(row), which.day):
        day = date.fromisoformat(which.day) if which.day else None
        cancel(connection, services, from_row(row), now, day)
    return True


def move(
    connection: Transaction,
    services: Services,
    meeting: Meeting,
    span: tuple[datetime, datetime],
    now: datetime,
    day: date | None = None,
) -> Meeting | None:
    """Give a meeting another beginning and end (in UTC), or the one of a series that belongs to a
    day; None when there is none on that day, or when a series is moved without one."""
    one = occurrence(meeting, day or meeting.local(meeting.start).date())
    if one is None or (meeting.series and day is None):
        return None
    cancellations.take_back(connection, _which(meeting, day))
    start, end = span
    if meeting.series:
        after = _with_day(meeting, Override(one.at, start, end, one.title, one.place))
    else:
        after = replace(meeting, start=start, end=end, all_day=False, state="moved")
    return _store(connection, services, after, now)


def known_kinds(
    reads: Reads, may: Callable[[Meeting], bool] = lambda _: True
) -> dict[str, MeetingKind]:
    """The kinds of the known meetings by the names that calendars have for them; only of those that
    someone `may` see."""
    found = (from_row(row) for row in meetings.listed(reads))
    return {uid: one.kind for one in found if may(one) for uid in one.uids}


def apply(
    connection: Transaction,
    services: Services,
    report: Report,
    now: datetime,
    feed_id: str | None = None,
    *,
    others: bool = False,
    may: Callable[[Meeting], bool] = lambda _: True,
) -> Changes:
    """Take over what was read: new meetings, changed ones, and (of a feed) those that are gone.
    `others`: there are other feeds, to which one may have moved. Only what someone `may` see is
    recognised as what is meant."""
    found = _rows_for(connection, report, feed_id)
    rows = {key: row for key, row in found.items() if may(from_row(row))}
    own = frozenset(row.uid for row in rows.values() if feed_id and row.feed_id == feed_id)
    from bot.meetings.calendar.changes.diff import FeedRead, diff  # few have a calendar read

    feed = None if feed_id is None else FeedRead(own, others)
    changes = diff(map(from_row, rows.values()), report, now, feed=feed)
    for meeting in changes.added:
        add(connection, services, meeting, now, feed_id)
    for each in (*changes.changed, *changes.cancelled):
        change(connection, services, each.after, now)
    for each in changes.quiet:
        row = rows[each.before.id]
        kept = replace(to_row(each.after, row.feed_id), planned_until=row.planned_until)
        meetings.save(connection, kept)
    names = {one.uid for one in report.meetings}
    for row in rows.values():
        if feed_id and row.feed_id not in (None, feed_id):
            before = from_row(row)
            if before.noted == "missing" and names & set(before.uids):
                meetings.belongs_to(connection, row.id, feed_id)
    for meeting in changes.absorbed:
        if not joined(connection, meeting):
            meetings.remove(connection, meeting.id)
    return changes


def _with_day(meeting: Meeting, day: Override) -> Meeting:
    from bot.meetings.calendar.changes.itip import with_day  # large, and few change a series

    return with_day(meeting, day)


def _rows_for(reads: Transaction, report: Report, feed_id: str | None) -> dict[str, StoredMeeting]:
    """The known meetings that a report may be about, by id. Where a name is not known, any that
    goes on may be meant, or one day of a new series."""
    names = {*(one.uid for one in report.meetings), *(one.uid for one in report.messages)}
    found = meetings.by_uids(reads, names)
    if feed_id is not None:
        found += meetings.listed(reads, feed_id=feed_id)
    if names - {uid for row in found for uid in from_row(row).uids}:
        found += meetings.listed(reads)
    return {row.id: row for row in found}


def _on(meeting: Meeting, day: date) -> Occurrence | None:
    """The meeting that belongs to a day; None when there is none."""
    one = occurrence(meeting, day)
    return one if one is not None and meeting.local(one.at).date() == day else None


def _which(meeting: Meeting, day: date | None) -> MeetingOrDay:
    return MeetingOrDay(meeting.id, day.isoformat() if day is not None and meeting.series else "")


def _store(connection: Transaction, services: Services, after: Meeting, now: datetime) -> Meeting:
    """Store a changed meeting, as a later version than any calendar has."""
    newer = replace(after, sequence=after.sequence + 1, noted="")
    change(connection, services, newer, now)
    return newer
