"""Reads iCalendar files into meetings. A bad event is a problem in the report; the others are
taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.meetings.calendar.ics_event import CalendarEvent, read_event
from bot.meetings.calendar.ics_lines import CalendarFile, cut, unescaped
from bot.meetings.calendar.report import PROBLEMS_MAX, ImportProblem, Report, refused
from bot.meetings.calendar.time_zones import Zones
from bot.meetings.model.meeting import Meeting, Override
from bot.meetings.model.problems import MeetingProblem
from bot.meetings.model.titles import ReadRules


def read_calendar(data: bytes, rules: ReadRules | None = None) -> Report:
    """Read a calendar file. Whatever it holds, this returns a report and raises nothing."""
    rules = rules or ReadRules()
    if len(data) > rules.max_bytes:
        return refused("calendar_too_large", n=f"{rules.max_bytes / 1e6:g}")
    file = cut(data)
    if not file.calendar:
        return refused("no_calendar")
    if len(file.events) > rules.max_events:
        return refused("too_many_events", n=rules.max_events)
    return _report(file, rules)


def _report(file: CalendarFile, rules: ReadRules) -> Report:
    explained = {unescaped(zone.first("TZID")[1]): zone.text() for zone in file.zones}
    zones = Zones(rules.tz, explained, file.properties.get("X-WR-TIMEZONE", ""))
    problems = [
        ImportProblem(block.line, block.first("UID")[1], MeetingProblem("event_unclosed"))
        for block in file.unclosed
    ]
    if not file.whole:
        problems.append(ImportProblem(0, "", MeetingProblem("breaks_off")))
    series: defaultdict[str, list[CalendarEvent]] = defaultdict(list)
    for block in file.events:
        if len(problems) > PROBLEMS_MAX:
            break  # whoever sends this many bad events wants us busy
        found = read_event(block, zones, rules)
        if isinstance(found, ImportProblem):
            problems.append(found)
        else:
            series[found.uid].append(found)
    broken = {problem.uid for problem in problems}
    meetings: list[Meeting] = []
    ignored = 0
    for uid, entries in series.items():
        latest = _latest(entries)
        master = latest.pop(None, None)
        if master is None and uid in broken:
            continue
        made = [_meeting(master, latest.values())] if master else map(_alone, latest.values())
        found_meetings = [meeting for meeting in made if meeting]
        meetings += found_meetings
        ignored += not found_meetings
    if file.properties.get("METHOD", "").upper() == "CANCEL":
        meetings = [replace(meeting, state="cancelled") for meeting in meetings]
    problems.sort(key=lambda problem: problem.line)
    complete = file.whole and len(problems) <= PROBLEMS_MAX
    return Report(tuple(meetings), tuple(problems[:PROBLEMS_MAX]), ignored, complete)


def _latest(entries: Iterable[CalendarEvent]) -> dict[date | None, CalendarEvent]:
    """The last version of the series itself (None) and of each meeting that differs."""
    latest: dict[date | None, CalendarEvent] = {}
    for entry in entries:
        known = latest.get(entry.at)
        if known is None or (entry.sequence, entry.stamp) >= (known.sequence, known.stamp):
            latest[entry.at] = entry
    return latest


def _meeting(entry: CalendarEvent, changed: Iterable[CalendarEvent] = ()) -> Meeting | None:
    naming = entry.naming
    if naming is None:
        return None
    overrides = [
        Override(
            at=_moment(one.at, entry),
            start=one.start,
            end=one.end,
            title=one.naming.title if one.naming else one.title or naming.title,
            place=one.place,
            cancelled=one.cancelled,
        )
        for one in changed
        if one.at is not None and (entry.rrule or entry.rdates)
    ]
    return Meeting(
        uid=entry.uid,
        sequence=max([entry.sequence, *(one.sequence for one in changed)]),
        kind=naming.kind,
        title=naming.title,
        start=entry.start,
        end=entry.end,
        tz=entry.tz,
        place=entry.place,
        rrule=entry.rrule,
        rdates=tuple(_moment(one, entry) for one in entry.rdates),
        exdates=tuple(_moment(one, entry) for one in entry.exdates),
        overrides=tuple(sorted(overrides, key=lambda one: one.at)),
        all_day=entry.all_day,
        state="cancelled" if entry.cancelled else "planned",
        host_team=naming.host_team,
        guest_team=naming.guest_team,
        teams=entry.teams,
        delay=entry.delay,
    )


def _alone(entry: CalendarEvent) -> Meeting | None:
    """One meeting of a series that is not in the file: whoever was invited to a single one."""
    meeting = _meeting(entry)
    if meeting is None or entry.at is None:
        return meeting
    return replace(meeting, uid=f"{entry.uid}#{_moment(entry.at, entry):%Y%m%dT%H%M%SZ}")


def _moment(at: date, entry: CalendarEvent) -> datetime:
    """A day alone means the meeting that begins on it at the usual time, which is also the only
    one that an all-day series can mean."""
    zone = ZoneInfo(entry.tz)
    if isinstance(at, datetime):
        if not entry.all_day:
            return at
        at = at.astimezone(zone).date()
    usual: time = entry.start.astimezone(zone).time()
    return datetime.combine(at, usual, zone).astimezone(UTC)
