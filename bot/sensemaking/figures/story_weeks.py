"""Which stories belong to a period of a figure: those of the weeks whose Thursday lies in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from bot.sensemaking.figures.periods import first_day, last_day
from storage.weeks import day_of


@lru_cache(2_000)
def thursday(week: str) -> str:
    """The day (ISO) by which a week belongs to a year, a quarter or a month."""
    return (day_of(week) + timedelta(days=3)).isoformat()


def told_in(by_week: Mapping[str, int], period: str) -> int:
    """How many of the stories of these weeks were told in a period."""
    first, last = first_day(period), last_day(period)
    return sum(count for week, count in by_week.items() if first <= thursday(week) <= last)
