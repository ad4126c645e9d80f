"""What a calendar changed and what was wrong in it, as the commands print it."""

from __future__ import annotations

import json

from bot.meetings.calendar.diff import Changes
from bot.meetings.calendar.problem_texts import explain_import, sentences
from bot.meetings.calendar.report import Report


def print_changes(changes: Changes, report: Report, *, as_json: bool) -> None:
    """Print what a calendar changed, and what was wrong in it."""
    counts = {
        "added": len(changes.added),
        "changed": len(changes.changed) + len(changes.cancelled),
        "unchanged": len(changes.unchanged),
    }
    if as_json:
        problems = []
        for one in report.problems:
            message, mend = sentences(one.problem)
            told = {"code": one.problem.code, "message": message, "mend": mend}
            problems.append({"line": one.line, "uid": one.uid, **told})
        print(json.dumps({**counts, "problems": problems}, ensure_ascii=False, indent=2))
        return
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    for problem in report.problems:
        print(explain_import(problem))
