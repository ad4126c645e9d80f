"""A day and two times, as a coordinator types them in the chat."""

from __future__ import annotations

import pytest

from bot.meetings.model.problems import BadMeeting
from bot.meetings.typed.typed_time import read_when
from tests.meetings.make import HOME, at

NOW = at("2026-11-25 10:00")
"""A Wednesday."""


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("3 december 14:00-16:00", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("do 3 december, 14.00 tot 16.00 uur", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("3-12 14u-16u", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("3/12 om 14 - 16", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("vandaag 14:00–16:00", "2026-11-25 14:00", "2026-11-25 16:00"),
        ("morgen 9:30-11:00", "2026-11-26 09:30", "2026-11-26 11:00"),
        ("vrijdag 9:30-11:00", "2026-11-27 09:30", "2026-11-27 11:00"),
        ("woensdag van 14:00 tot 16:00", "2026-11-25 14:00", "2026-11-25 16:00"),
        ("24-11 10:00-12:00", "2027-11-24 10:00", "2027-11-24 12:00"),
        ("2026-12-03 14:00-16:00", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("03-12-26 14:00-16:00", "2026-12-03 14:00", "2026-12-03 16:00"),
        ("31 december 22:00-01:00", "2026-12-31 22:00", "2027-01-01 01:00"),
        ("20 november 2026 10:00-12:00", "2026-11-20 10:00", "2026-11-20 12:00"),
    ],
)
def test_a_day_and_two_times_are_read_as_people_type_them(typed: str, start: str, end: str) -> None:
    assert read_when(typed, NOW, HOME) == (at(start), at(end))


@pytest.mark.parametrize(
    "typed",
    [
        "", "3 december", "3 december 14:00", "14:00-16:00", "31 februari 14:00-16:00",
        "3 december 25:00-26:00", "3 december 2019 14:00-16:00", "28 maart 2027 02:15-03:15",
        "snel een keer 14:00-16:00",
    ],
)  # fmt: skip
def test_what_is_no_time_to_come_is_asked_again(typed: str) -> None:
    with pytest.raises(BadMeeting):
        read_when(typed, NOW, HOME)
