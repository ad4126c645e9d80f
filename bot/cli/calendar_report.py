"""What a calendar changed and what was wrong in it, as the commands print it."""

from __future__ import annotations

import json

from bot.meetings.calendar.changes.change_report import said_of
from bot.meetings.calendar.changes.diff import Changes
from bot.meetings.calendar.problem_texts import explain_import, sentences
from bot.meetings.calendar.report import ImportProblem, Report
from bot.meetings.model.problems import MeetingProblem


def print_changes(changes: Changes, report: Report, *, as_json: bool) -> None:
    """Print what a calendar changed, and what was wrong in it."""
    counts = {
        "added": len(changes.added),
        "changed": len(changes.changed) + len(changes.cancelled),
        "unchanged": len(changes.unchanged),
    }
    notes = _notes(changes, report)
    if as_json:
        shown = {
            **counts,
            "passed_over": report.ignored + changes.past,
            "problems": [_told(one) for one in report.problems],
            "notes": [_told(one) for one in notes],
            "to_look_at": list(said_of(changes)),
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    for one in (*report.problems, *notes):
        print(explain_import(one))
    for sentence in said_of(changes):
        print(sentence)


def exit_code(changes: Changes, report: Report) -> int:
    """3 when a part, or nothing, was taken."""
    heard = bool(report.meetings or changes.changed or changes.cancelled)
    return 0 if heard and not report.problems else 3


def _notes(changes: Changes, report: Report) -> list[ImportProblem]:
    """What was passed over, and why."""
    past = MeetingProblem("long_past", slots={"n": changes.past})
    return [*report.notes, *([ImportProblem(0, "", past)] if changes.past else [])]


def _told(one: ImportProblem) -> dict[str, object]:
    message, mend = sentences(one.problem)
    told = {"code": one.problem.code, "message": message, "mend": mend}
    return {"line": one.line, "uid": one.uid, **told}
