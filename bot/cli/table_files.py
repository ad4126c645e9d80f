"""Tables that a command reads from a file, and what is said of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli.common import Failure
from bot.meetings.typed.people_table import OpenedTable
from bot.spreadsheets.table_problems import RowProblem, explain_row, explain_table


@dataclass(slots=True)
class TableNotes:
    """What is said beside the rows: why some were not taken, and what else to look at."""

    said: list[str] = field(default_factory=list)
    left: bool = False

    def add(self, opened: OpenedTable, rows: Iterable[RowProblem]) -> None:
        """What is to be told about a table, and about its rows that were not taken."""
        self.said += map(explain_table, opened.told)
        lost = list(map(explain_row, rows))
        self.said += lost
        self.left |= bool(lost) or any(one.lost for one in opened.told)

    def shown(self, *, taken: bool) -> int:
        """Print it, apart from what was asked for. The exit code: 3 when something, or all, was
        left."""
        for message in self.said:
            print(message, file=sys.stderr)
        return 3 if self.left or not taken else 0


def bytes_of(file: Path) -> bytes:
    """What a file holds. Raises Failure."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"{file}: cannot be read ({error.strerror})") from None
