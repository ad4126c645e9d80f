"""Dates, times and repetitions as people in the Netherlands write them in a table."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.series import FIRST_YEAR, LAST_YEAR

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
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

_WEEKDAY = re.compile(
    r"^(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo)\.?,?\s+"
)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:t|\s|$)")
_DIGITS = re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?:\s|,|$)")
_NAMED = re.compile(r"(?P<d>\d{1,2})[\s-](?P<m>[a-z]{3,9})\.?[\s-](?P<y>\d{4})(?:\s|,|$)")
_TIME = re.compile(r"^(?:om\s+)?(?P<h>\d{1,2})(?:[:.u](?P<m>\d{2}))?(?::\d{2})?\s*(?:u|uur)?\.?$")
_UNTIL = re.compile(r"[,\s]*\b(?:tot en met|t/m|tot)\s+(?P<day>.+)$")
_TIMES = re.compile(r"[,\s]*\b(?P<n>\d{1,4})\s*(?:keer|x)$")
_EACH = re.compile(
    r"^(?:elke|iedere|elk|ieder|om de)\s+(?:(?P<n>\d+|[a-zé]+)\s+)?(?P<unit>[a-z]+)$"
)
_NTH = re.compile(
    r"^(?:elke|iedere)?\s*(?P<n>[1-5]e|[a-z]+)\s+(?P<day>[a-z]+?)(?:dag)?(?:\s+van de maand)?$"
)


def read_date(text: str) -> tuple[date, time | None]:
    """A date, and the time behind it if there is one. Raises BadMeeting."""
    text = _WEEKDAY.sub("", text.strip().lower())
    match = _ISO.match(text) or _DIGITS.match(text) or _NAMED.match(text)
    if not match:
        raise BadMeeting("date_unreadable")
    rest = text[match.end() :].strip(" ,")
    try:
        day = date(_year(match["y"]), _month(match["m"]), int(match["d"]))
    except ValueError:
        raise BadMeeting("no_such_date") from None
    return day, read_time(rest) if rest else None


def read_time(text: str) -> time:
    """A time: 14:00, 14.00, 14u00, 14 uur. Raises BadMeeting."""
    match = _TIME.match(text.strip().lower())
    try:
        return time(int(match["h"]), int(match["m"] or 0)) if match else _unreadable_time()
    except ValueError:
        raise BadMeeting("time_unreadable") from None


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
    return _pattern(words.strip(" ,")) + end


def _pattern(words: str) -> str:
    if words in _WORDS:
        return _WORDS[words]
    if match := _EACH.match(words):
        unit = _UNITS.get(match["unit"])
        number = _number(match["n"] or "1", _NUMBERS)
        if unit and number:
            return f"FREQ={unit}" + (f";INTERVAL={number}" if number > 1 else "")
        if not match["n"] and match["unit"].endswith("dag"):
            return f"FREQ=WEEKLY;BYDAY={_weekday(match['unit'])}"
    if match := _NTH.match(words):
        number = _number(
            match["n"].removesuffix("e") if match["n"][0].isdigit() else match["n"], _ORDINALS
        )
        if number:
            return f"FREQ=MONTHLY;BYDAY={number}{_weekday(match['day'])}"
    raise BadMeeting("repeat_unreadable")


def _number(text: str, words: dict[str, int]) -> int:
    return int(text) if text.isdecimal() else words.get(text, 0)


def _weekday(text: str) -> str:
    day = _DAYS.get(text[:2])
    if day is None:
        raise BadMeeting("repeat_unreadable")
    return day


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return (
        _MONTHS.index(
            {"mrt": "maa", "mar": "maa", "oct": "okt", "may": "mei"}.get(text[:3], text[:3])
        )
        + 1
    )


def _unreadable_time() -> time:
    raise BadMeeting("time_unreadable")
