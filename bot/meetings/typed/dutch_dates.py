"""Dates as people in the Netherlands write them, and as their programs do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Literal

from bot.meetings.model.problems import BadMeeting, seen
from bot.meetings.typed.clock_times import read_time

DateOrder = Literal["day", "month", "unclear"]
"""What stands first in a date with slashes."""

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_OTHER_MONTHS = {"mrt": "maa", "mar": "maa", "oct": "okt", "may": "mei"}
_WEEKDAYS = (
    ("maandag", "monday", "ma", "mon"),
    ("dinsdag", "tuesday", "di", "tue", "tues"),
    ("woensdag", "wednesday", "wo", "wed"),
    ("donderdag", "thursday", "do", "thu", "thur", "thurs"),
    ("vrijdag", "friday", "vr", "vrij", "fri"),
    ("zaterdag", "saturday", "za", "zat", "sat"),
    ("zondag", "sunday", "zo", "zon", "sun"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_WEEKDAY = re.compile(rf"(?P<name>{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\b\.?,?\s*")

_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:t|\s|,|$)|"
                  r"(?P<yy>20\d\d)(?P<mm>\d\d)(?P<dd>\d\d)(?:t|\s|$)")  # fmt: skip
_DIGITS = re.compile(
    r"(?P<d>\d{1,2})\s?(?P<sign>[-/.–‑])\s?(?P<m>\d{1,2})\s?(?P=sign)\s?'?(?P<y>\d{4}|\d{2})(?:\s|,|$)"
)
_NAMED = re.compile(
    r"(?P<d>\d{1,2})(?:e|ste|de)?[\s-](?P<m>[a-z]{3,9})\.?,?[\s-]['’]?(?P<y>\d{4}|\d{2})(?:\s|,|$)"
)
_MONTH_FIRST = re.compile(
    r"(?P<m>[a-z]{3,9})\.?\s(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<y>\d{4})(?:\s|,|$)"
)
_FORMS = (_ISO, _DIGITS, _NAMED, _MONTH_FIRST)
_SERIAL = re.compile(r"(?P<days>[3-7]\d{4})(?:[.,](?P<part>\d+))?$")
_SERIAL_NOUGHT = date(1899, 12, 30)
_SLASHED = re.compile(r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?:\d{4}|\d{2})(?!\d)")


def read_date(text: str, order: DateOrder = "day") -> tuple[date, time | None]:
    """A date, and the time behind it if there is one. Raises BadMeeting."""
    day, rest = cut_date(text, order)
    return day, read_time(rest) if rest else None


def cut_date(text: str, order: DateOrder = "day") -> tuple[date, str]:
    """The date that a text begins with, and what stands behind it. A day of the week beside it must
    be the right one. Raises BadMeeting."""
    weekday, bare = cut_weekday(text)
    day, rest = _cut(bare, text, order)
    if rest and (behind := _WEEKDAY.fullmatch(rest.strip("() "))):
        weekday, rest = _NUMBER_OF[behind["name"]], ""
    if weekday is not None:
        check_weekday(weekday, day, text)
    return day, rest


def cut_weekday(text: str) -> tuple[int | None, str]:
    """The day of the week that a text begins with (0: Monday; None), and the rest in small
    letters."""
    lower = " ".join(text.lower().split())
    match = _WEEKDAY.match(lower)
    if match is None or match.end() == len(lower):
        return None, lower
    return _NUMBER_OF[match["name"]], lower[match.end() :]


def read_weekday(text: str) -> int | None:
    """The number of a day of the week (0: Monday), or nothing."""
    return _NUMBER_OF.get(text.lower().strip(" .,"))


def check_weekday(weekday: int, day: date, text: str) -> None:
    """Raises BadMeeting when a date falls on another day of the week: one of the two is a slip."""
    if day.weekday() != weekday:
        raise BadMeeting("weekday_wrong", seen=seen(text), day=_WEEKDAYS[day.weekday()][0])


def order_of(cells: Iterable[str], *, english: bool, halves: bool) -> DateOrder:
    """What stands first in the dates with slashes of one table: what they say themselves, or else
    what a table with such names of columns and such times has."""
    dates = [match for cell in cells for match in _SLASHED.finditer(cell)]
    first = any(int(each["one"]) > 12 for each in dates)
    second = any(int(each["two"]) > 12 for each in dates)
    if first or second:
        return "unclear" if first and second else "day" if first else "month"
    if english or halves:
        return "month" if english and halves else "unclear"
    return "day"


def _cut(text: str, whole: str, order: DateOrder) -> tuple[date, str]:
    """The date, and what follows; `whole` is what the cell said."""
    if match := _SERIAL.match(text):
        return _of_serial(int(match["days"]), float(f"0.{match['part'] or 0}"))
    match = next(filter(None, (form.match(text) for form in _FORMS)), None)
    if match is None:
        raise BadMeeting("date_unreadable", seen=seen(whole))
    found = match.groupdict()
    year, month, number = (found[name] or found[name * 2] for name in ("y", "m", "d"))
    if found.get("sign") == "/" and order != "day" and month != number:
        if order == "unclear" and int(month) <= 12 and int(number) <= 12:
            raise BadMeeting("date_ambiguous", seen=seen(whole))
        if order == "month":
            month, number = number, month
    try:
        day = date(_year(year), _month(month), int(number))
    except ValueError:
        raise BadMeeting("no_such_date", seen=seen(whole)) from None
    return day, text[match.end() :].strip(" ,")


def _of_serial(days: int, part: float) -> tuple[date, str]:
    """A day as a spreadsheet counts them, with the part of it that is over."""
    minutes = round(part * 24 * 60)
    day = _SERIAL_NOUGHT + timedelta(days=days + minutes // (24 * 60))
    clock = minutes % (24 * 60)
    return day, f"{clock // 60}:{clock % 60:02}" if clock else ""


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return _MONTHS.index(_OTHER_MONTHS.get(text[:3], text[:3])) + 1
