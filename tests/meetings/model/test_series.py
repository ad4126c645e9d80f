"""A series and the meetings it consists of."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.meetings.model.meeting import Meeting, Override
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.recurrence import check_rule
from bot.meetings.model.rows import last_end
from bot.meetings.model.series import (
    goes_on,
    last_held,
    occurrence,
    occurrences,
)
from tests.meetings.make import HOME, at, meeting

NEW_YEAR, NEXT_YEAR = at("2026-01-01 00:00"), at("2027-01-01 00:00")


def starts(series: Meeting) -> list[str]:
    found = occurrences(series, NEW_YEAR, NEXT_YEAR)
    return [f"{series.local(one.start):%m-%d %H:%M} {one.state}" for one in found]


def test_a_series_keeps_its_time_of_the_clock_over_both_clock_changes() -> None:
    spring = meeting("2026-03-24 14:00", rrule="FREQ=WEEKLY;COUNT=2")
    autumn = meeting("2026-10-20 14:00", rrule="FREQ=WEEKLY;COUNT=2")
    assert starts(spring) == ["03-24 14:00 planned", "03-31 14:00 planned"]
    assert starts(autumn) == ["10-20 14:00 planned", "10-27 14:00 planned"]
    first, second = occurrences(spring, NEW_YEAR, NEXT_YEAR)
    assert second.start - first.start == timedelta(days=7, hours=-1)


def test_exceptions_additions_and_changes_are_kept() -> None:
    moved = Override(
        at=at("2026-04-07 14:00"),
        start=at("2026-04-09 10:00"),
        end=at("2026-04-09 11:00"),
        title="B",
    )
    off = Override(
        at=at("2026-04-14 14:00"),
        start=at("2026-04-14 14:00"),
        end=at("2026-04-14 16:00"),
        title="A",
        cancelled=True,
    )
    series = meeting(
        "2026-03-24 14:00",
        rrule="FREQ=WEEKLY;COUNT=5",
        exdates=(at("2026-03-31 14:00"),),
        rdates=(at("2026-05-01 09:00"),),
        overrides=(moved, off),
    )
    assert starts(series) == [
        "03-24 14:00 planned",
        "04-09 10:00 moved",
        "04-14 14:00 cancelled",
        "04-21 14:00 planned",
        "05-01 09:00 planned",
    ]
    assert occurrences(series, NEW_YEAR, NEXT_YEAR)[1].title == "B"


def test_a_meeting_keeps_its_key_when_it_moves_or_the_series_gets_another_hour() -> None:
    series = meeting("2026-03-24 14:00", id="m1", rrule="FREQ=WEEKLY;COUNT=2")
    later = replace(
        series, start=series.start + timedelta(hours=3), end=series.end + timedelta(hours=3)
    )
    keys = [one.key for one in occurrences(series, NEW_YEAR, NEXT_YEAR)]
    assert keys == ["m1@2026-03-24", "m1@2026-03-31"]
    assert keys == [one.key for one in occurrences(later, NEW_YEAR, NEXT_YEAR)]
    moved = Override(
        at=at("2026-03-31 14:00"),
        start=at("2026-05-05 09:00"),
        end=at("2026-05-05 11:00"),
        title="A",
    )
    changed = replace(series, overrides=(moved,))
    found = occurrence(changed, date(2026, 3, 31))
    assert found is not None
    assert (found.key, found.start) == ("m1@2026-03-31", at("2026-05-05 09:00"))
    assert occurrence(changed, date(2026, 5, 5)) is None
    assert occurrence(changed, date(2026, 4, 7)) is None


def test_a_single_meeting_is_its_own_occurrence_and_its_key_is_its_id() -> None:
    single = meeting(id="m1", state="moved")
    (one,) = occurrences(single, NEW_YEAR, NEXT_YEAR)
    assert (one.key, one.start, one.state) == ("m1", single.start, "moved")
    assert occurrences(single, NEXT_YEAR, NEXT_YEAR + timedelta(days=1)) == ()


def test_a_cancelled_series_has_only_cancelled_meetings() -> None:
    series = meeting("2026-03-24 14:00", rrule="FREQ=WEEKLY;COUNT=2", state="cancelled")
    assert starts(series) == ["03-24 14:00 cancelled", "03-31 14:00 cancelled"]


def test_leap_days_and_last_days_of_the_month_are_kept() -> None:
    leap = meeting("2024-02-29 14:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = occurrences(leap, at("2024-01-01 00:00"), at("2033-01-01 00:00"))
    assert [one.start.year for one in found] == [2024, 2028, 2032]
    last = meeting("2026-01-31 14:00", rrule="FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3")
    assert starts(last) == ["01-31 14:00 planned", "02-28 14:00 planned", "03-31 14:00 planned"]


@pytest.mark.parametrize(
    ("series", "on"),
    [
        (meeting("2026-11-24 14:00"), False),
        (meeting("2026-11-30 14:00"), True),
        (meeting("2020-01-07 14:00", rrule="FREQ=WEEKLY"), True),
        (meeting("2020-01-07 14:00", rrule="FREQ=WEEKLY;COUNT=9"), False),
        (meeting("2026-11-10 14:00", rrule="FREQ=WEEKLY;COUNT=9"), True),
        (meeting("2020-01-07 14:00", rrule="FREQ=WEEKLY;UNTIL=20261124"), False),
        (meeting("2020-01-07 14:00", rrule="FREQ=WEEKLY;UNTIL=20261231T120000Z"), True),
        (meeting("2020-01-07 14:00", rdates=(at("2026-12-01 14:00"),)), True),
    ],
)
def test_it_is_known_whether_something_still_lies_ahead(series: Meeting, on: bool) -> None:
    assert goes_on(series, at("2026-11-25 12:00")) is on


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("", "rule_unreadable"),
        ("elke week", "rule_unreadable"),
        ("FREQ=WEEKLY;BYDAY=XX", "rule_unreadable"),
        ("FREQ=WEEKLY\nATTENDEE:x", "rule_unreadable"),
        ("FREQ=HOURLY", "rule_within_a_day"),
        ("FREQ=MINUTELY;COUNT=2", "rule_within_a_day"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "rule_within_a_day"),
        ("FREQ=DAILY;COUNT=100000", "rule_too_often"),
        ("FREQ=DAILY;COUNT=0", "rule_too_often"),
        ("FREQ=WEEKLY;INTERVAL=0", "rule_too_often"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20301231", "rule_end_wrong"),
        ("FREQ=DAILY;UNTIL=20200101", "rule_end_wrong"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "rule_never"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=SU", "rule_never"),
        ("FREQ=YEARLY;COUNT=20", "series_too_long"),
        ("FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 300), "rule_too_long"),
    ],
)
def test_a_rule_without_measure_is_refused(rule: str, code: str) -> None:
    with pytest.raises(BadMeeting, match=code):
        check_rule(rule, at("2026-11-24 14:00"), HOME)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=WEEKLY;UNTIL=20270629T120000Z;INTERVAL=2;BYDAY=TU;WKST=MO",
        "FREQ=DAILY;COUNT=10",
    ],
)
def test_a_usual_rule_is_kept_and_keeping_it_twice_changes_nothing(rule: str) -> None:
    kept = check_rule(rule.lower(), at("2026-11-24 14:00"), HOME)
    assert check_rule(kept, at("2026-11-24 14:00"), HOME) == kept
    assert sorted(kept.split(";")) == sorted(rule.split(";"))


def test_a_meeting_has_moments_in_utc_and_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="UTC"):
        replace(meeting(), start=meeting().start.replace(tzinfo=None))
    with pytest.raises(ValueError, match="ends after"):
        meeting(hours=-1)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 400),
    st.sampled_from(["DAILY", "WEEKLY"]),
    st.integers(1, 5),
    st.integers(0, 300),
    st.integers(1, 60),
)
def test_a_series_seen_through_a_window_is_the_same_series(
    day: int, frequency: str, interval: int, since: int, width: int
) -> None:
    first = datetime(2026, 1, 1, 13, tzinfo=UTC) + timedelta(days=day)
    series = replace(
        meeting(),
        start=first,
        end=first + timedelta(hours=2),
        rrule=f"FREQ={frequency};INTERVAL={interval}",
    )
    step = timedelta(days=interval * (7 if frequency == "WEEKLY" else 1))
    begin = first.replace(hour=0) + timedelta(days=since)
    end = begin + timedelta(days=width)
    local, expected = series.local(first).replace(tzinfo=None), []
    while local.date() < end.date():
        if local.date() >= begin.date():
            expected.append(local)
        local += step
    found = occurrences(series, begin, end)
    assert [series.local(one.start).replace(tzinfo=None) for one in found] == expected
    assert [one.at for one in found] == [one.start for one in found]


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        ("FREQ=WEEKLY;COUNT=3", "2026-12-08 16:00"),
        ("FREQ=WEEKLY;UNTIL=20261210T000000Z", "2026-12-08 16:00"),
        ("FREQ=DAILY;UNTIL=20281210T000000Z", "2028-12-10 01:00"),
    ],
)
def test_it_is_known_when_the_last_of_a_series_is_over_of_a_long_one_about(
    rule: str, end: str
) -> None:
    assert last_end(meeting(rrule=rule)) == at(end)


def test_a_series_without_an_end_is_never_over() -> None:
    assert last_end(meeting(rrule="FREQ=WEEKLY")) is None


@pytest.mark.parametrize("rule", ["COUNT=1000", "UNTIL=99991231T000000Z"])
def test_a_calendar_full_of_long_series_does_not_keep_the_writer_busy(rule: str) -> None:
    began = time.process_time()
    for _ in range(100):
        last_end(meeting(rrule=f"FREQ=DAILY;{rule}"))
    assert time.process_time() - began < 1


def test_the_last_one_that_was_held_may_have_moved_and_is_not_one_that_was_off() -> None:
    first, second, third = (at(f"2026-{day} 14:00") for day in ("11-24", "12-01", "12-08"))
    moved = Override(second, second + timedelta(days=1), second + timedelta(days=1, hours=2), "A")
    off = Override(third, third, third + timedelta(hours=2), "A", cancelled=True)
    series = meeting(rrule="FREQ=WEEKLY;COUNT=3", overrides=(moved, off))
    last = last_held(series, at("2026-12-20 12:00"))
    assert last is not None
    assert (last.at, last.start) == (second, moved.start)
    assert last_held(series, first) is None
