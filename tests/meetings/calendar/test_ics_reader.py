"""Calendar files become meetings, whatever program wrote them and however much of them is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.meetings.calendar import ics_reader
from bot.meetings.calendar.ics_lines import cut, unfolded
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.time_zones import Zones
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.series import occurrences
from bot.meetings.model.titles import ReadRules
from tests.meetings.calendar.feeds import feed

HOME = "Europe/Amsterdam"


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def calendar(*events: str, before: str = "") -> bytes:
    body = "\n".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{body}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def only(data: bytes, rules: ReadRules | None = None) -> Meeting:
    report = read_calendar(data, rules)
    assert report.problems == ()
    (meeting,) = report.meetings
    return meeting


def test_outlook_is_read_with_its_names_of_zones_and_its_folded_lines() -> None:
    report = read_calendar(feed("outlook"))
    visit, series, all_day = report.meetings
    assert report.problems == ()
    assert report.ignored == 1
    assert (visit.kind, visit.host_team, visit.guest_team) == (
        "visit",
        "Wijkteam Noord",
        "Team Oosterpark",
    )
    assert (visit.start, visit.end) == (utc(2026, 11, 24, 12, 30), utc(2026, 11, 24, 15))
    assert (visit.tz, visit.sequence, visit.place) == (HOME, 2, "Buurthuis De Brug, zaal 2")
    assert visit.uid.endswith("FFFF00001111")
    assert (series.kind, series.title, series.tz) == (
        "learning_group",
        "Schulden en schaamte",
        HOME,
    )
    assert [(one.at, one.start) for one in series.overrides] == [
        (utc(2027, 1, 26, 13), utc(2027, 1, 27, 9))
    ]
    assert (all_day.all_day, all_day.host_team) == (True, "Wijkteam West")
    assert (all_day.start, all_day.end) == (utc(2026, 12, 9, 23), utc(2026, 12, 10, 23))


def test_google_is_read_with_times_in_utc_and_the_zone_of_the_calendar() -> None:
    visit, series, cancelled = read_calendar(feed("google")).meetings
    assert (visit.host_team, visit.guest_team, visit.tz) == ("Team Haven", "Team Kanaal", HOME)
    assert series.title == "Ouders die het niet redden, en wat dan?"
    assert [(one.at, one.cancelled) for one in series.overrides] == [
        (utc(2026, 10, 13, 17, 30), False),
        (utc(2026, 11, 10, 18, 30), True),
    ]
    assert cancelled.state == "cancelled"


def test_nextcloud_is_read_with_durations_categories_and_days_taken_out() -> None:
    series, bare, empty = read_calendar(feed("nextcloud")).meetings
    assert (series.kind, series.title) == ("learning_group", "Buurtkracht")
    assert series.end - series.start == timedelta(hours=2, minutes=30)
    assert series.exdates == (utc(2026, 4, 14, 11),)
    assert series.rdates == (utc(2026, 2, 24, 12),)
    assert series.overrides[0].title == "Buurtkracht, op bezoek"
    assert bare.end - bare.start == timedelta(hours=2)
    assert (empty.title, empty.kind, empty.start) == ("Visite", "visit", utc(2026, 3, 18, 9))


@pytest.mark.parametrize("name", ["outlook", "google", "nextcloud"])
def test_our_meetings_are_those_that_the_file_itself_gives(name: str) -> None:
    since, until = utc(2026, 1, 1), utc(2028, 1, 1)
    report = read_calendar(feed(name))
    uids = {meeting.uid for meeting in report.meetings}
    ours = sorted(
        (one.meeting.uid, one.start)
        for meeting in report.meetings
        for one in occurrences(meeting, since, until)
    )
    plain = feed(name).replace(b"/freeassociation.sourceforge.net/", b"")
    theirs = sorted(
        (str(event["UID"]), Zones(HOME, {}).moment(event["DTSTART"].dt))
        for event in recurring_ical_events.of(Calendar.from_ical(plain)).between(since, until)
        if str(event["UID"]) in uids
    )
    assert ours == theirs


def test_every_bad_event_is_reported_with_its_line_and_the_good_ones_are_taken() -> None:
    report = read_calendar(feed("broken"))
    assert [meeting.uid for meeting in report.meetings] == ["good-1", "good-2"]
    lines = feed("broken").decode().splitlines()
    found = {problem.uid: problem for problem in report.problems}
    expected = {
        "no-start": "event_without_start",
        "bad-start": "event_time_not_single",
        "": "event_without_uid",
        "ends-first": "event_ends_before",
        "endless": "event_too_long",
        "nowhere": "zone_unknown",
        "every-second": "rule_within_a_day",
        "never": "rule_never",
        "bomb": "rule_too_often",
        "twice": "event_with_two_rules",
        "two-starts": "event_time_not_single",
        "mixed": "event_end_is_a_day",
        "half-series": "rule_unreadable",
        "ancient": "event_in_another_age",
        "bad-exdate": "event_unreadable",
        "unclosed": "event_unclosed",
    }
    assert {uid: one.problem.code for uid, one in found.items()} == expected
    assert all(one.line for one in found.values())
    assert lines[found["nowhere"].line - 1].startswith("DTSTART;TZID=Middle Earth")
    assert lines[found["bomb"].line - 1].startswith("RRULE:FREQ=DAILY")


def test_a_newer_sequence_wins_wherever_it_stands_in_the_file() -> None:
    new = "UID:a\nSEQUENCE:3\nDTSTART:20261124T140000Z\nSUMMARY:Leergroep: Nieuw"
    old = "UID:a\nSEQUENCE:2\nDTSTART:20261124T130000Z\nSUMMARY:Leergroep: Oud"
    assert only(calendar(new, old)).title == "Nieuw"
    assert only(calendar(old, new)).title == "Nieuw"


def test_one_meeting_of_a_series_that_is_not_in_the_file_stands_alone() -> None:
    meeting = only(
        calendar("UID:a\nRECURRENCE-ID:20261124T140000Z\nDTSTART:20261125T140000Z\nSUMMARY:Visite")
    )
    assert (meeting.uid, meeting.series) == ("a#20261124T140000Z", False)


def test_a_calendar_sent_to_cancel_cancels() -> None:
    event = "UID:a\nDTSTART:20261124T140000Z\nSUMMARY:Visite"
    assert only(calendar(event, before="METHOD:CANCEL\n")).state == "cancelled"


def test_a_time_without_a_zone_is_that_of_the_calendar_or_else_ours() -> None:
    event = "UID:a\nDTSTART:20260707T140000\nSUMMARY:Visite"
    assert only(calendar(event)).start == utc(2026, 7, 7, 12)
    lisbon = only(calendar(event, before="X-WR-TIMEZONE:Europe/Lisbon\n"))
    assert (lisbon.start, lisbon.tz) == (utc(2026, 7, 7, 13), HOME)
    nowhere = only(calendar(event, before="X-WR-TIMEZONE:../../etc/passwd\n"))
    assert nowhere.tz == HOME


def test_a_series_in_utc_repeats_in_utc_unless_the_calendar_has_a_zone() -> None:
    event = "UID:a\nDTSTART:20260707T140000Z\nRRULE:FREQ=WEEKLY\nSUMMARY:Visite"
    assert only(calendar(event)).tz == "UTC"
    assert only(calendar(event, before="X-WR-TIMEZONE:Europe/Paris\n")).tz == "Europe/Paris"


@pytest.mark.parametrize(
    ("summary", "kind", "title", "host", "guest"),
    [
        ("Visite: Noord ← Zuid", "visit", "Noord ← Zuid", "Noord", "Zuid"),
        ("Visite: Noord <- Zuid", "visit", "Noord ← Zuid", "Noord", "Zuid"),
        ("visite Zuid → Noord", "visit", "Noord ← Zuid", "Noord", "Zuid"),
        ("Visite van Zuid bij Noord", "visit", "Noord ← Zuid", "Noord", "Zuid"),
        ("Visite Sint-Jans-Molenbeek", "visit", "Sint-Jans-Molenbeek", "", ""),
        ("Leergroep: Armoede", "learning_group", "Armoede", "", ""),
        ("LEERGROEP – Armoede", "learning_group", "Armoede", "", ""),
        ("Armoede (leergroep)", "learning_group", "Armoede", "", ""),
        ("Tweede leergroep Armoede", "learning_group", "Tweede leergroep Armoede", "", ""),
    ],
)
def test_the_words_of_an_event_say_what_it_is(
    summary: str, kind: str, title: str, host: str, guest: str
) -> None:
    meeting = only(calendar(f"UID:a\nDTSTART:20261124T140000Z\nSUMMARY:{summary}"))
    assert (meeting.kind, meeting.title) == (kind, title)
    assert (meeting.host_team, meeting.guest_team) == (host, guest)


def test_other_events_are_ignored_unless_the_calendar_is_all_ours() -> None:
    other = calendar("UID:a\nDTSTART:20261124T140000Z\nSUMMARY:Visiteverslag lezen")
    assert read_calendar(other).ignored == 1
    assert only(other, ReadRules(other_kind="learning_group")).title == "Visiteverslag lezen"
    assert only(other, ReadRules(visit_words=("visiteverslag",))).kind == "visit"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_calendar"),
        (b"<!doctype html><title>Log in</title>", "no_calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 8_000_000, "calendar_too_large"),
    ],
)
def test_what_is_no_calendar_or_too_large_is_refused_as_a_whole(data: bytes, code: str) -> None:
    report = read_calendar(data)
    assert report.problems[0].problem.code == code
    assert (report.meetings, report.complete) == ((), False)


def test_a_file_that_breaks_off_is_not_complete() -> None:
    whole = feed("google")
    report = read_calendar(whole[: len(whole) // 2])
    assert not report.complete
    assert any(one.problem.code == "breaks_off" for one in report.problems)


def test_a_letter_that_was_folded_in_the_middle_is_whole_again() -> None:
    folded = b"SUMMARY:Leergroep: caf" + b"\xc3\r\n \xa9 \xe2\x86\r\n\t\x90 zo"
    assert [text for _, text in unfolded(folded)] == ["SUMMARY:Leergroep: café ← zo"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_old_programs_are_read(encoding: str) -> None:
    text = calendar("UID:a\nDTSTART:20261124T140000Z\nSUMMARY:Leergroep: Café").decode()
    assert only(text.encode(encoding)).title == "Café"


def test_a_title_is_one_line_and_not_too_long() -> None:
    long = calendar(f"UID:a\nDTSTART:20261124T140000Z\nSUMMARY:Leergroep: a\\nb\x07{'c' * 500}")
    assert only(long).title.startswith("a b c")
    assert len(only(long).title) <= 200


def test_a_file_full_of_rules_that_never_happen_is_left_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ics_reader, "PROBLEMS_MAX", 20)
    rule = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    events = [f"UID:{n}\nDTSTART:20261124T140000Z\n{rule}\nSUMMARY:Leergroep" for n in range(40)]
    one_more = "UID:last\nDTSTART:20261124T140000Z\nSUMMARY:Leergroep"
    report = read_calendar(calendar(*events, one_more))
    assert (len(report.problems), report.complete) == (20, False)
    assert not report.meetings


@given(st.binary(max_size=300))
def test_any_bytes_give_a_report(data: bytes) -> None:
    read_calendar(data)
    read_calendar(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + data)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["outlook", "google", "nextcloud", "broken"]),
    st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=6)), min_size=1, max_size=8),
)
def test_a_damaged_file_gives_a_report(name: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(feed(name))
    for place, junk in damage:
        data[place : place + len(junk)] = junk
    for meeting in read_calendar(bytes(data)).meetings:
        occurrences(meeting, utc(2026, 1, 1), utc(2027, 1, 1))


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["DTSTART", "RRULE", "EXDATE", "DURATION", "UID"]))
def test_one_odd_event_never_spoils_another(odd: str, prop: str) -> None:
    line = "".join(letter for letter in odd if letter.isprintable())
    good = "UID:good\nDTSTART:20261124T140000Z\nSUMMARY:Visite"
    bad = f"UID:bad\nDTSTART:20261124T140000Z\n{prop}:{line}\nSUMMARY:Visite"
    assert "good" in {meeting.uid for meeting in read_calendar(calendar(bad, good)).meetings}


def test_what_is_nested_without_end_costs_no_more_than_its_length() -> None:
    deep = b"BEGIN:A\r\n" * 40_000 + b"END:B\r\n" * 40_000
    event = b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (part,) = cut(b"BEGIN:VCALENDAR\r\n" + deep + event, {"UID"})
    assert [block.first("UID")[1] for block in part.events] == ["1"]
    long = b"X;ENCODING=QUOTED-PRINTABLE:" + b"a" * 200_000 + b"=\r\n" + b"=\r\n" * 20_000 + b"a"
    assert len(list(unfolded(long))) == 1
