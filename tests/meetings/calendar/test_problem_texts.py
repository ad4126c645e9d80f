"""Problems of calendars, tables, forms and typed lines, in the languages of coordinators."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.coordinators.phrases import LANGUAGES, words
from bot.meetings.calendar.ics_reader import read_calendar
from bot.meetings.calendar.problem_texts import COLUMNS, explain, explain_import
from bot.meetings.calendar.report import ImportProblem, Report
from bot.meetings.model.problems import BadMeeting, MeetingCode, MeetingField, MeetingProblem
from bot.meetings.model.recurrence import check_rule
from bot.meetings.model.titles import ReadRules
from bot.meetings.typed.meeting_table import read_meetings
from conversations.guide.loading import HOME, read_entries
from tests.meetings.make import HOME as ZONE
from tests.meetings.make import at

CODES: tuple[MeetingCode, ...] = get_args(MeetingCode)
SLOTS = {name: f"<{name}>" for name in ("n", "seen", "known", "day", "title", "when")}
FRAMES = {"meeting_problem", "meeting_problem.line", "meeting_problem.field"}
EXAMPLES = {
    f"meeting_problem.example.{field}" for field in ("start", "end", "repeat", "except", "when")
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_its_sentence_and_its_mend_and_none_is_left_over(language: str) -> None:
    path = HOME / "locales" / language / "coordinator.po"
    found = {e.id: e.text for e in read_entries(HOME, path) if e.id.startswith("meeting_problem")}
    codes = {f"meeting_problem.{code}{part}" for code in CODES for part in ("", ".mend")}
    assert found.keys() == codes | FRAMES | EXAMPLES
    assert all(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", get_args(MeetingField))
def test_a_problem_of_any_field_is_a_whole_sentence(language: str, field: MeetingField) -> None:
    for code in CODES:
        said = explain(MeetingProblem(code, field, SLOTS), language)
        message = words(language)(f"meeting_problem.{code}", **SLOTS)
        assert message.casefold() in said.casefold()
        assert "{" not in said
        assert field not in COLUMNS or said.casefold().startswith(COLUMNS[field][0])


@pytest.mark.parametrize(
    ("problem", "dutch"),
    [
        (read_meetings(b"soort;begin;einde\nvisite;24-11-2026 14:00;13:00").problems[0],
         "Regel 2: het einde ligt voor het begin. Verbeter het einde."),
        (read_meetings(b"soort;begin\nvisite;31-02-2026 14:00").problems[0],
         "Regel 2: begin: die dag bestaat niet (31-02-2026 14:00). Schrijf het als"
         " 24-11-2026 14:00."),
        (read_meetings(b"soort;begin;herhaling\nvisite;1-12-2026 14:00;soms").problems[0],
         "Regel 2: herhaling: de herhaling is niet te lezen (soms). Schrijf het als elke twee weken"
         " tot 30-06-2027."),
        (read_meetings(
            b"soort;begin;team;herhaling\nvisite;1-12-2026 14:00;Oost;FREQ=X").problems[0],
         "Regel 2: herhaling: de herhaling is niet te lezen. Bewaar de afspraak opnieuw in je"
         " agenda."),
        (read_meetings(b"soort;begin\nvisite;1-12-2026 14:00").problems[0],
         "Regel 2: team: er staat geen team en geen titel. Noem het team dat bezoek krijgt."),
        (read_calendar(b"Beste mensen").problems[0],
         "Dit is geen agendabestand. Exporteer de agenda als .ics."),
        (read_calendar(b"x" * 8_000_001).problems[0],
         "Het bestand is groter dan 8 MB. Exporteer een kortere tijd."),
    ],
)  # fmt: skip
def test_a_problem_is_told_in_plain_dutch(problem: ImportProblem, dutch: str) -> None:
    assert explain_import(problem, "nl") == dutch


def test_a_form_has_no_lines_and_english_is_one_sentence() -> None:
    problem = MeetingProblem("ends_before")
    assert explain(problem, "nl") == "Het einde ligt voor het begin. Verbeter het einde."
    assert explain(problem) == "it ends before it begins; correct the end"
    found = ImportProblem(2, "", problem)
    assert explain_import(found) == "line 2: it ends before it begins; correct the end"
    assert explain_import(ImportProblem(0, "", problem)) == explain(problem)


def rule_problem(rule: str, start: str = "2026-11-24 14:00") -> MeetingProblem:
    with pytest.raises(BadMeeting) as caught:
        check_rule(rule, at(start), ZONE)
    return caught.value.problem


def first(report: Report) -> MeetingProblem:
    return report.problems[0].problem


EVENTS = (
    b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nSUMMARY:Visite\nEND:VEVENT\n" * 2 + b"END:VCALENDAR\n"
)
DATES = ",".join(["20261124T130000Z"] * 1001).encode()
MANY = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261124T130000Z\nSUMMARY:Visite\nEXDATE:"
    + DATES + b"\nEND:VEVENT\nEND:VCALENDAR\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("problem", "number"),
    [
        (first(read_meetings(b"x" * 2_000_001)), "2 MB"),
        (first(read_calendar(EVENTS, ReadRules(max_events=1))), "1 events"),
        (first(read_calendar(MANY)), "1000 dates"),
        (rule_problem("FREQ=DAILY;BYDAY=" + "MO," * 200), "500 characters"),
        (rule_problem("FREQ=DAILY", "1980-01-01 14:00"), "1990"),
        (rule_problem("FREQ=DAILY;COUNT=5000"), "1000 times"),
        (rule_problem("FREQ=YEARLY;COUNT=20"), "10 years"),
    ],
)
def test_a_limit_is_told_with_its_number(problem: MeetingProblem, number: str) -> None:
    assert number in explain(problem)
    assert "{" not in explain(problem, "nl")
