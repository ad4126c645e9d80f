"""Tables that a command reads from a file, and what it says about them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli.common import Failure
from bot.spreadsheets.header import Columns
from bot.spreadsheets.reader import NoTable, ReadTable, read_table
from bot.spreadsheets.table_problems import TableProblem, explain_table, problems, refusal


@dataclass(slots=True)
class TableNotes:
    """What is said beside the rows: why some were not taken, and what else to look at."""

    said: list[str] = field(default_factory=list)
    left: bool = False

    def add(self, problem: TableProblem) -> None:
        self.said.append(explain_table(problem))
        self.left |= problem.lost

    def lost(self, message: str) -> None:
        self.said.append(message)
        self.left = True

    def shown(self, *, taken: bool) -> int:
        """Print it, apart from what was asked for. The exit code: 3 when something, or all, was
        left."""
        for message in self.said:
            print(message, file=sys.stderr)
        return 3 if self.left or not taken else 0


def read_file(
    file: Path, columns: Columns, wanted: Sequence[str]
) -> tuple[ReadTable | None, TableNotes]:
    """A table of which every column is needed, in the order of `columns` where it names none;
    `wanted` is what they are called. None when it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Failure(f"{file}: cannot be read ({error.strerror})") from None
    notes = TableNotes()
    needs = [(name,) for name in columns]
    try:
        table = read_table(data, columns, needs, places=tuple(columns))
    except NoTable as why:
        notes.add(refusal(why, wanted))
        return None, notes
    for problem in problems(table, wanted):
        notes.add(problem)
    return table, notes
