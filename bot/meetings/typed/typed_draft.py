"""A meeting as people write it in the cells of a table or the fields of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot.meetings.draft import MeetingDraft
from bot.meetings.model.problems import BadMeeting, about, seen
from bot.meetings.model.titles import HOME_ZONE
from bot.meetings.typed.cell_words import affirmed, called_off
from bot.meetings.typed.clock_times import MIDNIGHT, read_end, read_length, read_span
from bot.meetings.typed.dutch_dates import (
    DateOrder,
    check_weekday,
    cut_date,
    read_date,
    read_weekday,
)
from bot.meetings.typed.repetitions import read_repeat

_Start = tuple[date, time | None, timedelta | None]
"""A day; the time, if there is one, and the end of the day when it stands in the same cell."""

_BETWEEN_TEAMS = re.compile(r"[,;|\r\n]+")
LATE = time(12)
LATE_LENGTH = timedelta(hours=8)
"""What begins from noon on and ends at an earlier time within so long, ends on the next day."""


def read_draft(
    cells: Mapping[str, str], tz: str = HOME_ZONE, order: DateOrder = "day"
) -> MeetingDraft:
    """Read the cells, by our names of them. Raises BadMeeting when one cannot be read."""
    start, end = _times(cells, order)
    with about("repeat"):
        rrule = read_repeat(cells.get("repeat", ""), tz)
    with about("except"):
        written = cells.get("except", "").split(",") if rrule else ()
        skipped = tuple(read_date(each, order)[0] for each in written if each.strip())
    return MeetingDraft(
        kind=cells.get("kind", ""),
        title=cells.get("title", ""),
        start=start,
        end=end,
        tz=tz,
        place=cells.get("place", ""),
        host=cells.get("host", ""),
        guest=cells.get("guest", ""),
        teams=tuple(_BETWEEN_TEAMS.split(cells.get("teams", ""))),
        rrule=rrule,
        skipped=skipped,
        delay=_delay(cells.get("delay", "")),
        cancelled=called_off(cells),
        uid=cells.get("uid", ""),
    )


def _times(cells: Mapping[str, str], order: DateOrder) -> tuple[date | None, date | None]:
    """Beginning and end; a day alone where no time is written, or where it is said that it lasts
    the whole day."""
    if not cells.get("day") and not cells.get("start"):
        return None, None
    with about("start"):
        on, clock, until = _start(cells, order)
        _right_weekday(cells.get("weekday", ""), on)
    if affirmed(cells, "whole_day"):
        return on, _end_of_days(cells.get("end_day", ""), on, order)
    start = on if clock is None else datetime.combine(on, clock)
    end = _end(cells, start, on, until, order)
    return start, end


def _start(cells: Mapping[str, str], order: DateOrder) -> _Start:
    """The day; the time, and the end when it stands in the same cell."""
    day, begin = cells.get("day", ""), cells.get("start", "")
    on, rest = cut_date(day or begin, order)
    if not day or not begin:
        return (on, *read_span(rest)) if rest else (on, None, None)
    try:
        return (on, *read_span(begin))
    except BadMeeting as bad:
        return _moment(begin, on, order, bad)


def _moment(cell: str, on: date, order: DateOrder, bad: BadMeeting) -> _Start:
    """A time that stands with its day, as a spreadsheet keeps it."""
    try:
        again, rest = cut_date(cell, order)
    except BadMeeting:
        raise bad from None
    if again != on:
        raise BadMeeting("days_differ", seen=seen(cell))
    return (on, *read_span(rest)) if rest else (on, time(), None)


def _right_weekday(text: str, on: date) -> None:
    weekday = read_weekday(text)
    if weekday is not None:
        check_weekday(weekday, on, f"{text} {on:%d-%m-%Y}")


def _end(
    cells: Mapping[str, str], start: date, on: date, until: timedelta | None, order: DateOrder
) -> datetime | None:
    """The end: its own cell, or behind the beginning, or by how long it lasts. It is on the day of
    the beginning unless it has a date of its own, or goes on past midnight."""
    written, last = cells.get("end", ""), cells.get("end_day", "")
    with about("end"):
        if not written and last and until is None and not cells.get("length"):
            day, rest = cut_date(last, order)
            if not rest:
                return _only_last_day(start, on, day)
            written = rest
        if written:
            return _end_cell(written, last, start, on, order)
        if until is not None:
            return _past_midnight(start, on, until)
    with about("length"):
        length = cells.get("length", "")
        if length and isinstance(start, datetime):
            return start + read_length(length)
    return None


def _only_last_day(start: date, on: date, day: date) -> datetime | None:
    """A last day without a time tells nothing, but when it is another day it should have one."""
    if day == on:
        return None
    raise BadMeeting("no_end_time" if isinstance(start, datetime) else "no_time")


def _end_cell(written: str, last: str, start: date, on: date, order: DateOrder) -> datetime:
    try:
        until = read_end(written)
    except BadMeeting:
        day, clock = read_date(written, order)
        return datetime.combine(day, clock or time())
    if last:
        return _at(cut_date(last, order)[0], until)
    return _past_midnight(start, on, until)


def _past_midnight(start: date, on: date, until: timedelta) -> datetime:
    end = _at(on, until)
    if isinstance(start, datetime) and end <= start and start.time() >= LATE:
        later = end + MIDNIGHT if end.date() < date.max else end
        return later if later - start <= LATE_LENGTH else end
    return end


def _at(day: date, clock: timedelta) -> datetime:
    try:
        return datetime.combine(day, time()) + clock
    except OverflowError:
        raise BadMeeting("another_age") from None


def _end_of_days(text: str, on: date, order: DateOrder) -> datetime | None:
    """A whole day ends on it, or as programs say it, when the next one begins."""
    if not text:
        return None
    with about("end"):
        last, _ = cut_date(text, order)
    return None if (last - on).days in (0, 1) else datetime.combine(last, time())


def _delay(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise BadMeeting("delay_wrong", "delay")
    return int(text)
