"""Tables of meetings as the world sends them: what comes out is what was meant, or it is said."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.meetings.calendar.problem_texts import explain_import
from bot.meetings.calendar.report import Report
from bot.meetings.model.problems import BadMeeting
from bot.meetings.typed.clock_times import read_end, read_length, read_span, read_time
from bot.meetings.typed.dutch_dates import order_of, read_date
from bot.meetings.typed.meeting_table import read_meetings
from tests.meetings.make import at
from tests.spreadsheets.make import lines, workbook

PLAIN = "soort;titel;datum;begin;einde;plaats"
NOON = ("2026-11-03 10:00", "2026-11-03 12:00")
WHOLE = ("2026-11-03 00:00", "2026-11-04 00:00")


def read(*rows: str, encoding: str = "utf-8-sig") -> Report:
    return read_meetings("\r\n".join([*rows, ""]).encode(encoding))


def wrong(report: Report) -> list[tuple[int, str, str]]:
    return [(one.line, one.problem.field, one.problem.code) for one in report.problems]


def noted(report: Report) -> list[str]:
    return [one.problem.code for one in report.notes]


TAKEN = {
    "semicolons": [PLAIN, "leergroep;Zorg;3-11-2026;10:00;12:00;Huis"],
    "a separator that is named": ["sep=;", PLAIN, "leergroep;Zorg;3-11-2026;10:00;12:00;Huis"],
    "new lines in cells and header": [
        '"soort","titel","datum', '(dd-mm-jjjj)","begin","einde",,,', '"leergroep","Zorg',
        'en werk","3-11-2026","10:00","12:00",,,',
    ],
    "a number of Excel for a day": [PLAIN, "leergroep;Zorg;46329;10:00;12:00;"],
    "two times in one cell": ["soort;titel;datum;begin", "leergroep;Zorg;3-11-2026;10:00-12:00"],
    "two times in words": ["soort;titel;datum;tijd", "leergroep;Zorg;3-11-2026;van 10 tot 12 uur"],
    "two times behind the day": ["soort;titel;datum", "leergroep;Zorg;di 3 nov 2026 10:00 – 12:00"],
    "the Dutch export of Outlook": [
        '"Onderwerp","Begindatum","Begintijd","Einddatum","Eindtijd","Duur hele dag","Locatie",'
        '"Prioriteit","Herinnering aan/uit"',
        '"Leergroep Zorg","3-11-2026","10:00:00","3-11-2026","12:00:00","Onwaar","Huis","Normaal",'
        '"Waar"',
    ],
    "the English export": [
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Location",
        "Leergroep Zorg,11/03/2026,10:00 AM,11/03/2026,12:00 PM,False,Huis",
    ],
    "other names for the times": [
        "soort;titel;datum;begintijd;eindtijd", "leergroep;Zorg;3-11-2026;10:00;12:00",
    ],
    "a title above the header": [
        "Jaarplanning leergroepen;;;;;", ";;;;;", PLAIN,
        "leergroep;Zorg;3-11-2026;10:00;12:00;Huis",
    ],
    "capitals, spaces and an asterisk": [
        " SOORT * ; Titel ; Datum ;Begin\xa0; Einde",
        "Leergroep ; Zorg ; 3-11-2026 ; 10:00 ; 12:00 ",
    ],
    "how long it lasts": [
        "soort;titel;datum;begin;duur", "leergroep;Zorg;3-11-2026;10:00;2 uur",
    ],
    "the right day of the week": [
        "soort;titel;dag;datum;begin;einde", "leergroep;Zorg;dinsdag;3-11-2026;10:00;12:00",
    ],
    "the time with its day, as cells of Excel": [
        PLAIN, "leergroep;Zorg;2026-11-03;2026-11-03 10:00;2026-11-03 12:00;",
    ],
    "columns in another order": [
        "einde;begin;plaats;datum;titel;soort", "12:00;10:00;;3-11-2026;Zorg;leergroep",
    ],
}  # fmt: skip


@pytest.mark.parametrize("rows", TAKEN.values(), ids=TAKEN)
def test_a_table_is_read_as_it_was_meant(rows: list[str]) -> None:
    report = read(*rows)
    assert (wrong(report), noted(report)) == ([], [])
    (meeting,) = report.meetings
    assert meeting.title in ("Zorg", "Zorg en werk")
    assert (meeting.start, meeting.end) == tuple(map(at, NOON))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_the_encodings_of_excel_need_no_word(encoding: str) -> None:
    row = "leergroep;Financiële zorg;3-11-2026;10:00;12:00;Café De Ruïne"
    report = read(PLAIN, row, encoding=encoding)
    assert (report.meetings[0].title, report.meetings[0].place) == (
        "Financiële zorg",
        "Café De Ruïne",
    )
    assert noted(report) == []


def test_an_encoding_that_was_guessed_is_told() -> None:
    row = "leergroep;Financiële zorg;3-11-2026;10:00;12:00;Huis"
    report = read(PLAIN, row, encoding="mac_roman")
    assert report.meetings[0].title == "Financiële zorg"
    assert noted(report) == ["letters_guessed"]


def test_a_workbook_of_meetings_is_read() -> None:
    report = read_meetings(
        workbook(
            ("Planning",),
            ("soort", "titel", "datum", "begin", "einde"),
            ("leergroep", "Zorg", "3-11-2026", time(10), time(12)),
            ("leergroep", "Laat", "3-11-2026", time(20), timedelta(hours=24)),
        )
    )
    assert wrong(report) == []
    zorg, late = report.meetings
    assert (zorg.start, zorg.end) == tuple(map(at, NOON))
    assert late.end == at("2026-11-04 00:00")


WRONG = [
    ("leergroep;Zorg;ma 3-11-2026;10:00;12:00;", "start", "weekday_wrong"),
    ("leergroep;Zorg;3-11-2026 (maandag);10:00;12:00;", "start", "weekday_wrong"),
    ("leergroep;Zorg;29-2-2027;10:00;12:00;", "start", "no_such_date"),
    ("leergroep;Zorg;31-11-2026;10:00;12:00;", "start", "no_such_date"),
    ("leergroep;Zorg;3-13-2026;10:00;12:00;", "start", "no_such_date"),
    ("leergroep;Zorg;3-11-2026;1000;;", "start", "time_unreadable"),
    ("leergroep;Zorg;3-11-2026;1,4166667;;", "start", "time_unreadable"),
    ("leergroep;Zorg;3-11-2026;14:00 PM;;", "start", "time_unreadable"),
    ("leergroep;Zorg;3-11-2026;24:00;;", "start", "time_unreadable"),
    ("leergroep;Zorg;3-11-2026;14:00;13:00;", "", "ends_before"),
    ("leergroep;Zorg;3-11-2026;9:00;01:00;", "", "ends_before"),
    ("leergroep;Zorg;3-11-2026;4-11-2026 10:00;;", "start", "days_differ"),
    ("Leergroepen;Zorg;3-11-2026;10:00;12:00;", "", "kind_unknown"),
    ("LG;Zorg;3-11-2026;10:00;12:00;", "", "kind_unknown"),
    ("visitatie;Zorg;3-11-2026;10:00;12:00;", "", "kind_unknown"),
    ("bezoek;Zorg;3-11-2026;10:00;12:00;", "", "kind_unknown"),
    (";Zorg;3-11-2026;10:00;12:00;", "", "kind_unclear"),
    ("leergroep;Zorg; werk;3-11-2026;10:00;12:00;", "start", "date_unreadable"),
    ("leergroep;Zorg;3-11-2026;10:00;12:00;Huis;meer", "", "too_many_cells"),
]


@pytest.mark.parametrize(("row", "field", "code"), WRONG)
def test_what_cannot_be_meant_is_a_problem_of_its_line(row: str, field: str, code: str) -> None:
    report = read(PLAIN, row, "leergroep;Goed;3-11-2026;10:00;12:00;")
    assert wrong(report) == [(2, field, code)]
    assert [one.title for one in report.meetings] == ["Goed"]
    assert "{" not in explain_import(report.problems[0], "nl")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("gaat niet door", "cancelled"), ("Geannuleerd", "cancelled"), ("VERVALT!", "cancelled"),
        ("afgezegd (ziekte)", "cancelled"), ("Canceled", "cancelled"), ("Vervallen", "cancelled"),
        ("", "planned"), ("gaat door", "planned"), ("Bevestigd", "planned"), ("-", "planned"),
        ("uitgesteld", "word_unclear"), ("verplaatst", "word_unclear"), ("?", "word_unclear"),
    ],
)  # fmt: skip
def test_a_word_for_the_state_is_understood_or_asked_about(status: str, state: str) -> None:
    report = read(f"{PLAIN};status", f"leergroep;Zorg;3-11-2026;10:00;12:00;;{status}")
    found = [one.state for one in report.meetings] + [code for _, _, code in wrong(report)]
    assert found == [state]
    if state == "word_unclear" and status != "?":
        said = explain_import(report.problems[0], "nl")
        assert said.startswith(f"Regel 2: status: het woord {status} is hier niet bekend.")


def test_a_column_that_asks_whether_it_goes_on_is_heard() -> None:
    rows = ["leergroep;A;3-11-2026;10:00;nee", "leergroep;B;3-11-2026;10:00;ja",
            "leergroep;C;3-11-2026;10:00;misschien"]  # fmt: skip
    report = read("soort;titel;datum;begin;gaat door", *rows)
    assert [one.state for one in report.meetings] == ["cancelled", "planned"]
    assert wrong(report) == [(4, "on", "word_unclear")]
    report = read("soort;titel;datum;begin;geannuleerd", *rows[:2])
    assert [one.state for one in report.meetings] == ["planned", "cancelled"]


@pytest.mark.parametrize(
    ("begin", "end", "until"),
    [
        ("20:00", "24:00", "2026-11-04 00:00"), ("22:00", "01:00", "2026-11-04 01:00"),
        ("20:00", "0:00", "2026-11-04 00:00"), ("20.00-24.00 uur", "", "2026-11-04 00:00"),
        ("23:30", "4-11-2026 00:30", "2026-11-04 00:30"), ("20:00", "24u", "2026-11-04 00:00"),
    ],
)  # fmt: skip
def test_an_end_may_lie_past_midnight(begin: str, end: str, until: str) -> None:
    report = read(PLAIN, f"leergroep;Laat;3-11-2026;{begin};{end};")
    assert wrong(report) == []
    assert report.meetings[0].end == at(until)


def test_a_last_day_of_its_own_counts() -> None:
    header = "soort;titel;begindatum;begintijd;einddatum;eindtijd"
    report = read(
        header,
        "leergroep;A;3-11-2026;22:00;4-11-2026;01:00",
        "leergroep;B;3-11-2026;20:00;3-11-2026;24:00",
        "leergroep;C;3-11-2026;22:00;3-11-2026;21:00",
        "leergroep;D;3-11-2026;22:00;4-11-2026;",
    )
    assert [one.end for one in report.meetings] == [at("2026-11-04 01:00"), at("2026-11-04 00:00")]
    assert wrong(report) == [(4, "", "ends_before"), (5, "end", "no_end_time")]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("Leergroep Zorg,11/3/2026,,11/3/2026,,True", WHOLE),
        ("Leergroep Zorg,11/3/2026,12:00 AM,11/4/2026,12:00 AM,TRUE", WHOLE),
        ("Leergroep Zorg,11/3/2026,9:00 AM,11/3/2026,12:30 PM,False",
         ("2026-11-03 09:00", "2026-11-03 12:30")),
        ("Leergroep Zorg,2026-11-03,10:00,2026-11-03,12:00,", NOON),
    ],
)  # fmt: skip
def test_whole_days_and_halves_of_a_day_of_programs(row: str, found: tuple[str, str]) -> None:
    header = "Subject,Start Date,Start Time,End Date,End Time,All Day Event"
    month_first = "Leergroep Later,12/24/2026,9:00 AM,12/24/2026,10:00 AM,False"
    report = read(header, row, month_first)
    assert wrong(report) == []
    assert (report.meetings[0].start, report.meetings[0].end) == tuple(map(at, found))


def test_what_is_not_ours_in_the_export_of_a_program_is_passed_over_and_counted() -> None:
    report = read(
        "Onderwerp,Begindatum,Begintijd,Einddatum,Eindtijd,Duur hele dag,Categorieën",
        "Tandarts,3-11-2026,9:00,3-11-2026,9:30,Onwaar,",
        "Zorg,4-11-2026,9:00,4-11-2026,9:30,Onwaar,Rood;Leergroep",
        "Vakantie,straks,,,,Waar,",
    )
    assert [(one.kind, one.title) for one in report.meetings] == [("learning_group", "Zorg")]
    assert (wrong(report), noted(report), report.ignored) == ([], ["rows_not_ours"], 2)
    assert explain_import(report.notes[0], "nl").startswith("Overgeslagen: 2, want")


@pytest.mark.parametrize(
    ("cells", "english", "halves", "order"),
    [
        (["3/11/2026"], False, False, "day"), (["11/25/2026", "3/11/2026"], False, False, "month"),
        (["25/11/2026", "3/11/2026"], True, True, "day"), (["3/11/2026"], True, True, "month"),
        (["3/11/2026"], True, False, "unclear"), (["3/11/2026"], False, True, "unclear"),
        (["25/11/2026", "11/25/2026"], False, False, "unclear"),
        (["3-11-2026"], True, False, "unclear"),
    ],
)  # fmt: skip
def test_what_stands_first_in_a_date_is_told_by_the_whole_table(
    cells: list[str], english: bool, halves: bool, order: str
) -> None:
    assert order_of(cells, english=english, halves=halves) == order


def test_a_date_that_can_be_two_days_is_not_guessed() -> None:
    header = "Subject,Start Date,Start Time"
    report = read(header, "Leergroep A,03/11/2026,10:00", "Leergroep B,5/5/2026,10:00",
                  "Leergroep C,3-11-2026,10:00", "Leergroep D,03/25/2026,10:00")  # fmt: skip
    assert len(report.meetings) == 4
    report = read(header, "Leergroep A,03/11/2026,10:00", "Leergroep B,5/5/2026,10:00",
                  "Leergroep C,3-11-2026,10:00")  # fmt: skip
    assert wrong(report) == [(2, "start", "date_ambiguous")]
    assert [one.title for one in report.meetings] == ["B", "C"]


def test_times_under_an_unknown_name_are_never_taken_for_whole_days() -> None:
    report = read("soort;titel;datum;klok", "leergroep;Zorg;3-11-2026;10:00")
    assert (report.meetings, wrong(report)) == ((), [(0, "", "no_header")])
    assert explain_import(report.problems[0], "nl") == (
        "De kolommen zijn niet te herkennen; er staat: soort, titel, datum, klok. "
        "Noem ze: soort, titel, datum, begin, einde, plaats."
    )
    report = read("soort;titel;datum;kleur", "leergroep;Zorg;3-11-2026;blauw")
    assert noted(report) == ["column_unknown", "whole_days"]
    assert (report.meetings[0].start, report.meetings[0].end) == tuple(map(at, WHOLE))


def test_an_unknown_column_is_told_with_what_it_may_mean() -> None:
    report = read("soort;titel;datum;begin;eidne", "leergroep;Zorg;3-11-2026;10:00;12:00")
    assert explain_import(report.notes[0], "nl") == (
        "Regel 1: de kolom eidne is niet gebruikt, want die naam is niet bekend. "
        "Is dit de kolom einde? Noem hem dan zo."
    )


def test_only_a_header_and_an_empty_file_are_told_apart() -> None:
    assert wrong(read(PLAIN)) == [(0, "", "no_rows")]
    assert wrong(read_meetings(b"")) == [(0, "", "empty")]
    assert wrong(read_meetings(lines("Beste mensen,", "tot morgen"))) == [(0, "", "no_header")]


def test_texts_are_only_texts() -> None:
    title = '"=HYPERLINK(""http://x"")"'
    titles = (title, "x" * 300, "مجموعة 😀")
    report = read(PLAIN, *(f"leergroep;{each};3-11-2026;10:00;;" for each in titles))
    assert [one.title for one in report.meetings] == [
        '=HYPERLINK("http://x")', "x" * 200, "مجموعة 😀",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("10.00", "10:00"), ("10u", "10:00"), ("10 uur", "10:00"), ("10u30", "10:30"),
        ("10:00:00", "10:00"), ("9:05", "09:05"), ("2:00 PM", "14:00"), ("12 am", "00:00"),
        ("12:15 p.m.", "12:15"), ("om 8 uur", "08:00"),
    ],
)  # fmt: skip
def test_times_as_people_and_programs_write_them(written: str, clock: str) -> None:
    assert read_time(written) == time.fromisoformat(clock)


@pytest.mark.parametrize("written", ["10h", "1000", "0,41", "13 PM", "0:30 pm", "10:5"])
def test_a_time_that_may_be_another_is_not_read(written: str) -> None:
    with pytest.raises(BadMeeting, match="time_unreadable"):
        read_time(written)


def test_spans_ends_and_lengths() -> None:
    ten, noon = time(10), timedelta(hours=12)
    for written in (
        "10:00-12:00",
        "10.00 – 12.00 uur",
        "van 10 tot 12 uur",
        "10u - 12u",
        "10:00 tot 12:00",
    ):
        assert read_span(written) == (ten, noon), written
    assert read_span("10:00") == (ten, None)
    assert read_end("24:00") == timedelta(hours=24)
    for written, minutes in (("2 uur", 120), ("1,5 uur", 90), ("90 minuten", 90), ("1:30", 90),
                             ("1u30", 90), ("90", 90), ("2 uur en 15 min", 135)):  # fmt: skip
        assert read_length(written) == timedelta(minutes=minutes), written
    for written in ("2", "1.30 uur", "lang", "0 uur", ""):
        with pytest.raises(BadMeeting, match="length_unreadable"):
            read_length(written)


@pytest.mark.parametrize(
    "written",
    ["46329", "20261103", "3 – 11 – 2026", "3/11/'26", "November 3, 2026", "Tuesday 3 Nov 2026",
     "dinsdag 3 november 2026", "3-11-2026 di", "di. 3.11.2026"],
)  # fmt: skip
def test_days_as_people_and_programs_write_them(written: str) -> None:
    assert read_date(written)[0].isoformat() == "2026-11-03"
