"""Parses one event of a calendar file: its times, its words, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from icalendar import Event

from bot.meetings.calendar.ics_lines import Block, unescaped
from bot.meetings.calendar.report import ImportProblem
from bot.meetings.calendar.time_zones import UnknownZone, Zones
from bot.meetings.model.meeting import MeetingKind
from bot.meetings.model.problems import BadMeeting, MeetingProblem, ProblemCode
from bot.meetings.model.series import FIRST_YEAR, LAST_YEAR, LONGEST, check_rule
from bot.meetings.model.titles import UID_MAX, Naming, ReadRules, clean, name

MOMENTS_MAX = 1000
_TIMES = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "EXDATE", "RDATE")
_WORDS = ("UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "CATEGORIES", "DTSTAMP")
_OURS = tuple(f"X-VERTELBOT-{part}" for part in ("KIND", "HOST", "GUEST", "TEAM", "DELAY"))
_TZID = re.compile(r';TZID=("[^"]*"|[^:;]*)', re.IGNORECASE)
_READ = frozenset((*_TIMES, *_WORDS, *_OURS))


class BadEvent(BadMeeting):
    """An event that is not taken, and the line where that stands."""

    def __init__(self, line: int, code: ProblemCode, **slots: object) -> None:
        super().__init__(code, "", **slots)
        self.line = line


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as it was read. `at` is set for one meeting of a series (a date, when the calendar
    names only the day); `naming` is None when the event is no meeting of ours."""

    line: int
    uid: str
    sequence: int
    stamp: str
    start: datetime
    end: datetime
    tz: str
    all_day: bool
    at: date | None
    rrule: str
    rdates: tuple[date, ...]
    exdates: tuple[date, ...]
    cancelled: bool
    title: str
    place: str
    naming: Naming | None
    teams: tuple[str, ...]
    delay: int | None


def read_event(block: Block, zones: Zones, rules: ReadRules) -> CalendarEvent | ImportProblem:
    """Read one event; a problem when it cannot be taken."""
    uid = clean(block.first("UID")[1])
    try:
        return _Reader(block, zones, rules, uid).entry()
    except BadEvent as bad:
        return ImportProblem(bad.line, uid[:UID_MAX], bad.problem)
    except (ValueError, OverflowError):
        return ImportProblem(block.line, uid[:UID_MAX], MeetingProblem("event_unreadable"))


