"""Times of the clock, from one to another, and how long something lasts, as people write them."""

from __future__ import annotations

import re
from datetime import time, timedelta

from bot.meetings.model.problems import BadMeeting, seen

MIDNIGHT = timedelta(hours=24)

_TIME = re.compile(
    r"['’]?(?:(?:om|vanaf)\s+)?(?P<h>\d{1,2})(?:[:.u](?P<m>\d{2}))?(?::\d{2})?"
    r"\s*(?:uur|u|(?P<half>[ap])\.?\s?m\.?)?\.?"
)
_ON_A_MINUTE = 0.08
_PART_OF_DAY = re.compile(r"0[.,](?:\d|[6-9]\d|\d{3,17})")
"""A time as a spreadsheet counts it, in a cell that does not say it is one."""
_BETWEEN = re.compile(r"\s*(?:-|–|—|\btot(?: en met)?\b|\bt/m\b|\bto\b)\s*")
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2})(?:[.,](?P<part>5|25|50|75))?\s*(?:uur|uren|u|h|hour|hours)\.?)?\s*"
    r"(?:en\s+)?(?:(?P<minutes>\d{1,3})\s*(?:min|minuten|minuut|minutes|m)?\.?)?"
)
_CLOCKED = re.compile(r"(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?::00)?\s*(?:uur|u)?")


def read_time(text: str) -> time:
    """A time: 14:00, 14.00, 14u00, 14 uur, 2:00 PM. Raises BadMeeting."""
    if _PART_OF_DAY.fullmatch(text.strip()) and (clock := _of_part(text)) is not None:
        return clock
    match = _TIME.fullmatch(text.strip().lower())
    if match is None:
        raise BadMeeting("time_unreadable", seen=seen(text))
    hours = int(match["h"])
    try:
        if match["half"]:
            hours = time(hours % 12 if 1 <= hours <= 12 else 24).hour
            hours += 12 if match["half"] == "p" else 0
        return time(hours, int(match["m"] or 0))
    except ValueError:
        raise BadMeeting("time_unreadable", seen=seen(text)) from None


def _of_part(text: str) -> time | None:
    """The time at which a part of the day is over, on a minute; nothing when it is on none."""
    minutes = float(text.strip().replace(",", ".")) * 24 * 60
    whole = round(minutes)
    if abs(minutes - whole) > _ON_A_MINUTE or whole >= 24 * 60:
        return None
    return time(whole // 60, whole % 60)


def read_end(text: str) -> timedelta:
    """The time of an end, from midnight on: 24:00 is the end of the day. Raises BadMeeting."""
    match = _TIME.fullmatch(text.strip().lower())
    if match and match["h"] == "24" and not int(match["m"] or 0) and not match["half"]:
        return MIDNIGHT
    clock = read_time(text)
    return timedelta(hours=clock.hour, minutes=clock.minute)


def read_span(text: str) -> tuple[time, timedelta | None]:
    """A time, or a time and an end in one: 10:00-12:00, van 10 tot 12 uur. Raises BadMeeting."""
    parts = _BETWEEN.split(text.strip().lower().removeprefix("van "))
    if len(parts) == 2 and all(parts):
        return read_time(parts[0]), read_end(parts[1])
    return read_time(text), None


def read_length(text: str) -> timedelta:
    """How long something lasts: 2 uur, 1,5 uur, 90 minuten, 1:30, 1u30. Raises BadMeeting."""
    lower = text.strip().lower()
    if match := _CLOCKED.fullmatch(lower):
        return timedelta(hours=int(match["h"]), minutes=int(match["m"]))
    match = _LENGTH.fullmatch(lower)
    bare = lower.isdecimal() and int(lower) < 15  # hours or minutes?
    if match is None or not lower or bare:
        raise BadMeeting("length_unreadable", seen=seen(text))
    hours = float(f"{match['hours'] or 0}.{match['part'] or 0}")
    length = timedelta(hours=hours, minutes=int(match["minutes"] or 0))
    if not length:
        raise BadMeeting("length_unreadable", seen=seen(text))
    return length
