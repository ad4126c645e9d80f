"""When a prompt is due: over clock changes, nights, weekends, holidays, leap days and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.meetings.prompts.schedule import (
    PromptRules,
    allowed,
    due,
    expired,
    first_instant,
    follow_up,
    reminder,
    this_evening,
    tomorrow,
)

HOME = "Europe/Amsterdam"
USUAL = PromptRules()


def at(text: str, tz: str = HOME, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz), fold=fold).astimezone(UTC)


def clock(moment: datetime, tz: str = HOME) -> str:
    return moment.astimezone(ZoneInfo(tz)).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("end", "asked"),
    [
        ("2026-11-24 15:00", "Tue 2026-11-24 17:00"),
        ("2026-11-24 17:59", "Tue 2026-11-24 19:59"),
        ("2026-11-24 18:00", "Wed 2026-11-25 08:00"),
        ("2026-11-24 23:30", "Wed 2026-11-25 08:00"),
        ("2026-11-25 05:59", "Wed 2026-11-25 08:00"),
        ("2026-11-27 19:00", "Mon 2026-11-30 08:00"),
        ("2026-11-28 12:00", "Mon 2026-11-30 08:00"),
        ("2026-12-24 19:00", "Mon 2026-12-28 08:00"),
        ("2026-12-31 19:00", "Mon 2027-01-04 08:00"),
        ("2026-12-30 22:30", "Thu 2026-12-31 08:00"),
        ("2024-02-28 21:00", "Thu 2024-02-29 08:00"),
        ("2024-02-29 15:00", "Thu 2024-02-29 17:00"),
        ("2026-04-02 19:00", "Fri 2026-04-03 08:00"),
        ("2026-04-03 19:00", "Tue 2026-04-07 08:00"),
        ("2026-04-24 19:00", "Tue 2026-04-28 08:00"),
        ("2025-05-02 19:00", "Tue 2025-05-06 08:00"),
    ],
)
def test_a_prompt_comes_two_hours_later_at_a_decent_hour_of_a_working_day(
    end: str, asked: str
) -> None:
    assert clock(due(at(end), None, USUAL)) == asked


def test_a_meeting_may_have_a_delay_of_its_own() -> None:
    assert clock(due(at("2026-11-24 15:00"), 15, USUAL)) == "Tue 2026-11-24 15:15"
    assert clock(due(at("2026-11-24 15:00"), 0, USUAL)) == "Tue 2026-11-24 15:00"


def test_a_delay_is_elapsed_time_over_both_clock_changes() -> None:
    always = PromptRules(quiet_from=time(0), quiet_until=time(0), weekends=True, holidays=True)
    spring = at("2026-03-29 01:30")
    autumn = at("2026-10-25 02:30", fold=0)
    assert clock(due(spring, 120, always)) == "Sun 2026-03-29 04:30"
    assert clock(due(autumn, 120, always)) == "Sun 2026-10-25 03:30"
    assert due(autumn, 120, always) - autumn == timedelta(hours=2)
    assert due(at("2026-10-25 02:30", fold=1), 0, always) == autumn + timedelta(hours=1)


def test_the_next_morning_is_eight_on_the_clock_over_both_clock_changes() -> None:
    weekends = PromptRules(weekends=True)
    assert due(at("2026-03-28 22:00"), None, weekends) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert due(at("2026-10-24 22:00"), None, weekends) == datetime(2026, 10, 25, 7, tzinfo=UTC)


def test_quiet_hours_that_end_in_the_skipped_hour_end_with_the_jump() -> None:
    rules = PromptRules(quiet_until=time(2, 30), weekends=True)
    assert allowed(at("2026-03-29 01:00"), rules) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_quiet_hours_that_end_in_the_doubled_hour_are_kept_both_times() -> None:
    rules = PromptRules(quiet_until=time(2, 30), weekends=True)
    assert allowed(at("2026-10-25 01:00"), rules) == at("2026-10-25 02:30", fold=0)
    assert allowed(at("2026-10-25 02:10", fold=1), rules) == at("2026-10-25 02:30", fold=1)


def test_a_day_that_begins_in_a_skipped_hour_begins_with_the_jump() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    start = first_instant(date(2026, 4, 24), time(), cairo, at("2026-04-23 12:00"))
    assert clock(start, "Africa/Cairo") == "Fri 2026-04-24 01:00"
    assert clock(start - timedelta(seconds=1), "Africa/Cairo") == "Thu 2026-04-23 23:59"


def test_hours_and_days_are_those_of_the_place_where_people_are() -> None:
    end = at("2026-11-24 15:00", "America/New_York")
    assert clock(due(end, None, USUAL)) == "Wed 2026-11-25 08:00"
    york = PromptRules(tz="America/New_York")
    assert clock(due(end, None, york), "America/New_York") == "Tue 2026-11-24 17:00"


def test_good_friday_is_a_working_day() -> None:
    assert clock(due(at("2027-03-26 11:00"), None, USUAL)) == "Fri 2027-03-26 13:00"
    assert clock(due(at("2027-03-26 19:00"), None, USUAL)) == "Tue 2027-03-30 08:00"


def test_weekends_holidays_and_own_days_are_configured() -> None:
    saturday, christmas = at("2026-11-28 12:00"), at("2026-12-25 12:00")
    assert clock(due(saturday, None, PromptRules(weekends=True))) == "Sat 2026-11-28 14:00"
    assert clock(due(christmas, None, PromptRules(holidays=True))) == "Fri 2026-12-25 14:00"
    ascension = PromptRules(open=frozenset({date(2026, 5, 14)}))
    assert clock(due(at("2026-05-14 12:00"), None, ascension)) == "Thu 2026-05-14 14:00"
    closed = PromptRules(closed=frozenset({date(2026, 11, 24)}))
    assert clock(due(at("2026-11-24 12:00"), None, closed)) == "Wed 2026-11-25 08:00"


@pytest.mark.parametrize(
    ("tapped", "evening", "morning"),
    [
        ("2026-11-24 17:05", "Tue 2026-11-24 19:30", "Wed 2026-11-25 09:00"),
        ("2026-11-24 19:30", "Wed 2026-11-25 19:30", "Wed 2026-11-25 09:00"),
        ("2026-11-24 23:50", "Wed 2026-11-25 19:30", "Wed 2026-11-25 09:00"),
        ("2026-11-25 00:10", "Wed 2026-11-25 19:30", "Thu 2026-11-26 09:00"),
        ("2026-11-27 16:00", "Fri 2026-11-27 19:30", "Mon 2026-11-30 09:00"),
        ("2026-11-28 11:00", "Mon 2026-11-30 19:30", "Mon 2026-11-30 09:00"),
        ("2026-03-27 16:00", "Fri 2026-03-27 19:30", "Mon 2026-03-30 09:00"),
        ("2026-12-31 10:00", "Thu 2026-12-31 19:30", "Mon 2027-01-04 09:00"),
    ],
)
def test_this_evening_and_tomorrow_are_times_of_the_clock(
    tapped: str, evening: str, morning: str
) -> None:
    assert clock(this_evening(at(tapped), USUAL)) == evening
    assert clock(tomorrow(at(tapped), USUAL)) == morning


def test_a_reminder_comes_after_three_days_at_the_same_time_of_day() -> None:
    assert clock(reminder(at("2026-11-23 17:00"), USUAL)) == "Thu 2026-11-26 17:00"
    assert clock(reminder(at("2026-11-25 17:00"), USUAL)) == "Mon 2026-11-30 08:00"
    assert clock(reminder(at("2026-10-23 17:00"), USUAL)) == "Mon 2026-10-26 17:00"


def test_a_follow_up_comes_six_weeks_after_the_end_at_the_same_time_of_day() -> None:
    assert clock(follow_up(at("2026-02-24 15:00"), USUAL)) == "Tue 2026-04-07 15:00"
    assert clock(follow_up(at("2026-11-20 15:00"), USUAL)) == "Mon 2027-01-04 08:00"
    assert clock(follow_up(at("2026-11-19 21:00"), USUAL)) == "Mon 2027-01-04 08:00"


def test_a_prompt_is_too_late_after_five_whole_days() -> None:
    asked = at("2026-11-24 17:00")
    assert not expired(asked, asked + timedelta(days=5), USUAL)
    assert expired(asked, asked + timedelta(days=5, seconds=1), USUAL)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"evening": time(21)}, "prompts.evening"),
        ({"tomorrow": time(7, 59)}, "prompts.tomorrow"),
        ({"country": "Narnia"}, "prompts.country"),
        ({"tz": "Europe/Lutjebroek"}, "prompts.tz"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(wrong: dict[str, object], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        PromptRules(**wrong)  # type: ignore[arg-type]  # a table of wrong values


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        allowed(datetime(2026, 11, 24, 15), USUAL)  # noqa: DTZ001  # the point of the test


ZONES = st.sampled_from(
    ["Europe/Amsterdam", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]
)
CHANGES = ("2026-03-29", "2026-10-25", "2026-04-24", "2024-02-29", "2026-12-31", "2026-04-27")
MOMENTS = st.builds(
    lambda day, minutes: at(f"{day} 00:00") + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-4 * 1440, 4 * 1440),
)
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES = st.builds(
    lambda start, until, weekends, feasts, tz: PromptRules(
        quiet_from=start,
        quiet_until=until,
        weekends=weekends,
        holidays=feasts,
        evening=until,
        tomorrow=until,
        tz=tz,
    ),
    CLOCKS,
    CLOCKS,
    st.booleans(),
    st.booleans(),
    ZONES,
)


def fits(moment: datetime, rules: PromptRules) -> bool:
    local = moment.astimezone(rules.zone)
    return not rules.quiet(local.time()) and not rules.day_off(local.date())


def test_quiet_hours_that_begin_in_the_hour_that_comes_twice_are_over_for_a_moment() -> None:
    one, midnight = time(1), time(0)
    rules = PromptRules(
        quiet_from=time(2, 1), quiet_until=midnight, weekends=True, evening=one, tomorrow=one
    )
    first, again = at("2026-10-25 02:01"), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert allowed(first, rules) == again


@given(MOMENTS, RULES)
@settings(max_examples=150)
def test_a_prompt_comes_in_the_first_minute_that_fits(moment: datetime, rules: PromptRules) -> None:
    minute = moment
    while not fits(minute, rules):
        minute += timedelta(minutes=1)
    assert allowed(moment, rules) == minute


@given(MOMENTS, st.integers(0, 3000), RULES)
def test_a_prompt_never_comes_before_its_delay_or_at_a_wrong_time(
    end: datetime, delay: int, rules: PromptRules
) -> None:
    asked = due(end, delay, rules)
    assert asked >= end + timedelta(minutes=delay)
    assert fits(asked, rules)
    assert allowed(asked, rules) == asked


@given(MOMENTS, MOMENTS, RULES)
def test_who_met_earlier_is_never_asked_later(
    one: datetime, other: datetime, rules: PromptRules
) -> None:
    first, last = sorted((one, other))
    assert allowed(first, rules) <= allowed(last, rules)
    assert reminder(first, rules) <= reminder(last, rules) + timedelta(hours=1)


@given(MOMENTS, RULES)
def test_every_later_moment_lies_ahead_and_fits(moment: datetime, rules: PromptRules) -> None:
    for later in (this_evening, tomorrow, reminder, follow_up):
        found = later(moment, rules)
        assert found > moment
        assert fits(found, rules)
        assert found.tzinfo is UTC
