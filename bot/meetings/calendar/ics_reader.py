"""Reads iCalendar files into meetings. A bad event is a problem in the report; the others are
taken, and what is no meeting of ours is passed over before anything of it is judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.meetings.calendar.changes.itip import apply_message, moment_of, split
from bot.meetings.calendar.changes.versions import fingerprinted, order
from bot.meetings.calendar.ics_event import (
    NAMES,
    CalendarEvent,
    naming_of,
    read_at,
    read_event,
    read_said,
    uid_of,
)
from bot.meetings.calendar.ics_lines import Block, CalendarPart, cut, unescaped
from bot.meetings.calendar.report import (
    PROBLEMS_MAX,
    CalendarMessage,
    ImportProblem,
    Report,
    refused,
)
from bot.meetings.calendar.time_zones import UnknownZone, Zones
from bot.meetings.calendar.unpacking import unpacked
from bot.meetings.model.meeting import CalendarVersion, Meeting, MeetingKind, Override
from bot.meetings.model.problems import BadMeeting, MeetingProblem, ProblemCode
from bot.meetings.model.titles import UID_MAX, Naming, ReadRules

_ANSWERS: Mapping[str, ProblemCode] = {
    "REPLY": "message_reply",
    "COUNTER": "message_counter",
    "DECLINECOUNTER": "message_answer",
    "REFRESH": "message_answer",
}
"""Messages between guests and organiser: they change nothing about the meeting."""


def read_calendar(
    data: bytes,
    rules: ReadRules | None = None,
    known: Mapping[str, MeetingKind] | None = None,
) -> Report:
    """Read a calendar file. Whatever it holds, this returns a report and raises nothing. `known`
    are the uids that are meetings of ours already, whatever they are called now."""
    rules = rules or ReadRules()
    data = unpacked(data, rules.max_calendar)
    if len(data) > rules.max_calendar:
        return refused("calendar_too_large", n=f"{rules.max_calendar / 1e6:g}")
    parts = cut(data, NAMES)
    if not parts:
        return refused("no_calendar")
    return _Reading(rules, known or {}).report(parts)


@dataclass(frozen=True, slots=True)
class _Ours:
    """An event that is ours, before it is read."""

    block: Block
    zones: Zones
    method: str
    naming: Naming


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event that was read; of a cancellation, as far as it goes."""

    method: str
    said: CalendarVersion
    at: date | None
    later: bool
    event: CalendarEvent | None


