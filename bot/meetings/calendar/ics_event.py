"""Parses one event of a calendar file: its times, its words, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from icalendar import Event, vDDDTypes

from bot.meetings.calendar.ics_lines import Block, value_of, words_of
from bot.meetings.calendar.ics_rules import excluded, mended, readable
from bot.meetings.calendar.ics_times import plain_times
from bot.meetings.calendar.report import ImportProblem
from bot.meetings.calendar.time_zones import UnknownZone, Zones
from bot.meetings.model.meeting import FIRST_YEAR, LAST_YEAR, LONGEST, CalendarVersion, MeetingKind
from bot.meetings.model.problems import BadMeeting, MeetingProblem, ProblemCode
from bot.meetings.model.recurrence import check_rule
from bot.meetings.model.titles import UID_MAX, Naming, ReadRules, clean, name

MOMENTS_MAX = 1000
_TIMES = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "EXDATE", "RDATE")
_WORDS = ("UID", "SEQUENCE", "STATUS", "DTSTAMP", "LAST-MODIFIED")
_OURS = tuple(f"X-VERTELBOT-{part}" for part in ("KIND", "HOST", "GUEST", "TEAM", "DELAY"))
_TZID = re.compile(r';TZID=("[^"]*"|[^:;]*)', re.IGNORECASE)
_STAMP = re.compile(r"\d{8}T\d{6}Z?")
_COMMA = re.compile(r"(?<!\\),")
_READ = frozenset((*_TIMES, *_WORDS))
NAMES = frozenset(
    (*_READ, *_OURS, "RRULE", "EXRULE", "RELATED-TO", "SUMMARY", "LOCATION", "CATEGORIES")
)
"""The properties of an event that are looked at."""


class BadEvent(BadMeeting):
    """An event that is not taken, and the line where that stands."""

    def __init__(self, line: int, code: ProblemCode, **slots: object) -> None:
        super().__init__(code, "", **slots)
        self.line = line


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as it was read. `at` is set for one meeting of a series (a date, when the calendar
    names only the day), with `later` also for all that come after; `ends` are meetings of it that
    last longer or shorter than usual."""

    line: int
    uid: str
    said: CalendarVersion
    start: datetime
    end: datetime
    tz: str
    all_day: bool
    at: date | None
    later: bool
    rrule: str
    rdates: tuple[date, ...]
    exdates: tuple[date, ...]
    ends: Mapping[datetime, datetime]
    cancelled: bool
    title: str
    place: str
    naming: Naming
    teams: tuple[str, ...]
    delay: int | None


def naming_of(block: Block, rules: ReadRules, known: MeetingKind | None = None) -> Naming | None:
    """What the words of an event say; None when they do not make it a meeting of ours, and it is
    not `known` as one either."""
    given = own_words(block, "X-VERTELBOT-KIND")
    kind = next((one for one in get_args(MeetingKind) if one in given), None)
    summary, categories = _words(block, "SUMMARY"), _categories(block)
    naming = name(summary, categories, rules, kind) or (
        name(summary, categories, rules, known) if known else None
    )
    if naming and naming.kind == "visit" and kind:
        host, guest = (own_words(block, f"X-VERTELBOT-{side}")[:1] for side in ("HOST", "GUEST"))
        naming = replace(naming, host_team="".join(host), guest_team="".join(guest))
    return naming


def own_words(block: Block, prop: str) -> tuple[str, ...]:
    """The texts of a property that only we write."""
    texts = (words_of(text) for _, found, text in block.lines if found == prop)
    return tuple(filter(None, map(clean, texts)))


def uid_of(block: Block) -> str:
    """The name of an event; as it is kept."""
    return clean(block.first("UID")[1])


def read_said(block: Block) -> CalendarVersion:
    """Which version of an event this is."""
    stamps = (block.first(name)[1].upper() for name in ("LAST-MODIFIED", "DTSTAMP"))
    modified, stamp = (text if _STAMP.fullmatch(text) else "" for text in stamps)
    return CalendarVersion(number_of(block, "SEQUENCE") or 0, modified, stamp)


def number_of(block: Block, prop: str) -> int | None:
    """The first number that a property gives."""
    values = (value_of(text) for _, found, text in block.lines if found == prop)
    digits = (value for value in values if value.isdecimal() and len(value) < 10)
    return next(map(int, digits), None)


def read_at(block: Block, zones: Zones) -> tuple[date | None, bool]:
    """Which day of a series an event is about (None: all of it), and whether what comes after is
    meant too. Raises BadMeeting."""
    reader = _Reader(block, zones)
    at = reader.one("RECURRENCE-ID")
    return reader.when("RECURRENCE-ID", at) if at is not None else None, reader.later


