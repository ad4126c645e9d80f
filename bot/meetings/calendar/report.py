"""The report of an import: the meetings, what is said about known ones, and what was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.meetings.model.meeting import CalendarVersion, Meeting
from bot.meetings.model.problems import MeetingProblem, ProblemCode

PROBLEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something that was not imported: where (line 0: the whole file), and why."""

    line: int
    uid: str
    problem: MeetingProblem


@dataclass(frozen=True, slots=True)
class CalendarMessage:
    """What a calendar says about a known meeting without giving the whole of it (RFC 5546): `at`
    is the day of a series that it is about (None: all of it), with `later` also what comes after.
    `off`: that does not go on; `extra`: that comes on top. `alone` is how it stands by itself."""

    uid: str
    said: CalendarVersion
    at: date | None = None
    off: bool = False
    later: bool = False
    extra: bool = False
    alone: Meeting | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The meetings that were read, and what is said about known ones. `problems` were not taken,
    though they should have been; `notes` say what was passed over and why, `ignored` how many
    events of others that were. Only in a `complete` report does a meeting that is missing mean that
    it was taken away. `asked` are the uids of invitations, which leave out other changes."""

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    ignored: int = 0
    complete: bool = True
    messages: tuple[CalendarMessage, ...] = ()
    notes: tuple[ImportProblem, ...] = ()
    asked: frozenset[str] = frozenset()


def refused(code: ProblemCode, **slots: object) -> Report:
    """The report on a file of which nothing is taken."""
    return Report(
        problems=(ImportProblem(0, "", MeetingProblem(code, slots=slots)),), complete=False
    )
