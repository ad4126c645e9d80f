"""A meeting as people write it in the cells of a table or the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from bot.meetings.draft import MeetingDraft
from bot.meetings.model.problems import BadMeeting, about
from bot.meetings.model.titles import HOME_ZONE
from bot.meetings.typed.dutch_dates import read_date, read_repeat, read_time

_CANCELLED = ("afgezegd", "geannuleerd", "vervalt", "cancelled")


def read_draft(cells: Mapping[str, str], tz: str = HOME_ZONE) -> MeetingDraft:
    """Read the cells, by our names of them. Raises BadMeeting when one cannot be read."""
    start, end = _times(cells)
    with about("repeat"):
        rrule = read_repeat(cells.get("repeat", ""), tz)
    with about("except"):
        written = cells.get("except", "").split(",") if rrule else ()
        skipped = tuple(read_date(each)[0] for each in written if each.strip())
    return MeetingDraft(
        kind=cells.get("kind", ""),
        title=cells.get("title", ""),
        start=start,
        end=end,
        tz=tz,
        place=cells.get("place", ""),
        host=cells.get("host", ""),
        guest=cells.get("guest", ""),
        teams=tuple(cells.get("teams", "").replace("|", ",").split(",")),
        rrule=rrule,
        skipped=skipped,
        delay=_delay(cells.get("delay", "")),
        cancelled=cells.get("state", "").casefold() in _CANCELLED,
        uid=cells.get("uid", ""),
    )


def _times(cells: Mapping[str, str]) -> tuple[date | None, date | None]:
    """Beginning and end; a day alone where no time is written."""
    day, begin, until = (cells.get(name, "") for name in ("day", "start", "end"))
    if not day and not begin:
        return None, None
    with about("start"):
        if day:
            on, clock = read_date(day)[0], read_time(begin) if begin else None
        else:
            on, clock = read_date(begin)
    start = on if clock is None else datetime.combine(on, clock)
    if not until:
        return start, None
    with about("end"):
        return start, _end(until, on)


def _end(text: str, day: date) -> datetime:
    """The time of an end, on the day of the beginning unless it has a date of its own."""
    try:
        return datetime.combine(day, read_time(text))
    except BadMeeting:
        day, clock = read_date(text)
        return datetime.combine(day, clock or time())


def _delay(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise BadMeeting("delay_wrong", "delay")
    return int(text)
