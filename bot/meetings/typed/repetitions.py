"""Repetitions as people write them: elke twee weken tot 30-06-2027, eerste dinsdag van de maand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.meetings.model.meeting import FIRST_YEAR, LAST_YEAR
from bot.meetings.model.problems import BadMeeting, seen
from bot.meetings.typed.dutch_dates import read_date

_DAYS = {"ma": "MO", "di": "TU", "wo": "WE", "do": "TH", "vr": "FR", "za": "SA", "zo": "SU"}
_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6}
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "laatste": -1}
_UNITS = {"dag": "DAILY", "week": "WEEKLY", "weken": "WEEKLY", "maand": "MONTHLY"}
_UNITS |= {"dagen": "DAILY", "maanden": "MONTHLY", "jaar": "YEARLY", "jaren": "YEARLY"}
_MONTHS = {"kwartaal": 3, "kwartalen": 3, "halfjaar": 6}
"""Units that are so many months."""
_WORDS = {
    "dagelijks": "FREQ=DAILY",
    "wekelijks": "FREQ=WEEKLY",
    "tweewekelijks": "FREQ=WEEKLY;INTERVAL=2",
    "2-wekelijks": "FREQ=WEEKLY;INTERVAL=2",
    "om de week": "FREQ=WEEKLY;INTERVAL=2",
    "om de maand": "FREQ=MONTHLY;INTERVAL=2",
    "maandelijks": "FREQ=MONTHLY",
    "tweemaandelijks": "FREQ=MONTHLY;INTERVAL=2",
    "jaarlijks": "FREQ=YEARLY",
    "per kwartaal": "FREQ=MONTHLY;INTERVAL=3",
    "halfjaarlijks": "FREQ=MONTHLY;INTERVAL=6",
    "elke werkdag": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "every two weeks": "FREQ=WEEKLY;INTERVAL=2",
    "every 2 weeks": "FREQ=WEEKLY;INTERVAL=2",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "every month": "FREQ=MONTHLY",
    "yearly": "FREQ=YEARLY",
}

_NONE = (
    "",
    "-",
    "nee",
    "geen",
    "niet",
    "eenmalig",
    "één keer",
    "een keer",
    "1 keer",
    "nvt",
    "n.v.t.",
    "n.v.t",
)

_UNTIL = re.compile(r"[,\s]*\b(?:tot en met|t/m|tot)\s+(?P<day>.+)$")
_TIMES = re.compile(r"[,\s]*\b(?P<n>\d{1,4})\s*(?:keer|x)$")
_EACH = re.compile(
    r"^(?P<each>elke|iedere|elk|ieder|om de|om het)\s+(?:(?P<n>\d+|[a-zé]+)\s+)?(?P<unit>[a-z]+)$"
)
_ONCE_A = re.compile(r"^(?:1|een|één)\s?(?:x|keer|maal)\s+per\s+(?P<unit>[a-z]+)$")
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
    if match := _ONCE_A.match(words):
        return _every(match["unit"], 1)
    if match := _EACH.match(words):
        by_turns = 2 if match["each"].startswith("om") else 1  # om de dag: the one and not the next
        number = _number(match["n"], _NUMBERS) if match["n"] else by_turns
        if found := _every(match["unit"], number):
            return found
        if not match["n"] and match["unit"].endswith("dag"):
            day = _weekday(match["unit"])
            return f"{_every('week', by_turns)};BYDAY={day}" if day else ""
    if match := _NTH.match(words):
        number = _number(
            match["n"].removesuffix("e") if match["n"][0].isdigit() else match["n"], _ORDINALS
        )
        day = _weekday(match["day"])
        if number and day:
            return f"FREQ=MONTHLY;BYDAY={number}{day}"
    return ""


def _every(unit: str, number: int) -> str:
    months = _MONTHS.get(unit, 0)
    unit, number = ("maand", months * number) if months else (unit, number)
    frequency = _UNITS.get(unit)
    if not frequency or not number:
        return ""
    return f"FREQ={frequency}" + (f";INTERVAL={number}" if number > 1 else "")


def _number(text: str, words: dict[str, int]) -> int:
    return int(text) if text.isdecimal() else words.get(text, 0)


def _weekday(text: str) -> str:
    return _DAYS.get(text[:2], "")