class _Reader:
    def __init__(self, block: Block, zones: Zones, rules: ReadRules, uid: str) -> None:
        self.block, self.zones, self.rules, self.uid = block, zones, rules, uid
        component = Event.from_ical(self._source())
        if not isinstance(component, Event):
            raise ValueError("not an event")  # noqa: TRY004
        self.event = component

    def _source(self) -> str:
        """The properties that are read, each time zone by its IANA name."""
        kept: list[str] = []
        for line, prop, text in self.block.lines:
            try:
                named = _TZID.sub(self._iana, text, count=1) if prop in _TIMES else text
            except UnknownZone:
                raise BadEvent(line, "zone_unknown") from None
            kept += [named] if prop in _READ else []
        return "\r\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT", ""])

    def _iana(self, tzid: re.Match[str]) -> str:
        return ";TZID=" + self.zones.named(tzid[1].strip('"'))

    def entry(self) -> CalendarEvent:
        naming, teams, delay = self._words()
        if not 0 < len(self.uid) <= UID_MAX:
            raise self._bad("UID", "event_without_uid")
        value = self._one("DTSTART")
        if value is None:
            raise self._bad("DTSTART", "event_without_start")
        start = self._moment("DTSTART", value)
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise self._bad("DTSTART", "event_in_another_age")
        all_day = not isinstance(value.dt, datetime)
        tzid = str(value.params.get("TZID", ""))
        tz = self.zones.named(tzid)
        if not all_day and (tz == "UTC" or (value.dt.tzinfo is not None and not tzid)):
            repeats = self.block.first("RRULE")[1]
            tz = "UTC" if repeats and not self.zones.own else self.zones.home
        rrule = self._rule(start, tz)
        at = self._one("RECURRENCE-ID")
        if at is not None and "RANGE" in at.params:
            raise self._bad("RECURRENCE-ID", "event_changes_later_ones")
        return CalendarEvent(
            line=self.block.line,
            uid=self.uid,
            sequence=self._number("SEQUENCE") or 0,
            stamp=self.block.first("DTSTAMP")[1],
            start=start,
            end=self._end(start, all_day, tz),
            tz=tz,
            all_day=all_day,
            at=self._when("RECURRENCE-ID", at) if at is not None else None,
            rrule=rrule,
            rdates=self._moments("RDATE"),
            exdates=self._moments("EXDATE"),
            cancelled=self._text("STATUS").upper() == "CANCELLED",
            title=clean(self._text("SUMMARY")),
            place=clean(self._text("LOCATION")),
            naming=naming,
            teams=teams,
            delay=delay,
        )

    def _words(self) -> tuple[Naming | None, tuple[str, ...], int | None]:
        given = self._text("X-VERTELBOT-KIND")
        kind: MeetingKind | None = next(
            (one for one in get_args(MeetingKind) if one == given), None
        )
        naming = name(self._text("SUMMARY"), self._categories(), self.rules, kind)
        if naming and naming.kind == "visit" and kind:
            host, guest = self._own("X-VERTELBOT-HOST"), self._own("X-VERTELBOT-GUEST")
            naming = Naming(kind, naming.title, "".join(host[:1]), "".join(guest[:1]))
        return naming, self._own("X-VERTELBOT-TEAM"), self._number("X-VERTELBOT-DELAY")

    def _end(self, start: datetime, all_day: bool, tz: str) -> datetime:
        given, length = self._one("DTEND"), self._one("DURATION")
        if given is not None:
            if isinstance(given.dt, datetime) is all_day:
                raise self._bad("DTEND", "event_end_is_a_day")
            end = self._moment("DTEND", given)
        elif length is not None:
            if not isinstance(length.dt, timedelta) or (all_day and length.dt.seconds):
                raise self._bad("DURATION", "event_duration_unreadable")
            end = self._after(start, length.dt, tz)
        else:
            end = start
        if end < start:
            raise self._bad("DTEND", "event_ends_before")
        if end - start > LONGEST:
            raise self._bad("DTEND", "event_too_long")
        if end == start:
            usual = timedelta(days=1) if all_day else timedelta(minutes=self.rules.length)
            end = self._after(start, usual, tz)
        return end

    def _after(self, start: datetime, length: timedelta, tz: str) -> datetime:
        """Whole days are counted on the clock, hours are elapsed time."""
        days, hours = timedelta(days=length.days), timedelta(seconds=length.seconds)
        local = start.astimezone(ZoneInfo(tz)) + days
        return local.astimezone(UTC) + hours

    def _rule(self, start: datetime, tz: str) -> str:
        rules = [text for _, found, text in self.block.lines if found == "RRULE"]
        if not rules:
            return ""
        line, rule = self.block.first("RRULE")
        if len(rules) > 1:
            raise BadEvent(line, "event_with_two_rules")
        try:
            return check_rule(rule, start, tz)
        except BadMeeting as bad:
            raise BadEvent(line, bad.problem.code, **bad.problem.slots) from None

    def _moments(self, prop: str) -> tuple[date, ...]:
        found = self.event.get(prop, [])
        lists = found if isinstance(found, list) else [found]
        values = [value for one in lists for value in getattr(one, "dts", [None])]
        if len(values) > MOMENTS_MAX:
            raise self._bad(prop, "event_with_too_many_dates", n=MOMENTS_MAX)
        if None in values:
            raise self._bad(prop, "event_date_unreadable")
        return tuple(sorted({self._when(prop, value) for value in values}, key=str))

    def _when(self, prop: str, value: Any) -> date:
        """A moment in UTC, or the date when only the day is named."""
        when = value.dt[0] if isinstance(value.dt, tuple) else value.dt
        if not isinstance(when, date):
            raise self._bad(prop, "event_time_unreadable")
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise self._bad(prop, "event_time_in_another_age")
        return self._moment(prop, value) if isinstance(when, datetime) else when

    def _moment(self, prop: str, value: Any) -> datetime:
        """A moment in UTC; of a day its beginning."""
        when = value.dt[0] if isinstance(value.dt, tuple) else value.dt
        if not isinstance(when, date):
            raise self._bad(prop, "event_time_unreadable")
        return self.zones.moment(when, str(value.params.get("TZID", "")))

    def _one(self, prop: str) -> Any:
        """A time of the event, None when it is not there."""
        value = self.event.get(prop)
        if value is None:
            return None
        if isinstance(value, Sequence) or not hasattr(value, "dt"):
            raise self._bad(prop, "event_time_not_single")
        return value

    def _text(self, prop: str) -> str:
        value = self.event.get(prop, "")
        return str(value[0] if isinstance(value, list) else value)

    def _own(self, prop: str) -> tuple[str, ...]:
        """The texts of a property that only we write; the library leaves those escaped."""
        texts = [text.partition(":")[2] for _, found, text in self.block.lines if found == prop]
        return tuple(filter(None, (clean(unescaped(text)) for text in texts)))

    def _categories(self) -> tuple[str, ...]:
        found = self.event.get("CATEGORIES", [])
        lists = found if isinstance(found, list) else [found]
        return tuple(str(one) for group in lists for one in getattr(group, "cats", []))

    def _number(self, prop: str) -> int | None:
        digits = self.block.first(prop)[1]
        return int(digits) if digits.isdecimal() and len(digits) < 10 else None

    def _bad(self, prop: str, code: ProblemCode, **slots: object) -> BadEvent:
        return BadEvent(self.block.first(prop)[0], code, **slots)
