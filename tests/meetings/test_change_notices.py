"""What a change of a meeting is to the people who go there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.meetings.change_notices import ChangeNotices, news_of
from bot.meetings.model.meeting import Override
from tests.meetings.make import at, meeting

NOW = at("2026-11-20 12:00")
ONCE = meeting()
SERIES = meeting(rrule="FREQ=WEEKLY")
HOUR = timedelta(hours=1)
FIRST, SECOND, THIRD = (at(f"2026-{day} 14:00") for day in ("11-24", "12-01", "12-08"))


def test_another_place_or_title_is_no_news() -> None:
    assert news_of(ONCE, replace(ONCE, title="Nieuw", place="Elders"), NOW) == ()


def test_a_meeting_that_is_off_is_news_once_and_being_on_again_too() -> None:
    off = replace(ONCE, state="cancelled")
    assert news_of(ONCE, off, NOW) == (ChangeNotices("cancelled"),)
    assert news_of(off, off, NOW) == ()
    assert news_of(off, ONCE, NOW) == (ChangeNotices("on_again", (FIRST,)),)


def test_a_moved_meeting_says_when_it_is() -> None:
    moved = replace(ONCE, start=ONCE.start + HOUR, end=ONCE.end + HOUR)
    assert news_of(ONCE, moved, NOW) == (ChangeNotices("moved_to", to=(moved.start, moved.end)),)


def test_a_series_at_another_hour_has_moved() -> None:
    moved = replace(SERIES, start=SERIES.start + HOUR, end=SERIES.end + HOUR)
    assert news_of(SERIES, moved, NOW) == (ChangeNotices("moved"),)


def test_a_day_of_a_series_that_is_off_is_named_however_the_calendar_says_it() -> None:
    cancelled = Override(SECOND, SECOND, SECOND + HOUR, "A", cancelled=True)
    off = replace(SERIES, overrides=(cancelled,), exdates=(THIRD,))
    assert news_of(SERIES, off, NOW) == (ChangeNotices("days_off", (SECOND, THIRD)),)
    assert news_of(off, SERIES, NOW) == (ChangeNotices("on_again", (SECOND, THIRD)),)
    assert news_of(off, off, NOW) == ()


def test_a_day_of_a_series_that_moves_says_from_where_to_where() -> None:
    moved = Override(SECOND, SECOND + HOUR, SECOND + 3 * HOUR, "A")
    told = news_of(SERIES, replace(SERIES, overrides=(moved,)), NOW)
    assert told == (ChangeNotices("day_moved", (SECOND,), (moved.start, moved.end)),)
    renamed = Override(THIRD, THIRD, THIRD + HOUR, "Een andere naam")
    assert news_of(SERIES, replace(SERIES, overrides=(renamed,)), NOW) == ()


def test_what_is_past_is_no_news() -> None:
    later = at("2026-12-09 12:00")
    assert news_of(ONCE, replace(ONCE, state="cancelled"), later) == ()
    assert news_of(SERIES, replace(SERIES, exdates=(FIRST, SECOND)), later) == ()
