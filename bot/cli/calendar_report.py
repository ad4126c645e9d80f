"""What a calendar changed and what was wrong in it, as the commands print it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.meetings.calendar.diff import Changes
from bot.meetings.calendar.problem_texts import explain_import, sentences
from bot.meetings.calendar.report import ImportProblem, Report


def print_changes(changes: Changes, report: Report, *, as_json: bool) -> None:
    """Print what a calendar changed, and what was wrong in it."""
    counts = {
        "added": len(changes.added),
        "changed": len(changes.changed) + len(changes.cancelled),
        "unchanged": len(changes.unchanged),
    }
    if as_json:
        told = {"problems": _told(report.problems), "notes": _told(report.notes)}
        print(json.dumps({**counts, **told}, ensure_ascii=False, indent=2))
        return
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    for one in (*report.problems, *report.notes):
        print(explain_import(one))


def _told(found: Iterable[ImportProblem]) -> list[dict[str, object]]:
    rows = []
    for one in found:
        message, mend = sentences(one.problem)
        code = one.problem.code
        rows.append(
            {"line": one.line, "uid": one.uid, "code": code, "message": message, "mend": mend}
        )
    return rows
