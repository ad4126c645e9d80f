"""Mends rules of repetition that are irregular but clear, as calendars write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.series import YEARS, check_rule, ends_by

_FAR = timedelta(days=366 * YEARS)


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
    try:
        parts = vRecur.from_ical(rule.upper())
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return parts if "FREQ" in parts else None
