"""Repetitions as people write them: elke twee weken tot 30-06-2027, eerste dinsdag van de maand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.meetings.model.problems import BadMeeting, seen
from bot.meetings.model.series import FIRST_YEAR, LAST_YEAR
from bot.meetings.typed.dutch_dates import read_date

_DAYS = {"ma": "MO", "di": "TU", "wo": "WE", "do": "TH", "vr": "FR", "za": "SA", "zo": "SU"}
_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6}
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "laatste": -1}
_UNITS = {"dag": "DAILY", "week": "WEEKLY", "weken": "WEEKLY", "maand": "MONTHLY"}
_UNITS |= {"dagen": "DAILY", "maanden": "MONTHLY", "jaar": "YEARLY"}
_WORDS = {
    "dagelijks": "FREQ=DAILY",
    "wekelijks": "FREQ=WEEKLY",
    "tweewekelijks": "FREQ=WEEKLY;INTERVAL=2",
    "2-wekelijks": "FREQ=WEEKLY;INTERVAL=2",
    "om de week": "FREQ=WEEKLY;INTERVAL=2",
    "om de maand": "FREQ=MONTHLY;INTERVAL=2",
    "maandelijks": "FREQ=MONTHLY",
    "jaarlijks": "FREQ=YEARLY",
}

_NONE = ("", "-", "nee", "geen", "niet", "eenmalig", "één keer", "een keer", "1 keer")

_UNTIL = re.compile(r"[,\s]*\b(?:tot en met|t/m|tot)\s+(?P<day>.+)$")
_TIMES = re.compile(r"[,\s]*\b(?P<n>\d{1,4})\s*(?:keer|x)$")
_EACH = re.compile(
    r"^(?:elke|iedere|elk|ieder|om de)\s+(?:(?P<n>\d+|[a-zé]+)\s+)?(?P<unit>[a-z]+)$"
)
_NTH = re.compile(
    r"^(?:elke|iedere)?\s*(?P<n>[1-5]e|[a-z]+)\s+(?P<day>[a-z]+?)(?:dag)?(?:\s+van de maand)?$"
)


def read_repeat(text: str, tz: str) -> str:
    """An RRULE from words as "elke twee weken tot 30-06-2027", "elke tweede dinsdag, 10 keer", or
    from an RRULE; "" for nothing. Raises BadMeeting."""
    text = " ".join(text.split())
    if text.lower() in _NONE:
        return ""
    if text.upper().startswith(("FREQ=", "RRULE:")):
        return text.upper().removeprefix("RRULE:")
    words, end = text.lower(), ""
    if match := _UNTIL.search(words):
        last, _ = read_date(match["day"])
        if not FIRST_YEAR <= last.year <= LAST_YEAR:
            raise BadMeeting("rule_end_wrong")
        midnight = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(tz))
        end = f";UNTIL={midnight.astimezone(UTC) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
        words = words[: match.start()]
    elif match := _TIMES.search(words):
        words, end = words[: match.start()], f";COUNT={match['n']}"
    pattern = _pattern(words.strip(" ,"))
    if not pattern:
        raise BadMeeting("repeat_unreadable", seen=seen(text))
    return pattern + end


def _pattern(words: str) -> str:
    """The rule, or nothing when it cannot be read."""
    if words in _WORDS:
        return _WORDS[words]
    if match := _EACH.match(words):
        unit = _UNITS.get(match["unit"])
        number = _number(match["n"] or "1", _NUMBERS)
        if unit and number:
            return f"FREQ={unit}" + (f";INTERVAL={number}" if number > 1 else "")
        if not match["n"] and match["unit"].endswith("dag"):
            day = _weekday(match["unit"])
            return f"FREQ=WEEKLY;BYDAY={day}" if day else ""
    if match := _NTH.match(words):
        number = _number(
            match["n"].removesuffix("e") if match["n"][0].isdigit() else match["n"], _ORDINALS
        )
        day = _weekday(match["day"])
        if number and day:
            return f"FREQ=MONTHLY;BYDAY={number}{day}"
    return ""


def _number(text: str, words: dict[str, int]) -> int:
    return int(text) if text.isdecimal() else words.get(text, 0)


def _weekday(text: str) -> str:
    return _DAYS.get(text[:2], "")
