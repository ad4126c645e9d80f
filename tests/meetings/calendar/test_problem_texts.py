"""Problems in plain Dutch: every one that the code can have, and none that it cannot."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import meetings
from bot.meetings.calendar import problem_texts
from bot.meetings.calendar.csv_reader import read_csv
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.problem_texts import told
from bot.meetings.calendar.report import ImportProblem

HERE = Path(meetings.__file__).parent
READERS = ("calendars", "vevent", "csvfile", "dutch", "series", "when")
SAID_BY = {"Problem", "_Wrong", "Bad", "_bad", "BadRule", "Unreadable", "_refused", "_reading"}
NAMES = {"UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "begin", "einde", "herhaling",
         "uitzonderingen"}  # fmt: skip


def in_code() -> set[str]:
    """All that the readers can say, with {n} for what is filled in."""
    found = set()
    for name in READERS:
        for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
            found |= {text for each in told_in(node) if (text := literal(each))}
    whole = {text.partition(": ")[2] or text for text in found}
    return {text for text in whole if text not in NAMES and text != "{n}"}


def told_in(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        yield from node.args if name in SAID_BY else ()
    elif isinstance(node, ast.Assign):
        pairs = (node.targets[0], node.value)
        if all(isinstance(each, ast.Tuple) for each in pairs):
            names, values = (getattr(each, "elts", []) for each in pairs)
        else:
            names, values = [pairs[0]], [pairs[1]]
        for target, value in zip(names, values, strict=False):
            if getattr(target, "id", "") in ("message", "mend"):
                yield value


def literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        parts = (getattr(each, "value", "") for each in node.values)
        return "".join(each if isinstance(each, str) else "{n}" for each in parts)
    return ""


def test_every_problem_has_its_dutch_and_none_is_left_over() -> None:
    assert set(problem_texts._texts()) == in_code()


@pytest.mark.parametrize(
    ("problem", "dutch"),
    [
        (read_csv(b"soort;begin;einde\nvisite;24-11-2026 14:00;13:00").problems[0],
         "Regel 2: het einde ligt voor het begin. Verbeter het einde."),
        (read_csv(b"soort;begin\nvisite;31-02-2026 14:00").problems[0],
         "Regel 2: begin: die dag bestaat niet. Schrijf het als 24-11-2026 14:00."),
        (read_csv(b"soort;begin;herhaling\nvisite;1-12-2026 14:00;FREQ=X").problems[0],
         "Regel 2: herhaling: de herhaling is niet te lezen. Bewaar de afspraak opnieuw in je"
         " agenda."),
        (read_calendar(b"Beste mensen").problems[0],
         "Dit is geen agendabestand. Exporteer de agenda als .ics."),
        (read_calendar(b"x" * 2_000_001).problems[0],
         "Het bestand is te groot. Exporteer een kortere tijd."),
        (ImportProblem(3, "", "the series lasts more than 10 years", "give it an earlier end"),
         "Regel 3: de reeks duurt langer dan 10 jaar. Laat hem eerder stoppen."),
    ],
)  # fmt: skip
def test_a_problem_is_told_in_plain_dutch(problem: ImportProblem, dutch: str) -> None:
    assert told(problem, "nl") == dutch


def test_a_form_has_no_lines_and_english_stays_english() -> None:
    problem = ImportProblem(2, "", "it ends before it begins", "correct the end")
    assert told(problem, "nl", line=False) == "Het einde ligt voor het begin. Verbeter het einde."
    assert told(problem, "en") == "line 2: it ends before it begins; correct the end"
    assert told(problem, "en", line=False) == "it ends before it begins; correct the end"
    assert str(ImportProblem(0, "", "the file breaks off", "export it again")).startswith(
        "the file"
    )
