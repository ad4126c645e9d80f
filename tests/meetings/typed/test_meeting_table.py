"""A table of meetings, as people in the Netherlands write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.calendar.problem_texts import explain_import
from bot.meetings.calendar.report import Report
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import BadMeeting
from bot.meetings.model.series import occurrences
from bot.meetings.model.titles import ReadRules
from bot.meetings.typed.clock_times import read_time
from bot.meetings.typed.dutch_dates import read_date
from bot.meetings.typed.meeting_table import read_meetings
from bot.meetings.typed.repetitions import read_repeat
from tests.meetings.make import HOME, at


def table(*rows: str, header: str = "soort;titel;begin;einde") -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def only(*rows: str, header: str = "soort;titel;begin;einde") -> Meeting:
    report = read_meetings(table(*rows, header=header))
    assert report.problems == ()
    (meeting,) = report.meetings
    return meeting


EXAMPLE = (
    "soort;titel;begin;einde;plaats;team;gast_team;herhaling\r\n"
    "visite;;24-11-2026 13:30;16:00;Buurthuis;Team Noord;Team Zuid;\r\n"
    "leergroep;Schulden;1-12-2026 14:00;16:00;Online;;;elke twee weken tot 29-06-2027\r\n"
)


def wrong(*rows: str, header: str = "soort;titel;begin;einde") -> tuple[int, str]:
    (problem,) = read_meetings(table(*rows, header=header)).problems
    return problem.line, " ".join(filter(None, (problem.problem.field, problem.problem.code)))


def test_the_example_is_a_visit_and_a_series() -> None:
    report = read_meetings(EXAMPLE.encode())
    visit, group = report.meetings
    assert report.problems == ()
    assert (visit.kind, visit.host_team, visit.guest_team) == ("visit", "Team Noord", "Team Zuid")
    assert (visit.title, visit.place) == ("Team Noord ← Team Zuid", "Buurthuis")
    assert (visit.start, visit.end) == (at("2026-11-24 13:30"), at("2026-11-24 16:00"))
    assert (group.kind, group.title) == ("learning_group", "Schulden")
    found = occurrences(group, at("2027-06-01 00:00"), at("2028-01-01 00:00"))
    assert found[-1].start == at("2027-06-29 14:00")


@pytest.mark.parametrize(
    "data",
    [
        table("visite;Noord;24-11-2026 14:00;16:00"),
        table("visite,Noord,24-11-2026 14:00,16:00", header="Soort,Titel,Begin,Einde"),
        table("visite\tNoord\t24-11-2026 14:00\t16:00", header="SOORT\tTITEL\tBEGIN\tEINDE"),
        b"\xef\xbb\xbf" + table('"visite";"Noord";"24-11-2026 14:00";"16:00"'),
        table("visite;Noord;24-11-2026 14:00;16:00").decode().encode("utf-16"),
        b"sep=;\r\n" + table("visite;Noord;24-11-2026 14:00;16:00"),
        table("visite;Noord;24-11-2026;14:00;16:00", header="soort;titel;datum;begin;einde"),
        table("", "visite;Noord;24-11-2026 14:00;16:00", ";;;"),
    ],
)
def test_every_way_to_save_a_table_is_read(data: bytes) -> None:
    report = read_meetings(data)
    assert report.problems == ()
    (meeting,) = report.meetings
    assert (meeting.title, meeting.start) == ("Noord", at("2026-11-24 14:00"))
    assert (meeting.end, meeting.tz) == (at("2026-11-24 16:00"), HOME)


def test_an_old_encoding_is_read() -> None:
    data = table("leergroep;Café;24-11-2026 14:00;").decode().encode("cp1252")
    assert read_meetings(data).meetings[0].title == "Café"


@pytest.mark.parametrize(
    "written",
    [
        "24-11-2026 14:00",
        "24/11/2026 14.00",
        "24.11.26 14:00",
        "2026-11-24T14:00",
        "2026-11-24 14:00:00",
        "di 24-11-2026 14:00",
        "dinsdag 24 november 2026 om 14.00 uur",
        "24 nov. 2026, 14u",
        "24 NOV 2026 14u00",
    ],
)
def test_a_moment_is_read_as_it_is_written_here(written: str) -> None:
    assert read_date(written) == (date(2026, 11, 24), time(14))


@pytest.mark.parametrize(
    ("written", "month"),
    [("1 mrt 2026", 3), ("1 maart 2026", 3), ("1 mei 2026", 5), ("1-10-26", 10)],
)
def test_months_are_known_by_their_dutch_names(written: str, month: int) -> None:
    assert read_date(written) == (date(2026, month, 1), None)


@pytest.mark.parametrize(
    "written", ["", "morgen", "31-02-2026", "13/13/2026", "24-11", "1 foo 2026"]
)
def test_what_is_no_date_is_not_guessed(written: str) -> None:
    with pytest.raises(BadMeeting, match="date"):
        read_date(written)


@pytest.mark.parametrize("written", ["25:00", "14:60", "straks", ""])
def test_what_is_no_time_is_not_guessed(written: str) -> None:
    with pytest.raises(BadMeeting, match="time"):
        read_time(written)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("om de 2 weken", "FREQ=WEEKLY;INTERVAL=2"),
        ("2-wekelijks", "FREQ=WEEKLY;INTERVAL=2"),
        ("om de drie weken", "FREQ=WEEKLY;INTERVAL=3"),
        ("", ""),
        ("wekelijks", "FREQ=WEEKLY"),
        ("Elke week", "FREQ=WEEKLY"),
        ("om de week", "FREQ=WEEKLY;INTERVAL=2"),
        ("elke 3 weken, 10 keer", "FREQ=WEEKLY;INTERVAL=3;COUNT=10"),
        ("elke twee maanden 5x", "FREQ=MONTHLY;INTERVAL=2;COUNT=5"),
        ("iedere dinsdag", "FREQ=WEEKLY;BYDAY=TU"),
        ("elke tweede dinsdag van de maand", "FREQ=MONTHLY;BYDAY=2TU"),
        ("laatste vrijdag van de maand", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("elke 3e do", "FREQ=MONTHLY;BYDAY=3TH"),
        ("maandelijks tot en met 30-06-2027", "FREQ=MONTHLY;UNTIL=20270630T215959Z"),
        ("elke week t/m 24 december 2026", "FREQ=WEEKLY;UNTIL=20261224T225959Z"),
        ("freq=weekly;byday=tu", "FREQ=WEEKLY;BYDAY=TU"),
        ("RRULE:FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3"),
    ],
)
def test_a_repetition_is_read_as_people_say_it(written: str, rule: str) -> None:
    assert read_repeat(written, HOME) == rule


@pytest.mark.parametrize(
    "written", ["soms", "elke", "elke nul weken", "elke blauwe maandag", "week"]
)
def test_what_is_no_repetition_is_not_guessed(written: str) -> None:
    with pytest.raises(BadMeeting, match="repeat_unreadable"):
        read_repeat(written, HOME)


@pytest.mark.parametrize("written", ["", "-", "nee", "Geen", "eenmalig", "één keer"])
def test_no_repetition_can_be_said(written: str) -> None:
    assert read_repeat(written, HOME) == ""


def test_every_bad_row_is_reported_with_its_line_and_the_good_ones_are_taken() -> None:
    report = read_meetings(
        table(
            "leergroep;Goed;24-11-2026 14:00;16:00",
            "leergroep;Slecht;morgen;16:00",
            "leergroep;Ook goed;25-11-2026 14:00;16:00",
            "feest;Slecht;25-11-2026 14:00;16:00",
        )
    )
    assert [meeting.title for meeting in report.meetings] == ["Goed", "Ook goed"]
    assert [(one.line, one.problem.code) for one in report.problems] == [
        (3, "date_unreadable"),
        (5, "kind_unknown"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("visite;x;;16:00", "no_start"),
        ("visite;x;24-11-2026;16:00", "start no_time"),
        ("visite;x;24-11-2026 14:00;13:00", "ends_before"),
        ("visite;x;24-11-2026 14:00;24-11-2027 15:00", "too_long"),
        ("visite;x;24-11-2026 14:00;straks", "end date_unreadable"),
        ("visite;x;24-11-1026 14:00;", "another_age"),
        ("visite;x;29-03-2026 02:30;", "time_skipped"),
    ],
)
def test_a_row_that_cannot_be_says_why(row: str, code: str) -> None:
    assert wrong(row) == (2, code)


def test_a_repetition_that_cannot_be_says_why() -> None:
    header = "soort;titel;begin;herhaling;uitzonderingen;vertraging"
    row = "leergroep;x;24-11-2026 14:00;"
    assert wrong(f"{row}soms;;", header=header) == (2, "repeat repeat_unreadable")
    for last in ("31-12-9999", "1-1-0001"):
        found = wrong(f"{row}wekelijks tot {last};;", header=header)
        assert found == (2, "repeat rule_end_wrong")
    assert wrong(f"{row}FREQ=HOURLY;;", header=header) == (2, "repeat rule_within_a_day")
    assert wrong(f"{row}wekelijks;kerst;", header=header) == (2, "except date_unreadable")
    assert wrong(f"{row}wekelijks;;morgen", header=header) == (2, "delay delay_wrong")


def test_a_rule_without_quotes_is_no_endless_series() -> None:
    header = "soort;titel;begin;einde;herhaling"
    row = "leergroep;Jeugd;24-11-2026 14:00;16:00;FREQ=WEEKLY;COUNT=3"
    assert wrong(row, header=header) == (2, "too_many_cells")
    assert only(f"{row};;".replace("FREQ=WEEKLY;COUNT=3", "nee"), header=header).rrule == ""


def test_exceptions_delay_and_teams_are_read() -> None:
    meeting = only(
        'leergroep;x;24-11-2026 14:00;wekelijks;"1-12-2026, 22-12-2026";30;"Noord, Zuid";K-1',
        header="soort;titel;begin;herhaling;uitzonderingen;vertraging;teams;kenmerk",
    )
    assert meeting.exdates == (at("2026-12-01 14:00"), at("2026-12-22 14:00"))
    assert (meeting.delay, meeting.teams, meeting.uid) == (30, ("Noord", "Zuid"), "K-1")


def test_a_row_without_times_is_a_whole_day() -> None:
    meeting = only("visite;x;24-11-2026;")
    assert (meeting.all_day, meeting.end) == (True, at("2026-11-25 00:00"))


def test_a_meeting_that_is_off_is_cancelled() -> None:
    header = "soort;titel;begin;status"
    assert only("visite;x;24-11-2026 14:00;afgezegd", header=header).state == "cancelled"


def test_the_same_row_keeps_its_uid_and_does_not_stand_twice() -> None:
    row = "leergroep;x;24-11-2026 14:00;16:00"
    assert only(row).uid == only(row.replace("16:00", "17:00")).uid
    assert only(row).uid != only(row.replace("14:00", "15:00")).uid
    assert wrong(row, row) == (3, "twice")


def code(report: Report) -> str:
    return report.problems[0].problem.code


def test_a_file_that_is_no_table_of_meetings_is_refused() -> None:
    assert code(read_meetings(b"naam;adres\r\nx;y")) == "no_header"
    assert code(read_meetings(b"")) == "empty"
    assert code(read_meetings(b"x" * 2_000_001)) == "too_large"
    assert code(read_meetings(table("visite;" + "x" * 200_000))) == "no_table"
    rows = [f"visite;{n};24-11-2026 14:00;" for n in range(12)]
    many = read_meetings(table(*rows), ReadRules(max_events=10))
    assert (len(many.meetings), code(many)) == (10, "rows_left")


def test_a_table_never_says_that_what_is_missing_was_taken_away() -> None:
    assert not read_meetings(EXAMPLE.encode()).complete


@given(st.binary(max_size=200))
def test_any_bytes_give_a_report(data: bytes) -> None:
    read_meetings(data)
    read_meetings(b"soort;titel;begin;einde;herhaling;uitzonderingen\n" + data)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="{"), max_size=40)


@given(CELL, CELL, CELL)
def test_any_cells_give_a_report(begin: str, end: str, repeat: str) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    row = f"visite;x;{cell(begin)};{cell(end)};{cell(repeat)}"
    header = "soort;titel;begin;einde;herhaling"
    report = read_meetings(table(row, header=header))
    for meeting in report.meetings:
        assert meeting.start.tzinfo is UTC
        assert isinstance(meeting.end, datetime)
    for problem in report.problems:
        said = explain_import(problem, "nl")
        assert "{" not in said
        assert "als ." not in said
