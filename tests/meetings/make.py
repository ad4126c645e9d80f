"""Meetings to test with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.meetings.model.meeting import Meeting

HOME = "Europe/Amsterdam"


def at(text: str, tz: str = HOME) -> datetime:
    """A time of the clock, as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def meeting(start: str = "2026-11-24 14:00", hours: float = 2, **rest: Any) -> Meeting:
    """A learning group of two hours, unless something else is said."""
    begin = at(start)
    told = {"uid": "a", "kind": "learning_group", "title": "Armoede", "tz": HOME, **rest}
    return Meeting(start=begin, end=begin + timedelta(hours=hours), **told)
