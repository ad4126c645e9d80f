"""Weeks: the only time that stands beside a story in the clear."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def week_of(moment: datetime) -> str:
    """The ISO week in which an aware moment falls in Amsterdam: `2026-W47`."""
    year, week, _ = moment.astimezone(AMSTERDAM).isocalendar()
    return f"{year}-W{week:02d}"


def weeks_before(week: str, count: int) -> str:
    """The week `count` weeks earlier. Raises ValueError when it is not a week."""
    monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1) - timedelta(weeks=count)
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02d}"


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)
