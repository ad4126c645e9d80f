"""A row that was corrected is no second meeting, and two meetings are never made one unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.meetings.model.meeting import Meeting
from bot.meetings.typed.corrected_rows import settle
from bot.meetings.typed.meeting_table import read_meetings
from tests.meetings.make import at
from tests.spreadsheets.make import lines

NOW = at("2026-11-01 10:00")
HEADER = "soort;titel;datum;begin;einde;plaats;team;gast team;teams;kenmerk"
ZORG = "leergroep;Zorg;3-11-2026;10:00;12:00;;;;;"


def read(*rows: str) -> tuple[Meeting, ...]:
    return read_meetings(lines(HEADER, *rows)).meetings


def asked(known: list[str], *rows: str) -> list[str]:
    """The titles of what is asked about."""
    report = settle(read_meetings(lines(HEADER, *rows)), lambda: read(*known), NOW)
    assert [one.problem.code for one in report.problems] == ["row_alike"] * len(report.problems)
    assert len(report.meetings) + len(report.problems) == len(rows)
    return [str(one.problem.slots["title"]) for one in report.problems]


@pytest.mark.parametrize(
    ("known", "row"),
    [
        (ZORG, ZORG.replace("10:00;12:00", "11:00;13:00")),
        (ZORG, ZORG.replace("3-11", "10-11")),
        (ZORG.replace("3-11", "3-9"), ZORG.replace("3-11-2026;10:00", "3-9-2026;9:30")),
        (ZORG, ZORG.replace("Zorg", "Zorgen")),
        (ZORG, ZORG.replace("Zorg", "zorg").replace("10:00", "10:30")),
        (ZORG.replace(";;;;;", ";Huis;;;;"), "leergroep;Geld;3-11-2026;10:00;12:00;huis;;;;"),
        ("visite;;3-11-2026;10:00;;;Oost;West;;", "visite;;3-11-2026;14:00;;;Oost;West;;"),
        ("visite;;3-11-2026;10:00;;;Oost;West;;", "visite;;3-11-2026;10:00;;;Oost;Noord;;"),
    ],
)
def test_a_row_that_looks_like_a_meeting_that_is_gone_is_asked_about(known: str, row: str) -> None:
    (new,) = read(row)
    assert asked([known], row) == [new.title]


@pytest.mark.parametrize(
    ("known", "rows"),
    [
        (ZORG, [ZORG]),
        (ZORG, [ZORG, ZORG.replace("10:00;12:00", "14:00;16:00")]),
        (ZORG, [ZORG.replace("3-11", "8-12")]),
        (ZORG, ["leergroep;Wonen;3-11-2026;10:00;12:00;;;;;"]),
        (ZORG, [f"{ZORG.replace('10:00', '11:00')}K-7"]),
        (f"{ZORG}K-7", [ZORG.replace("10:00", "11:00")]),
        (ZORG.replace("3-11-2026", "31-10-2026"), [ZORG]),
        ("leergroep;Zorg;3-11-2026;10:00;;;;;A;", ["leergroep;Zorg;3-11-2026;11:00;;;;;B;"]),
        ("visite;;3-11-2026;10:00;;;Oost;West;;", ["leergroep;Oost;3-11-2026;10:00;;;;;;"]),
    ],
)
def test_other_rows_are_other_meetings(known: str, rows: list[str]) -> None:
    assert asked([known], *rows) == []


def test_a_meeting_that_is_off_is_not_asked_about() -> None:
    report = read_meetings(lines(HEADER, ZORG.replace("10:00", "11:00")))
    off = [replace(one, state="cancelled") for one in read(ZORG)]
    assert settle(report, lambda: off, NOW) == report


def test_each_known_meeting_is_meant_by_one_row_the_nearest() -> None:
    known = [ZORG, ZORG.replace("3-11", "5-11")]
    rows = [ZORG.replace("3-11", "4-11").replace("10:00", "9:00"), ZORG.replace("3-11", "6-11"),
            ZORG.replace("3-11", "7-11")]  # fmt: skip
    assert len(asked(known, *rows)) == 2


def test_the_answer_makes_it_the_same_meeting_or_another() -> None:
    report = read_meetings(lines(HEADER, ZORG.replace("10:00;12:00", "11:00;13:00")))
    (old,) = read(ZORG)
    same = settle(report, lambda: [old], NOW, "same")
    assert [(one.uid, one.start) for one in same.meetings] == [(old.uid, at("2026-11-03 11:00"))]
    assert settle(report, lambda: [old], NOW, "both") == report


def test_what_was_moved_here_as_the_row_says_is_that_meeting_without_a_question() -> None:
    (old,) = read(ZORG)
    moved = replace(old, start=at("2026-11-03 11:00"), end=at("2026-11-03 13:00"), state="moved")
    report = read_meetings(lines(HEADER, ZORG.replace("10:00;12:00", "11:00;13:00")))
    settled = settle(report, lambda: [moved], NOW)
    assert ([one.uid for one in settled.meetings], settled.problems) == ([old.uid], ())