class _Reading:
    def __init__(self, rules: ReadRules, known: Mapping[str, MeetingKind]) -> None:
        self.rules = rules
        self.known = known
        self.of_days = {uid.partition("#")[0]: kind for uid, kind in known.items() if "#" in uid}
        self.problems: list[ImportProblem] = []
        self.notes: list[ImportProblem] = []
        self.meetings: list[Meeting] = []
        self.messages: list[CalendarMessage] = []
        self.asked: set[str] = set()
        self.ignored = 0

    def report(self, parts: Sequence[CalendarPart]) -> Report:
        for part in parts:
            for block in part.unclosed:
                self._problem(block.line, uid_of(block), "event_unclosed")
            if not part.whole:
                self._problem(0, "", "breaks_off")
        by_uid: defaultdict[str, list[_Entry]] = defaultdict(list)
        for ours in self._ours(parts):
            if len(self.problems) > PROBLEMS_MAX:
                break  # whoever sends this many bad events wants us busy
            entry = self._entry(ours)
            if entry is not None:
                by_uid[uid_of(ours.block)].append(entry)
        broken = {problem.uid for problem in self.problems}
        for uid, entries in by_uid.items():
            self._take(uid, entries, broken)
        if self.ignored:
            self.notes.insert(0, _note(0, "", "not_ours", n=self.ignored))
        self.problems.sort(key=lambda problem: problem.line)
        return Report(
            tuple(self.meetings),
            tuple(self.problems[:PROBLEMS_MAX]),
            self.ignored,
            complete=all(part.whole for part in parts) and len(self.problems) <= PROBLEMS_MAX,
            messages=tuple(self.messages),
            notes=tuple(self.notes),
            asked=frozenset(self.asked),
        )

    def _ours(self, parts: Sequence[CalendarPart]) -> list[_Ours]:
        """The events that are ours: by their own words, or because they go by the same name as one
        that is."""
        read = [
            (block, zones, part.method, naming_of(block, self.rules, self._kind(block)))
            for part in parts
            for zones in [_zones(part, self.rules)]
            for block in self._stated(part)
        ]
        groups = {uid_of(block): naming for block, _, _, naming in reversed(read) if naming}
        ours: list[_Ours] = []
        strange: Counter[str] = Counter()
        for number, (block, zones, method, naming) in enumerate(read):
            uid = uid_of(block)
            naming = naming or self._named_as(groups.get(uid), block)
            if naming is None:
                strange[uid or f"event {number}"] += 1
            else:
                ours.append(_Ours(block, zones, method, naming))
        self.ignored += len(strange)
        return self._within(ours)

    def _within(self, ours: list[_Ours]) -> list[_Ours]:
        """No more than are read at once: the series, and the latest of the rest."""
        most = self.rules.max_events
        if len(ours) <= most:
            return ours
        self._problem(0, "", "too_many_events", n=most)
        ours.sort(key=lambda one: one.block.first("DTSTART")[1], reverse=True)
        ours.sort(key=lambda one: not one.block.first("RRULE")[1])
        return ours[:most]

    def _stated(self, part: CalendarPart) -> list[Block]:
        """The events of a calendar, unless it only holds the answer of a guest."""
        code = _ANSWERS.get(part.method)
        if code is None:
            return part.events
        self.notes += [_note(block.line, uid_of(block), code) for block in part.events]
        return []

    def _kind(self, block: Block) -> MeetingKind | None:
        uid = uid_of(block)
        return self.known.get(uid) or self.of_days.get(uid)

    def _named_as(self, group: Naming | None, block: Block) -> Naming | None:
        """One of ours that only the others of its name say so of."""
        if group is None:
            return None
        own = naming_of(block, self.rules, group.kind)
        if own is None or not block.first("SUMMARY")[1]:
            return replace(group, cancelled=False)
        return own

    def _entry(self, ours: _Ours) -> _Entry | None:
        block, said = ours.block, read_said(ours.block)
        found = read_event(block, ours.zones, self.rules, ours.naming)
        if not isinstance(found, ImportProblem):
            return _Entry(ours.method, said, found.at, found.later, found)
        if ours.method == "CANCEL" and 0 < len(uid_of(block)) <= UID_MAX:
            try:  # what is called off needs no beginning
                at, later = read_at(block, ours.zones)
            except (BadMeeting, UnknownZone, ValueError, OverflowError):
                self.problems.append(found)
                return None
            return _Entry(ours.method, said, at, later, self._on_its_day(ours))
        self.problems.append(found)
        return None

    def _on_its_day(self, ours: _Ours) -> CalendarEvent | None:
        """A day that is called off without a beginning, of a series that is not known yet: it would
        have begun when the series says. It is kept for when the series comes."""
        block = ours.block
        named = next((each for each in block.lines if each[1] == "RECURRENCE-ID"), None)
        if named is None or uid_of(block) in self.known or not block.first("SUMMARY")[1]:
            return None
        number, name, text = named
        begins = (number, "DTSTART", "DTSTART" + text[len(name) :])
        made = Block(block.line, block.kind, [begins, *block.lines])
        found = read_event(made, ours.zones, self.rules, ours.naming)
        return None if isinstance(found, ImportProblem) else found

    def _take(self, uid: str, entries: Sequence[_Entry], broken: set[str]) -> None:
        stated = [one.event for one in entries if one.event and one.method not in ("CANCEL", "ADD")]
        latest = self._latest(stated)
        master = latest.pop(None, None)
        days = [
            self._message(uid, _Entry("", one.said, one.at, one.later, one))
            for one in latest.values()
        ]
        told = [self._message(uid, one) for one in entries if one.method in ("CANCEL", "ADD")]
        if master is not None:
            meeting = _meeting(master, (one for one in latest.values() if not one.later))
            for message in told:
                if order(message.said) >= order(meeting.said or CalendarVersion()):
                    meeting = apply_message(meeting, message)
            self.meetings += map(fingerprinted, self._split(meeting, latest.values()))
            self.asked |= {uid} if any(one.method == "REQUEST" for one in entries) else set()
        elif uid in self.known:
            self.messages += [*days, *told]
        elif uid not in broken:
            self._alone(uid, [*days, *told])

    @staticmethod
    def _split(meeting: Meeting, changed: Iterable[CalendarEvent]) -> list[Meeting]:
        """A series, cut at each day from which on all of it changes; the last such day first, since
        each is named by the time that it had before all of this."""
        series, rests = meeting, list[Meeting]()
        cuts = [
            (moment_of(one.at, meeting.start, meeting.tz, meeting.all_day), one)
            for one in changed
            if one.at and one.later
        ]
        for at, one in sorted(cuts, key=lambda cut: cut[0], reverse=True):
            series, rest = split(series, at, None if one.cancelled else _meeting(one))
            rests += [rest] if rest else []
        return [series, *reversed(rests)]

    def _alone(self, uid: str, messages: Iterable[CalendarMessage]) -> None:
        """Days of a series that is not known: whoever was invited to a single one. What is off of
        it, is off of the days that are known."""
        for message in messages:
            if uid in self.of_days and message.off and (message.at is None or not message.alone):
                self.messages.append(message)
            elif message.alone is not None and not message.later:
                self.meetings.append(fingerprinted(message.alone))
            else:
                self.notes.append(_note(0, uid, "message_unknown"))

    def _latest(self, entries: Iterable[CalendarEvent]) -> dict[date | None, CalendarEvent]:
        """The last version of the series itself (None) and of each meeting that differs."""
        latest: dict[date | None, CalendarEvent] = {}
        for entry in entries:
            known = latest.get(entry.at)
            if known is not None and _others(known, entry):
                self._problem(entry.line, entry.uid, "event_uid_twice")
            if known is None or order(entry.said) >= order(known.said):
                latest[entry.at] = entry
        return latest

    def _message(self, uid: str, entry: _Entry) -> CalendarMessage:
        event, off = entry.event, entry.method == "CANCEL"
        alone = _standing_alone(event, off) if event else None
        off = off or (event is not None and event.cancelled)
        extra = entry.method == "ADD"
        return CalendarMessage(
            uid, entry.said, None if extra else entry.at, off, entry.later, extra, alone
        )

    def _problem(self, line: int, uid: str, code: ProblemCode, **slots: object) -> None:
        self.problems.append(_note(line, uid, code, **slots))


