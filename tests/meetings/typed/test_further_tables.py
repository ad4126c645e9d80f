"""Further habits of tables of meetings, by kind: what is read, and what is told instead."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.meetings.calendar.report import Report
from bot.meetings.typed.meeting_table import read_meetings
from tests.meetings.make import at
from tests.spreadsheets.make import lines, workbook

HEADER = "soort;titel;datum;begin;einde;status;herhaling;teams"
NOON = (at("2026-11-03 10:00"), at("2026-11-03 12:00"))


def row(**cells: str) -> Report:
    usual = {"soort": "leergroep", "titel": "Zorg", "datum": "3-11-2026", "begin": "10:00",
             "einde": "12:00", "status": "", "herhaling": "", "teams": ""}  # fmt: skip
    quoted = (f'"{each}"' for each in {**usual, **cells}.values())
    return read_meetings(lines(HEADER, ";".join(quoted)))


DAYS = ("3 november '26", "3-nov-26", "3 nov 26", "2026/11/03", "2026.11.3", "3e november 2026",
        "3 November, 2026", "3‑11‑2026", "dinsdag 3e nov. 2026", "46329",
        "3 november 2026")  # fmt: skip


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read(written: str) -> None:
    assert [(one.start, one.end) for one in row(datum=written).meetings] == [NOON]


@pytest.mark.parametrize("written", ["3 nov", "3-11", "3-XI-2026", "2026-W45-2", "32-11-2026"])
def test_a_day_that_is_not_whole_is_refused(written: str) -> None:
    report = row(datum=written)
    assert (report.meetings, len(report.problems)) == ((), 1)


TIMES = (("0,416666667", "0,5"), ("0.4166666666666667", "0.5"),
         ("'10:00", "’12:00"), ("vanaf 10:00", "12 uur"), ("10u00", "12.00 u."))  # fmt: skip


@pytest.mark.parametrize("written", TIMES)
def test_times_are_read(written: tuple[str, str]) -> None:
    found = row(begin=written[0], einde=written[1])
    assert [(one.start, one.end) for one in found.meetings] == [NOON]


@pytest.mark.parametrize("written", ["0.25", "0,5", "0.75", "0,854166667"])
def test_a_part_of_a_day_is_a_time_unless_it_is_written_as_one(written: str) -> None:
    clock = {"0.25": 0, "0,5": 12, "0.75": 18, "0,854166667": 20}[written]
    (one,) = row(begin=written, einde="").meetings
    assert one.local(one.start).hour == clock


@pytest.mark.parametrize(
    "written", ["ca. 10:00", "half elf", "1000", "10:00/12:00", "ochtend", "?"]
)
def test_a_time_that_may_be_another_is_refused(written: str) -> None:
    assert row(begin=written).meetings == ()


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("om de dag", "FREQ=DAILY;INTERVAL=2"),
        ("om de dinsdag", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("om het jaar", "FREQ=YEARLY;INTERVAL=2"), ("om de 3 weken", "FREQ=WEEKLY;INTERVAL=3"),
        ("elk kwartaal", "FREQ=MONTHLY;INTERVAL=3"), ("per kwartaal", "FREQ=MONTHLY;INTERVAL=3"),
        ("elke werkdag, 10 keer", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=10"),
        ("1x per week", "FREQ=WEEKLY"), ("één keer per maand", "FREQ=MONTHLY"),
        ("Weekly", "FREQ=WEEKLY"), ("n.v.t.", ""), ("om de 2 dagen", "FREQ=DAILY;INTERVAL=2"),
        ("om het kwartaal", "FREQ=MONTHLY;INTERVAL=6"), ("iedere dag", "FREQ=DAILY"),
    ],
)  # fmt: skip
def test_a_repetition_is_what_the_words_say(written: str, rule: str) -> None:
    (one,) = row(herhaling=written).meetings
    assert sorted(one.rrule.split(";")) == sorted(rule.split(";"))


@pytest.mark.parametrize(
    "written", ["twee keer per week", "10 keer", "zie planning", "elke dag behalve ma", "om"]
)
def test_a_repetition_that_is_not_clear_is_refused(written: str) -> None:
    assert row(herhaling=written).meetings == ()


@pytest.mark.parametrize(
    ("written", "state"),
    [("❌", "cancelled"), ("✗", "cancelled"), ("✓", "planned"), ("n.v.t.", "planned"),
     ("wordt gepland", "planned"), ("☂", ""), ("!!", ""), ("verplaatst", ""), ("uitgesteld", ""),
     ("gaat niet door?", "")],
)  # fmt: skip
def test_a_sign_is_never_taken_for_nothing(written: str, state: str) -> None:
    assert [one.state for one in row(status=written).meetings] == [state] * bool(state)


@pytest.mark.parametrize(
    "kind", ["leer-groep", "Leer groep", "LEERGROEP (online)", " leergroep ", "Learning-group"]
)
def test_a_kind_is_known_however_it_is_spelled(kind: str) -> None:
    assert [one.kind for one in row(soort=kind).meetings] == ["learning_group"]


@pytest.mark.parametrize(
    "kind", ["bezoek", "intervisie", "lg", "geen leergroep", "visitatie", "(leergroep)"]
)
def test_a_kind_that_is_none_of_ours_is_refused(kind: str) -> None:
    assert row(soort=kind).meetings == ()


@pytest.mark.parametrize("written", ["Oost, West", "Oost; West", "Oost\nWest", "Oost | West"])
def test_teams_stand_apart_however_they_are_parted(written: str) -> None:
    (one,) = row(teams=written).meetings
    assert one.teams == ("Oost", "West")


@pytest.mark.parametrize("written", ["Jeugd en Gezin", "Oost / West", "Zorg + Welzijn", "’t Zand"])
def test_a_name_of_a_team_may_hold_signs(written: str) -> None:
    assert row(teams=written).meetings[0].teams == (written,)


def test_a_table_that_was_saved_twice_is_read() -> None:
    twice = lines('"soort;titel;datum;begin"', '"leergroep;""Zorg; werk"";3-11-2026;10:00"')
    assert [one.title for one in read_meetings(twice).meetings] == ["Zorg; werk"]


def test_cells_of_a_workbook_without_a_format_are_read() -> None:
    report = read_meetings(
        workbook(
            ("Soort", "Omschrijving", "Wanneer", "Hoe laat", "Tot hoe laat"),
            ("leergroep", "Zorg", 46329, 10 / 24, 0.5),
            ("leergroep", "Werk", datetime(2026, 11, 3), "10:00", 12 / 24),  # noqa: DTZ001
            ("leergroep", "Wonen", date(2026, 11, 3), 0.41666666666, "12:00"),
        )
    )
    assert [(one.title, one.start, one.end) for one in report.meetings] == [
        (title, *NOON) for title in ("Zorg", "Werk", "Wonen")
    ]


def test_a_column_that_stands_there_twice_is_said_to() -> None:
    report = read_meetings(
        lines("soort;titel;datum;begin;datum", "leergroep;Zorg;3-11-2026;10:00;4-11-2026")
    )
    assert [one.start for one in report.meetings] == [NOON[0]]
    assert [one.problem.code for one in report.notes] == ["column_again"]
