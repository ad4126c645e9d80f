"""What a message about a known meeting makes of it (RFC 5546): a day that is off or on another
time, an extra day, the end of a series, or all of it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import vRecur

from bot.meetings.calendar.report import CalendarMessage
from bot.meetings.model.meeting import Meeting, Occurrence, Override
from bot.meetings.model.series import occurrence, occurrences

_MOMENT = timedelta(seconds=1)


def apply_message(known: Meeting, message: CalendarMessage) -> Meeting:
    """The meeting after a message; as it was, when the message says nothing that it can follow."""
    if message.extra:
        return _with_extra(known, message)
    if message.at is None:
        return replace(known, state="cancelled") if message.off else known
    at = moment_of(message.at, known.start, known.tz, known.all_day)
    if not known.series:
        return _single(known, message, at)
    if message.later:
        return _cut_short(known, at) if message.off else known
    one = next(iter(occurrences(known, at, at + _MOMENT)), None)
    if one is None or one.at != at:
        one = occurrence(known, known.local(at).date())
    if one is None:
        return known
    alone = message.alone
    override = Override(
        at=one.at,
        start=alone.start if alone else one.start,
        end=alone.end if alone else one.end,
        title=alone.title if alone else one.title,
        place=alone.place if alone else one.place,
        cancelled=message.off,
    )
    return with_day(known, override)


def with_day(series: Meeting, override: Override) -> Meeting:
    """The series with one meeting that differs."""
    for number, part in enumerate(series.parts):
        if any(one.at == override.at for one in _at(part, override.at)):
            parts = list(series.parts)
            parts[number] = with_day(part, override)
            return replace(series, parts=tuple(parts))
    rest = [each for each in series.overrides if each.at != override.at]
    return replace(series, overrides=tuple(sorted((*rest, override), key=lambda one: one.at)))


def moment_of(at: date, start: datetime, tz: str, all_day: bool) -> datetime:
    """A day alone means the meeting that begins on it at the usual time, which is also the only
    one that an all-day series can mean."""
    zone = ZoneInfo(tz)
    if isinstance(at, datetime):
        if not all_day:
            return at
        at = at.astimezone(zone).date()
    usual: time = start.astimezone(zone).time()
    return datetime.combine(at, usual, zone).astimezone(UTC)


def _at(part: Meeting, at: datetime) -> list[Override] | list[Occurrence]:
    return [one for one in part.overrides if one.at == at] or [
        one for one in occurrences(part, at, at + _MOMENT) if one.at == at
    ]


def _single(known: Meeting, message: CalendarMessage, at: datetime) -> Meeting:
    """A meeting that is kept by itself, because it is all of a series that somebody goes to."""
    if known.local(at).date() != known.local(known.start).date() and at != known.start:
        return known
    if message.off or message.alone is None:
        return replace(known, state="cancelled") if message.off else known
    alone = message.alone
    return replace(known, start=alone.start, end=alone.end, title=alone.title, place=alone.place)


def _with_extra(known: Meeting, message: CalendarMessage) -> Meeting:
    extra = message.alone
    if extra is None or any(one.at == extra.start for one in _at(known, extra.start)):
        return known
    made = replace(known, rdates=tuple(sorted({*known.rdates, extra.start})))
    if extra.end - extra.start == known.end - known.start:
        return made
    return with_day(made, Override(extra.start, extra.start, extra.end, known.title, extra.place))


def _cut_short(series: Meeting, at: datetime) -> Meeting:
    """The series up to a day; nothing of it, when that is the first."""
    if at <= series.start:
        return replace(series, state="cancelled")
    rule = vRecur.from_ical(series.rrule) if series.rrule else None
    if rule is not None:
        if "COUNT" in rule:
            rule.pop("COUNT")
        rule["UNTIL"] = [at - _MOMENT]
    written: Any = rule
    return replace(
        series,
        rrule="" if rule is None else str(written.to_ical(), "ascii"),
        rdates=tuple(one for one in series.rdates if one < at),
        exdates=tuple(one for one in series.exdates if one < at),
        overrides=tuple(one for one in series.overrides if one.at < at),
        parts=tuple(part for part in series.parts if part.start < at),
    )
