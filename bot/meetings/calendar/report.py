"""The report of an import: the meetings, and what is wrong with the rest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.meetings.model.meeting import Meeting
from bot.meetings.model.problems import MeetingProblem, ProblemCode

PROBLEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something that was not imported: where (line 0: the whole file), and why."""

    line: int
    uid: str
    problem: MeetingProblem


@dataclass(frozen=True, slots=True)
class Report:
    """The meetings that were read. `ignored` counts events that are no meeting of ours, `notes` say
    what was passed over and why, or taken in a way that may not be meant. Only in a
    `complete` one does a meeting that is missing mean that it was taken away."""

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    ignored: int = 0
    complete: bool = True
    notes: tuple[ImportProblem, ...] = ()


def refused(code: ProblemCode, **slots: object) -> Report:
    """The report on a file of which nothing is taken."""
    return Report(
        problems=(ImportProblem(0, "", MeetingProblem(code, slots=slots)),), complete=False
    )
