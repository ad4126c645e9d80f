"""Periods as files write them: codes of CBS, titles of StatLine, and what people type."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

from storage.figures.model import Certainty

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august",
            "september", "october", "november", "december")  # fmt: skip
_MONTH = {
    **{name: at for at, name in enumerate(_MONTHS, 1)},
    **{name: at for at, name in enumerate(_ENGLISH, 1)},
    **{name[:3]: at for at, name in enumerate(_ENGLISH, 1)},
    **{name[:3]: at for at, name in enumerate(_MONTHS, 1)},
    "mrt": 3,
}
_YEAR = r"((?:18|19|20)\d\d)"
_CODE = re.compile(rf"{_YEAR}(JJ|HJ|KW|MM|SJ|VJ|X0|G\d|W\d)(\d\d)")
_TITLES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        (rf"{_YEAR}(?:\.0)?", "{0}"),
        (rf"(?:jaar|begin|eind|heel) {_YEAR}", "{0}"),
        (rf"{_YEAR}\s*(?:-|/)\s*'?(\d\d)", "{0}/{1}"),
        (rf"{_YEAR}\s*(?:-|/)\s*{_YEAR}", "{0}/{1}"),
        (rf"{_YEAR}[ -]*([12])e? ?(?:halfjaar|helft)", "{0}-H{1}"),
        (rf"{_YEAR}[ -]*(?:hj|h)\s?0?([12])", "{0}-H{1}"),
        (rf"([12])e? halfjaar {_YEAR}", "{1}-H{0}"),
        (rf"{_YEAR}[ -]*([1-4])e? ?kwartaal", "{0}-Q{1}"),
        (rf"{_YEAR}[ -]*(?:kw|k|q)\s?0?([1-4])", "{0}-Q{1}"),
        (rf"([1-4])e? kwartaal {_YEAR}", "{1}-Q{0}"),
        (rf"q([1-4])[ -]{_YEAR}", "{1}-Q{0}"),
        (rf"{_YEAR}-(0[1-9]|1[0-2])", "{0}-{1}"),
        (rf"{_YEAR}-(0[1-9]|1[0-2])-([0-3]\d)(?:[t ]00:00(?::00)?(?:\.0+)?z?)?", "{0}-{1}-{2}"),
        (rf"{_YEAR}(0[1-9]|1[0-2])([0-3]\d)", "{0}-{1}-{2}"),
    )
)
_TYPED = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.]{_YEAR}")
_WORDS = re.compile(rf"(?:(\d{{1,2}}) )?([a-z]+)\.? {_YEAR}|{_YEAR} ([a-z]+)\.?(?: (\d{{1,2}}))?")
_MARKS: tuple[tuple[re.Pattern[str], Certainty], ...] = (
    (re.compile(r"\s*\*\*$|\s*\(?nader voorlopig\)?$"), "revised"),
    (re.compile(r"\s*\*$|\s*\(?(?:voorlopig|vrlpg|provisional)\)?\.?$"), "provisional"),
    (re.compile(r"\s*\(?(?:definitief|definitive)\)?$"), "definitive"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period in one form: `2024`, `2024-H1`, `2024-Q3`, `2024-11`, `2024-01-01`, `2023/24`; what
    is none of these keeps its code. `mark`: what stands behind it about its figures."""

    code: str
    mark: Certainty | None = None


@lru_cache(4096)
def period_in(text: str) -> Period | None:
    """The period that a text is, or None."""
    bare = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    mark: Certainty | None = None
    for pattern, meaning in _MARKS:
        if found := pattern.search(bare.casefold()):
            bare, mark = bare[: found.start()].strip(), meaning
            break
    if code := _CODE.fullmatch(bare.upper()):
        return Period(_of_cbs(*code.groups()), mark)
    small = bare.casefold()
    for pattern, made in _TITLES:
        if found := pattern.fullmatch(small):
            groups = list(found.groups())
            if "/" in made:
                groups[1] = groups[1][-2:]
                if int(groups[1]) != (int(groups[0]) + 1) % 100:
                    return Period(small.replace(" ", "").replace("'", ""), mark)
            return Period(made.format(*groups), mark)
    day = _day(small)
    return Period(day, mark) if day else None


def year_of(period: str) -> int:
    """The year in which a period begins; 0 when it says none."""
    return int(period[:4]) if period[:4].isdecimal() else 0


@lru_cache(2_000)
def first_day(period: str) -> str:
    """The day (ISO) on which it begins."""
    if not (year := year_of(period)):
        return ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", period):
        return period
    return f"{year}-{_first_month(period):02d}-01"


@lru_cache(2_000)
def last_day(period: str) -> str:
    """The day (ISO) on which it ends."""
    year = year_of(period)
    if not year or re.fullmatch(r"\d{4}-\d\d-\d\d", period):
        return period if year else ""
    if "/" in period:
        return f"{year + 1}-07-31" if len(period) == 7 else f"{period[-4:]}-12-31"
    length = {"H": 6, "Q": 3}.get(period[5:6], 1 if "-" in period else 12)
    month = _first_month(period) + length - 1
    return f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}"


def _first_month(period: str) -> int:
    behind = period[5:]
    if behind[:1] in ("H", "Q"):
        return 1 + (int(behind[1]) - 1) * (6 if behind[0] == "H" else 3)
    if len(period) == 7 and "/" in period:
        return 8
    return int(behind) if len(period) == 7 and behind.isdecimal() else 1


def _of_cbs(year: str, kind: str, number: str) -> str:
    match kind:
        case "JJ":
            return year
        case "HJ" | "KW":
            return f"{year}-{'H' if kind == 'HJ' else 'Q'}{int(number)}"
        case "MM":
            return f"{year}-{number}"
        case "SJ":
            return f"{year}/{(int(year) + 1) % 100:02d}"
    return f"{year}{kind}{number}"


def _day(text: str) -> str:
    if typed := _TYPED.fullmatch(text):
        return _checked(int(typed[3]), int(typed[2]), int(typed[1]))
    if found := _WORDS.fullmatch(text):
        early, name, year, other, later, late = found.groups()
        number = _MONTH.get(name or later)
        if number is None:
            return ""
        of_month = early or late
        whole = int(year or other)
        return _checked(whole, number, int(of_month)) if of_month else f"{whole}-{number:02d}"
    return ""


def _checked(year: int, month: int, day: int) -> str:
    if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        return f"{year}-{month:02d}-{day:02d}"
    return ""