def _note(line: int, uid: str, code: ProblemCode, **slots: object) -> ImportProblem:
    return ImportProblem(line, uid[:UID_MAX], MeetingProblem(code, slots=slots))


def _zones(part: CalendarPart, rules: ReadRules) -> Zones:
    explained = {unescaped(zone.first("TZID")[1]): zone.text() for zone in part.zones}
    return Zones(rules.tz, explained, part.properties.get("X-WR-TIMEZONE", ""))


def _others(one: CalendarEvent, other: CalendarEvent) -> bool:
    """Whether two events with one name are two meetings, of which one would get lost."""
    same = one.naming.title == other.naming.title or one.start == other.start
    return not same and one.said.sequence == other.said.sequence


def _meeting(entry: CalendarEvent, changed: Iterable[CalendarEvent] = ()) -> Meeting:
    naming = entry.naming
    repeats = bool(entry.rrule or entry.rdates)
    overrides = {
        start: Override(start, start, end, naming.title, entry.place)
        for start, end in entry.ends.items()
    }
    for one in changed:
        if one.at is not None and repeats:
            at, title = _usual(one.at, entry), one.naming.title
            overrides[at] = Override(at, one.start, one.end, title, one.place, one.cancelled)
    return Meeting(
        uid=entry.uid,
        sequence=max([entry.said.sequence, *(one.said.sequence for one in changed)]),
        kind=naming.kind,
        title=naming.title,
        start=entry.start,
        end=entry.end,
        tz=entry.tz,
        place=entry.place,
        rrule=entry.rrule,
        rdates=tuple(_moment(one, entry) for one in entry.rdates),
        exdates=tuple(_usual(one, entry) for one in entry.exdates),
        overrides=tuple(sorted(overrides.values(), key=lambda one: one.at)),
        all_day=entry.all_day,
        state="cancelled" if entry.cancelled else "planned",
        host_team=naming.host_team,
        guest_team=naming.guest_team,
        teams=entry.teams,
        delay=entry.delay,
        said=entry.said,
    )


def _usual(at: date, entry: CalendarEvent) -> datetime:
    """Which meeting of a series is meant: the one on that day, also when the day is still named by
    the hour that the series had before."""
    moment = _moment(at, entry)
    if moment in {_moment(one, entry) for one in entry.rdates}:
        return moment
    return _moment(moment.astimezone(ZoneInfo(entry.tz)).date(), entry)


def _standing_alone(entry: CalendarEvent, off: bool) -> Meeting:
    """One meeting of a series that is not in the file, with a name of its own."""
    meeting = _meeting(entry)
    if off:
        meeting = replace(meeting, state="cancelled")
    if entry.at is None:
        return meeting
    return replace(meeting, uid=f"{entry.uid}#{_moment(entry.at, entry):%Y%m%dT%H%M%SZ}")


def _moment(at: date, entry: CalendarEvent) -> datetime:
    return moment_of(at, entry.start, entry.tz, entry.all_day)
