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
from bot.meetings.model.recurrence import ends_by, rule_of
from bot.meetings.model.series import occurrence, occurrences

_MOMENT = timedelta(seconds=1)
LISTED = timedelta(days=3 * 366)
"""Days of a series that no rule gives any more are kept for so long ahead."""


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
        return _from_then_on(known, at, None if message.off else message.alone)
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
    if not is_day(known, at):
        return known
    if message.off or message.alone is None:
        return replace(known, state="cancelled") if message.off else known
    alone = message.alone
    return replace(known, start=alone.start, end=alone.end, title=alone.title, place=alone.place)


def is_day(known: Meeting, at: date) -> bool:
    """Whether a meeting that is kept by itself is the one of its series on that day; also when it
    was moved to another one since."""
    named = known.uid.rpartition("#")[2] if "#" in known.uid else ""
    days = {known.local(known.start).date()}
    try:
        began = datetime.strptime(named, "%Y%m%dT%H%M%S%z")
        days = {known.local(began).date()}
    except ValueError:
        pass
    return (known.local(at).date() if isinstance(at, datetime) else at) in days


def _with_extra(known: Meeting, message: CalendarMessage) -> Meeting:
    extra = message.alone
    if extra is None or any(one.at == extra.start for one in _at(known, extra.start)):
        return known
    made = replace(known, rdates=tuple(sorted({*known.rdates, extra.start})))
    if extra.end - extra.start == known.end - known.start:
        return made
    return with_day(made, Override(extra.start, extra.start, extra.end, known.title, extra.place))


def _from_then_on(series: Meeting, at: datetime, alone: Meeting | None) -> Meeting:
    """The series with another rest; also when it was cut at that day already."""
    name = _name_of_rest(series, at)
    for number, part in enumerate(series.parts):
        if part.uid == name:
            parts = list(series.parts)
            parts[number], _ = split(part, part.start, alone)
            return replace(series, parts=tuple(parts))
    cut, rest = split(series, at, alone)
    return cut if rest is None else replace(cut, parts=(*cut.parts, rest))


def split(series: Meeting, at: datetime, alone: Meeting | None) -> tuple[Meeting, Meeting | None]:
    """A series up to a day, and how it goes on from there: as `alone`, the meeting of that day by
    itself, at the same distance from then on (RFC 5545, 3.2.13), or not at all. The rest has the
    name that calendars give it which cut a series in two."""
    rest = None if alone is None else _rest(series, at, alone)
    if at <= series.start:
        whole = rest and replace(rest, uid=series.uid)
        return whole or replace(series, state="cancelled"), None
    rule = rule_of(series)
    if rule:
        rule.pop("COUNT", None)
        rule["UNTIL"] = [at - _MOMENT]
    cut = replace(
        series,
        rrule=_written(rule),
        rdates=tuple(one for one in series.rdates if one < at),
        exdates=tuple(one for one in series.exdates if one < at),
        overrides=tuple(one for one in series.overrides if one.at < at),
        parts=tuple(part for part in series.parts if part.start < at),
    )
    return cut, rest


def _rest(series: Meeting, at: datetime, alone: Meeting) -> Meeting:
    clock = series.local(alone.start).replace(tzinfo=None) - series.local(at).replace(tzinfo=None)

    def moved(moments: tuple[datetime, ...]) -> tuple[datetime, ...]:
        return tuple(_on_the_clock(series, one, clock) for one in moments if one >= at)

    rule, days = _rule_from(series, at, clock)
    return replace(
        alone,
        uid=_name_of_rest(series, at),
        tz=series.tz,
        rrule=alone.rrule or _written(rule),
        rdates=moved(series.rdates if alone.rrule else (*series.rdates, *days)),
        exdates=moved(series.exdates),
        overrides=tuple(
            replace(one, at=_on_the_clock(series, one.at, clock))
            for one in series.overrides
            if one.at > at
        ),
        state="planned",
    )


def _name_of_rest(series: Meeting, at: datetime) -> str:
    name, host, domain = series.uid.partition("@")
    return f"{name}_R{at:%Y%m%dT%H%M%SZ}{host}{domain}"


def _rule_from(
    series: Meeting, at: datetime, clock: timedelta
) -> tuple[vRecur, tuple[datetime, ...]]:
    """The rule of a series from one of its days on, for days that are so much earlier or later on
    the clock. A rule that names its days does not say which others are meant: then the days
    themselves, as they were, for as long as `LISTED`."""
    rule = rule_of(series)
    bare = replace(series, rdates=(), exdates=(), overrides=(), parts=())
    named = [part for part in rule if part.startswith("BY")]
    if named and series.local(at).date() != (series.local(at) + clock).date():
        if rule["FREQ"] != ["WEEKLY"] or named != ["BYDAY"] or len(rule["BYDAY"]) > 1:
            return vRecur(), tuple(one.at for one in occurrences(bare, at + _MOMENT, at + LISTED))
        rule.pop("BYDAY")
    if "COUNT" in rule:
        over = [one for one in occurrences(bare, series.start, at) if one.at < at]
        rule["COUNT"] = [int(rule["COUNT"][0]) - len(over)]
    elif "UNTIL" in rule:
        rule["UNTIL"] = [_on_the_clock(series, ends_by(rule, series.tz), clock)]
    return rule, ()


def _on_the_clock(series: Meeting, moment: datetime, clock: timedelta) -> datetime:
    return (series.local(moment) + clock).astimezone(UTC)


def _written(rule: vRecur) -> str:
    written: Any = rule
    return str(written.to_ical(), "ascii") if rule else ""
