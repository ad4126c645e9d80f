"""The sentences about what is wrong with a meeting, for coordinators, commands and logs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.meetings.calendar.report import ImportProblem
from bot.meetings.model.problems import MeetingField, MeetingProblem
from conversations.guide.loading import HOME, read_entries
from conversations.guide.model import fill_slots

FieldNames = Mapping[MeetingField, tuple[str, str]]
"""What a field is called where someone fills it in, and how it is written; when that is empty, the
example of its language."""
COLUMNS: FieldNames = {
    "start": ("begin", ""),
    "end": ("einde", ""),
    "host": ("team", ""),
    "repeat": ("herhaling", ""),
    "except": ("uitzonderingen", ""),
    "delay": ("vertraging", ""),
    "length": ("duur", ""),
    "state": ("status", ""),
}
_KEY = "meeting_problem"
_OF_TABLES = "table_problem"


def explain(
    problem: MeetingProblem, language: str = "en", *, line: int = 0, names: FieldNames = COLUMNS
) -> str:
    """What is wrong, on which line of a file, and how to mend it, in Dutch or English."""
    message, mend = sentences(problem, language, names)
    slots = {"n": str(line), "problem": message, "mend": mend}
    return fill_slots(_texts(language)[f"{_KEY}.line" if line else _KEY], slots)


def explain_import(found: ImportProblem, language: str = "en") -> str:
    """Why something was not imported, and from which line."""
    return explain(found.problem, language, line=found.line)


def sentences(
    problem: MeetingProblem, language: str = "en", names: FieldNames = COLUMNS
) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    texts = _texts(language)
    name, example = names.get(problem.field, ("", ""))
    slots = {key: str(value) for key, value in problem.slots.items()}
    slots["example"] = example or texts.get(f"{_KEY}.example.{problem.field}", "")
    key = next(each for each in (_KEY, _OF_TABLES) if f"{each}.{problem.code}" in texts)
    message, mend = (
        fill_slots(texts[f"{key}.{problem.code}{part}"], slots) for part in ("", ".mend")
    )
    if name:
        message = fill_slots(texts[f"{_KEY}.field"], {"name": name, "problem": message})
    return message, mend


@cache
def _texts(language: str) -> dict[str, str]:
    spoken = language if language == "en" else "nl"
    path = HOME / "locales" / spoken / "coordinator.po"
    return {
        entry.id: entry.text
        for entry in read_entries(HOME, path)
        if entry.id.startswith((_KEY, _OF_TABLES))
    }
