"""The feed that goes out: what we write, we and others read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.ics_writer import write_calendar
from bot.meetings.model.meeting import Meeting, Override
from bot.meetings.model.series import occurrences
from tests.meetings.calendar.feeds import feed
from tests.meetings.make import HOME, at, meeting

STAMP = datetime(2026, 11, 24, 12, tzinfo=UTC)
SERIES = meeting(
    "2026-03-24 14:00",
    uid="series@vertelbot",
    title="Schulden; schaamte, en meer",
    place="Zaal 1\\2",
    sequence=4,
    rrule="FREQ=WEEKLY;COUNT=6",
    exdates=(at("2026-03-31 14:00"),),
    rdates=(at("2026-05-08 09:00"),),
    overrides=(
        Override(
            at=at("2026-04-07 14:00"),
            start=at("2026-04-08 10:00"),
            end=at("2026-04-08 12:00"),
            title="Elders",
            place="Online",
        ),
        Override(
            at=at("2026-04-14 14:00"),
            start=at("2026-04-14 14:00"),
            end=at("2026-04-14 16:00"),
            title="Schulden",
            cancelled=True,
        ),
    ),
    teams=("Team Oost, West", "Team Zuid"),
    delay=30,
)
VISIT = meeting(
    uid="visit@vertelbot", kind="visit", title="Noord ← Zuid", host_team="Noord", guest_team="Zuid"
)
ALL_DAY = meeting(
    "2026-12-10 00:00", 24, uid="day@vertelbot", all_day=True, state="cancelled", title="Een dag"
)


def plain(*meetings: Meeting) -> tuple[Meeting, ...]:
    """What a meeting is, without which version of it was read."""
    return tuple(replace(one, said=None) for one in meetings)


def test_what_is_written_is_read_back_as_it_was() -> None:
    written = write_calendar([SERIES, VISIT, ALL_DAY], "Bijeenkomsten", STAMP)
    report = read_calendar(written)
    assert report.problems == ()
    assert plain(*report.meetings) == (SERIES, VISIT, ALL_DAY)


def test_every_calendar_program_finds_the_same_meetings() -> None:
    written = Calendar.from_ical(write_calendar([SERIES], "Bijeenkomsten", STAMP))
    since, until = at("2026-01-01 00:00"), at("2027-01-01 00:00")
    theirs = [
        event["DTSTART"].dt.astimezone(UTC)
        for event in recurring_ical_events.of(written).between(since, until)
    ]
    assert sorted(theirs) == [one.start for one in occurrences(SERIES, since, until)]


def test_the_feed_keeps_to_the_form_of_the_standard() -> None:
    written = write_calendar([SERIES, VISIT], "Bijeenkomsten é", STAMP)
    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    text = written.decode().replace("\r\n ", "")
    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Bijeenkomsten é",
        "TZID:Europe/Amsterdam",
        "SUMMARY:Visite: Noord ← Zuid",
        "DTSTAMP:20261124T120000Z",
        "SEQUENCE:4",
    ):
        assert line in text.splitlines()


def test_an_empty_feed_is_a_calendar() -> None:
    assert read_calendar(write_calendar([], "Leeg", STAMP)).complete


def test_what_others_wrote_goes_out_as_it_came_in() -> None:
    for name in ("outlook", "google", "nextcloud"):
        read = read_calendar(feed(name)).meetings
        again = read_calendar(write_calendar(read, name, STAMP)).meetings
        assert plain(*again) == plain(*read)


MOMENTS = st.builds(
    lambda quarters: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters),
    st.integers(0, 4 * 24 * 700),
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30
)


@settings(deadline=None, max_examples=60)
@given(MOMENTS, st.integers(1, 200), WORDS, st.lists(WORDS, max_size=3), WORDS)
def test_any_words_and_times_survive_the_feed(
    start: datetime, quarters: int, title: str, teams: list[str], place: str
) -> None:
    one = Meeting(
        uid="a",
        kind="learning_group",
        title=title,
        start=start,
        end=start + timedelta(minutes=15 * quarters),
        tz=HOME,
        place=place,
        teams=tuple(teams),
    )
    (back,) = read_calendar(write_calendar([one], "x", STAMP)).meetings
    assert (back.place, back.teams, back.start, back.end) == (place, one.teams, start, one.end)
    assert back.title == title or title.startswith((":", "–", "—", "-", " "))
