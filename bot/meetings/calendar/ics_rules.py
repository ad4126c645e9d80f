"""Mends rules of repetition that are irregular but clear, as calendars write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from bot.meetings.model.meeting import YEARS
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.recurrence import check_rule, ends_by

_FAR = timedelta(days=366 * YEARS)
_MOST = 1_000
"""Days that a rule of exceptions takes out."""
_PART = re.compile(
    r"(?:FREQ|UNTIL|COUNT|INTERVAL|BY[A-Z]+|WKST|RSCALE|SKIP)=.+", re.IGNORECASE | re.DOTALL
)
_OF_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


def excluded(rule: str, start: datetime, tz: str) -> tuple[datetime, ...]:
    """The moments of a rule of exceptions, for as long as anybody plans. Raises BadMeeting."""
    checked = check_rule(mended(rule, start, tz), start, tz)
    local = start.astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    bare = {name: value for name, value in vRecur.from_ical(checked).items() if name != "UNTIL"}
    until = start + _FAR
    if "UNTIL" in (parts := vRecur.from_ical(checked)):
        until = min(until, ends_by(parts, tz))
    bare["UNTIL"] = [until.astimezone(ZoneInfo(tz)).replace(tzinfo=None)]
    days = rrulestr("RRULE:" + _written(bare), dtstart=local)
    zone = ZoneInfo(tz)
    return tuple(day.replace(tzinfo=zone).astimezone(UTC) for day in islice(days, _MOST))


def readable(rule: str) -> bool:
    """Whether this is a rule at all."""
    return _parts(rule) is not None


def mended(rule: str, start: datetime, tz: str) -> str:
    """The rule without what contradicts itself: an end before the first meeting leaves that one
    (it always counts, RFC 5545, 3.8.5.3), a number below one is no number, of two ends the first
    counts, and a number that reaches further than anybody plans ends there."""
    parts = _parts(rule)
    if parts is None:
        return rule
    _drop_said_twice(parts, start.astimezone(ZoneInfo(tz)))
    try:
        if "UNTIL" in parts and ends_by(parts, tz) < start:
            parts.pop("UNTIL")
            parts["COUNT"] = [1]
        count = int(parts["COUNT"][0]) if "COUNT" in parts else None
        if count is not None and (count < 0 or (count < 1 and "UNTIL" in parts)):
            parts.pop("COUNT")
        elif count and "UNTIL" in parts:
            parts.pop("UNTIL" if _ends_by_count(parts, count, start, tz) else "COUNT")
        elif count and _too_long(parts, start, tz):
            parts.pop("COUNT")
            parts["UNTIL"] = [start + _FAR]
    except (ValueError, KeyError, IndexError, TypeError, OverflowError):
        return rule
    return _written(parts)


def _ends_by_count(parts: vRecur, count: int, start: datetime, tz: str) -> bool:
    """Whether a rule with two ends has so many meetings before the other one. Raises ValueError
    when it is wrong besides."""
    dated = _written({name: value for name, value in parts.items() if name != "COUNT"})
    dated = check_rule(dated, start, tz)  # which ends the search for a day that never comes
    until = min(ends_by(parts, tz), start + _FAR).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    bare = {name: value for name, value in vRecur.from_ical(dated).items() if name != "UNTIL"}
    local = start.astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    found = rrulestr("RRULE:" + _written({**bare, "UNTIL": [until]}), dtstart=local)
    return sum(1 for _ in islice(found, count)) >= count


def _drop_said_twice(parts: vRecur, local: datetime) -> None:
    """What says only what is so without it: the time of the day of the beginning, this calendar, a
    repetition by nothing, each week alone."""
    clock = (local.hour, local.minute, local.second)
    for name, value in zip(_OF_A_DAY, clock, strict=True):
        if parts.get(name) == [value]:
            parts.pop(name)
    for name, usual in (("SKIP", "OMIT"), ("RSCALE", "GREGORIAN")):
        said = parts.get(name, ())
        if [str(getattr(each, "value", each)) for each in said] == [usual] and not (
            name == "RSCALE" and "SKIP" in parts
        ):
            parts.pop(name)
    if parts.get("INTERVAL") == [0]:
        parts.pop("INTERVAL")


def _too_long(parts: vRecur, start: datetime, tz: str) -> bool:
    try:
        check_rule(_written(parts), start, tz)
    except BadMeeting as bad:
        return bad.problem.code == "series_too_long"
    return False


def _written(parts: Mapping[str, Any]) -> str:
    written: Any = vRecur(parts)
    return str(written.to_ical(), "ascii")


def _parts(rule: str) -> vRecur | None:
    """The parts of a rule; without those that have no value or are not of the standard."""
    named = [each.strip() for each in rule.upper().removeprefix("RRULE:").split(";")]
    try:
        parts = vRecur.from_ical(";".join(each for each in named if _PART.fullmatch(each)))
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return parts if "FREQ" in parts else None