def read_event(
    block: Block, zones: Zones, rules: ReadRules, naming: Naming
) -> CalendarEvent | ImportProblem:
    """Read one event; a problem when it cannot be taken."""
    uid = uid_of(block)
    try:
        return _Reader(block, zones).entry(rules, naming)
    except BadEvent as bad:
        return ImportProblem(bad.line, uid[:UID_MAX], bad.problem)
    except (ValueError, OverflowError):
        return ImportProblem(block.line, uid[:UID_MAX], MeetingProblem("event_unreadable"))


class _Reader:
    def __init__(self, block: Block, zones: Zones) -> None:
        self.block, self.zones, self.uid = block, zones, uid_of(block)
        component = Event.from_ical(self._source())
        if not isinstance(component, Event):
            raise ValueError("not an event")  # noqa: TRY004 - what is read is wrong, no argument
        self.event = component

    def _source(self) -> str:
        """The times, each zone by its IANA name."""
        kept: list[str] = []
        for line, prop, text in self.block.lines:
            if prop not in _READ:
                continue
            try:
                kept.append(self._with_zone(text) if prop in _TIMES else text)
            except UnknownZone:
                raise BadEvent(line, "zone_unknown") from None
        return "\r\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT", ""])

    def _with_zone(self, text: str) -> str:
        value = value_of(text)
        head = text[: text.rindex(value)].rstrip() if value else text
        text = head + plain_times(value)
        match = _TZID.search(head)
        if match is None:
            return text
        tzid = match[1].strip('"')
        named = self.zones.named(tzid)
        before, after = text[: match.start()], text[match.end() :]
        if named:
            return f"{before};TZID={named}{after}"
        return before + self.zones.in_utc(after, tzid)

    @property
    def later(self) -> bool:
        """Whether the event is about a day of a series and all that come after."""
        at = self.one("RECURRENCE-ID")
        return at is not None and "RANGE" in at.params

    def entry(self, rules: ReadRules, naming: Naming) -> CalendarEvent:
        if not 0 < len(self.uid) <= UID_MAX:
            raise self._bad("UID", "event_without_uid")
        value = self.one("DTSTART")
        if value is None:
            raise self._bad("DTSTART", "event_without_start")
        start = self._moment("DTSTART", value)
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise self._bad("DTSTART", "event_in_another_age")
        all_day = not isinstance(value.dt, datetime)
        tz = self._tz(value, all_day)
        rrule = self._rule(start, tz)
        at, rdates = self.one("RECURRENCE-ID"), self._moments("RDATE")
        return CalendarEvent(
            line=self.block.line,
            uid=self.uid,
            said=read_said(self.block),
            start=start,
            end=self._end(start, all_day, tz, rules),
            tz=tz if rrule or rdates or all_day or at is not None else rules.tz,
            all_day=all_day,
            at=self.when("RECURRENCE-ID", at) if at is not None else None,
            later=self.later,
            rrule=rrule,
            rdates=rdates,
            exdates=(*self._moments("EXDATE"), *self._excluded(start, tz)),
            ends=self._ends(),
            cancelled=naming.cancelled or self._status() == "CANCELLED",
            title=clean(_words(self.block, "SUMMARY")),
            place=clean(_words(self.block, "LOCATION")),
            naming=naming,
            teams=own_words(self.block, "X-VERTELBOT-TEAM"),
            delay=number_of(self.block, "X-VERTELBOT-DELAY"),
        )

    def _tz(self, start: vDDDTypes, all_day: bool) -> str:
        """The zone on whose clock it repeats. Times in UTC are exact, but nobody's clock: those of
        a single meeting are shown at home."""
        tzid = str(start.params.get("TZID", ""))
        line, text = next((n, t) for n, prop, t in self.block.lines if prop == "DTSTART")
        repeats = self.block.first("RRULE")[1]
        if (match := _TZID.search(text)) and not self.zones.named(match[1].strip('"')):
            if repeats:
                raise BadEvent(line, "zone_unknown")
            return self.zones.home
        tz = self.zones.named(tzid)
        if not all_day and (
            tz == "UTC" or (getattr(start.dt, "tzinfo", None) is not None and not tzid)
        ):
            return "UTC" if repeats and not self.zones.own else self.zones.home
        return tz

    def _status(self) -> str:
        value = self.event.get("STATUS", "")
        return str(value[0] if isinstance(value, list) else value).strip().upper()

    def _end(self, start: datetime, all_day: bool, tz: str, rules: ReadRules) -> datetime:
        given, length = self.one("DTEND"), self.one("DURATION")
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
            usual = timedelta(days=1) if all_day else timedelta(minutes=rules.length)
            end = self._after(start, usual, tz)
        return end

    def _after(self, start: datetime, length: timedelta, tz: str) -> datetime:
        """Whole days are counted on the clock, hours are elapsed time."""
        days, hours = timedelta(days=length.days), timedelta(seconds=length.seconds)
        local = start.astimezone(ZoneInfo(tz)) + days
        return local.astimezone(UTC) + hours

    def _rule(self, start: datetime, tz: str) -> str:
        found = [(line, value_of(text)) for line, prop, text in self.block.lines if prop == "RRULE"]
        rules = [each for each in found if readable(each[1])] or found
        if not rules:
            return ""
        line, rule = rules[0]
        if len({each for _, each in rules}) > 1:
            raise BadEvent(line, "event_with_two_rules")
        try:
            return check_rule(mended(rule, start, tz), start, tz)
        except BadMeeting as bad:
            raise BadEvent(line, bad.problem.code, **bad.problem.slots) from None

    def _excluded(self, start: datetime, tz: str) -> tuple[datetime, ...]:
        """The days that a rule takes out (RFC 2445, 4.8.5.2), as old programs write it."""
        rules = [(n, value_of(text)) for n, prop, text in self.block.lines if prop == "EXRULE"]
        try:
            return tuple(day for _, rule in rules for day in excluded(rule, start, tz))
        except BadMeeting as bad:
            raise BadEvent(rules[0][0], bad.problem.code, **bad.problem.slots) from None

    def _ends(self) -> Mapping[datetime, datetime]:
        """The ends of extra meetings that are given with a beginning and an end, or a length."""
        ends: dict[datetime, datetime] = {}
        for value in self._values("RDATE"):
            if isinstance(value.dt, tuple):
                begin, until = value.dt
                if isinstance(until, timedelta):
                    until = begin + until
                start, end = self._in_utc(begin, value), self._in_utc(until, value)
                if start < end <= start + LONGEST:
                    ends[start] = end
        return ends

    def _moments(self, prop: str) -> tuple[date, ...]:
        values = self._values(prop)
        if len(values) > MOMENTS_MAX:
            raise self._bad(prop, "event_with_too_many_dates", n=MOMENTS_MAX)
        return tuple(sorted({self.when(prop, value) for value in values}, key=str))

    def _values(self, prop: str) -> list[vDDDTypes]:
        found = self.event.get(prop, [])
        lists = found if isinstance(found, list) else [found]
        values = [value for one in lists for value in getattr(one, "dts", [None])]
        if None in values:
            raise self._bad(prop, "event_date_unreadable")
        return values

    def when(self, prop: str, value: vDDDTypes) -> date:
        """A moment in UTC, or the date when only the day is named."""
        when = value.dt[0] if isinstance(value.dt, tuple) else value.dt
        if not isinstance(when, date):
            raise self._bad(prop, "event_time_unreadable")
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise self._bad(prop, "event_time_in_another_age")
        return self._moment(prop, value) if isinstance(when, datetime) else when

    def _moment(self, prop: str, value: vDDDTypes) -> datetime:
        """A moment in UTC; of a day its beginning."""
        when = value.dt[0] if isinstance(value.dt, tuple) else value.dt
        if not isinstance(when, date):
            raise self._bad(prop, "event_time_unreadable")
        return self._in_utc(when, value)

    def _in_utc(self, when: date, value: vDDDTypes) -> datetime:
        return self.zones.moment(when, str(value.params.get("TZID", "")))

    def one(self, prop: str) -> vDDDTypes | None:
        """A time of the event, None when it is not there. Lines of a description that happen to
        look like one say nothing beside one that can be read."""
        value = self.event.get(prop)
        if value is None:
            return None
        values = value if isinstance(value, list) else [value]
        read = [each for each in values if isinstance(each, vDDDTypes)]
        if not read or len({str(each.dt) for each in read}) > 1:
            raise self._bad(prop, "event_time_not_single")
        return read[0]

    def _bad(self, prop: str, code: ProblemCode, **slots: object) -> BadEvent:
        return BadEvent(self.block.first(prop)[0], code, **slots)


def _words(block: Block, prop: str) -> str:
    """The first text of a property."""
    return next((words_of(text) for _, found, text in block.lines if found == prop), "")


def _categories(block: Block) -> tuple[str, ...]:
    texts = [text for _, found, text in block.lines if found == "CATEGORIES"]
    return tuple(words_of(f"X:{each}") for text in texts for each in _COMMA.split(value_of(text)))
