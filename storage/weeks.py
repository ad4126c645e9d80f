"""Weeks: the only time that stands beside a story in the clear."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@lru_cache(16)  # the turns of a batch share their moment
def week_of(moment: datetime) -> str:
    """The ISO week in which an aware moment falls in Amsterdam: `2026-W47`."""
    year, week, _ = moment.astimezone(AMSTERDAM).isocalendar()
    return f"{year}-W{week:02d}"


def weeks_before(week: str, count: int) -> str:
    """The week `count` weeks earlier. Raises ValueError when it is not a week."""
    monday = day_of(week) - timedelta(weeks=count)
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02d}"


def day_of(week: str) -> date:
    """The Monday of a week. Raises ValueError when it is not a week."""
    if len(week) != 8 or week[4:6] != "-W":
        raise ValueError(f"{week} is no week: write it as 2026-W47")
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def span_of(week: str) -> tuple[datetime, datetime]:
    """When a week begins and ends in Amsterdam."""
    monday = datetime.combine(day_of(week), time(), AMSTERDAM)
    return monday, monday + timedelta(weeks=1)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def quarter_of(week: str) -> str:
    """The quarter of a week: thirteen weeks, and a week 53 goes with the last: `2026-Q4`."""
    return f"{week[:4]}-Q{min((int(week[6:]) - 1) // 13, 3) + 1}"


def quarter_before(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[6:])
    return f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"


def weeks_of_quarter(quarter: str) -> list[str]:
    """Its weeks, in order."""
    year, number = int(quarter[:4]), int(quarter[6:])
    last = date(year, 12, 28).isocalendar().week if number == 4 else number * 13
    return [f"{year}-W{week:02d}" for week in range(number * 13 - 12, last + 1)]
