"""Parses a day and two times as someone types them in a chat: `do 3 december 14:00-16:00`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.meetings.draft import checked_span
from bot.meetings.model.meeting import LAST_YEAR
from bot.meetings.model.problems import BadMeeting, about
from bot.meetings.typed.clock_times import read_time
from bot.meetings.typed.dutch_dates import check_weekday, cut_weekday, read_date

LATELY = timedelta(days=30)
"""A meeting that is over for longer is not what someone means."""
_TIME = r"\d{1,2}(?:[:.u]\d{2})?\s*(?:uur|u)?"
_WHEN = re.compile(
    rf"(?P<day>.+?)[\s,]+(?:om\s+|van\s+)?(?P<start>{_TIME})\s*(?:-|–|tot)\s*(?P<end>{_TIME})\.?",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(r"(?<![\d./-])(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})$")
_DAYS = {"vandaag": 0, "morgen": 1, "overmorgen": 2}
_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def read_when(text: str, now: datetime, tz: str) -> tuple[datetime, datetime]:
    """The beginning and the end, in UTC; a day without a year is the next one. Raises
    BadMeeting."""
    with about("when"):
        start, end = _read(text, now, ZoneInfo(tz))
        begin, finish, _ = checked_span(start, end, tz)
    if finish <= now - LATELY:
        raise BadMeeting("long_over", "when")
    return begin, finish


def _read(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The beginning and the end on the clock; an end that is no later is on the day after."""
    match = _WHEN.fullmatch(" ".join(text.split()))
    if match is None:
        raise BadMeeting("when_unreadable")
    day = _day(match["day"].strip().lower(), now.astimezone(zone).date())
    start, end = (datetime.combine(day, read_time(match[name])) for name in ("start", "end"))
    later = end <= start and start.year <= LAST_YEAR
    return start, end + timedelta(days=1) if later else end


def _day(text: str, today: date) -> date:
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    if text in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(text) - today.weekday()) % 7)
    weekday, bare = cut_weekday(text)
    if match := _SHORT_DATE.search(bare):
        day = _next(f"{match['day']}-{match['month']}-{today.year}", today)
    else:
        try:
            return read_date(text)[0]
        except BadMeeting as bad:
            if bad.problem.code != "date_unreadable":
                raise
            day = _next(f"{bare} {today.year}", today)
    if weekday is not None:
        check_weekday(weekday, day, text)
    return day


def _next(text: str, today: date) -> date:
    day, _ = read_date(text)
    if day >= today:
        return day
    return read_date(text.replace(str(today.year), str(today.year + 1)))[0]
