"""What is to be told about a table, whatever its rows are about: a code, its slots, the line.

The sentences stand in `coordinator.po`, found by the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from bot.spreadsheets.reader import BYTES_MAX, NoTable, ReadTable
from conversations.guide.loading import HOME, read_entries
from conversations.guide.model import fill_slots

TableCode = Literal[
    # a file of which nothing is read
    "too_large", "empty", "no_table", "old_workbook", "no_header",
    # a part of a file that is not read
    "quote_unclosed", "rows_left", "no_rows",
    # what is read, but may not be as it was meant
    "column_unknown", "column_meant", "column_again", "no_names", "letters_guessed", "sheets_left",
]  # fmt: skip
_KEY = "table_problem"
_ROW = "table_row"
_NAMED = 12
"""Columns of a header that are named in a sentence."""


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One thing to look at. `lost`: because of it something was not read."""

    code: TableCode
    slots: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was not taken: a code of whoever read it, its slots, the line. The sentences stand
    in `coordinator.po`, as `table_row.<code>`."""

    line: int
    code: str
    slots: Mapping[str, object] = field(default_factory=dict)


def refusal(why: NoTable, wanted: Sequence[str], bytes_max: int = BYTES_MAX) -> TableProblem:
    """Why nothing of a file was read; `wanted` are the names that its columns should have."""
    slots = {
        "n": f"{bytes_max / 1e6:g}",
        "seen": ", ".join(why.seen[:_NAMED]),
        "wanted": ", ".join(wanted),
    }
    return TableProblem(why.code, slots, lost=True)


def problems(table: ReadTable, wanted: Sequence[str] = ()) -> Iterator[TableProblem]:
    """What is to be told about a table that was read."""
    if not table.header_line:
        yield TableProblem("no_names", {"wanted": ", ".join(wanted)})
    for column in table.unknown:
        code: TableCode = "column_meant" if column.meant else "column_unknown"
        code = "column_again" if column.again else code
        slots = {"name": column.name, "meant": column.meant}
        yield TableProblem(code, slots, table.header_line)
    if table.doubtful:
        yield TableProblem("letters_guessed", {"name": table.encoding})
    if table.other_sheets:
        others = ", ".join(table.other_sheets[:_NAMED])
        yield TableProblem("sheets_left", {"name": table.sheet, "others": others})
    if table.unclosed:
        yield TableProblem("quote_unclosed", line=table.unclosed, lost=True)
    if not table.rows and not table.unclosed:
        yield TableProblem("no_rows", lost=True)
    if table.cut_off:
        yield TableProblem("rows_left", {"n": len(table.rows)}, lost=True)


def explain_table(problem: TableProblem, language: str = "en") -> str:
    """What it is, on which line, and how to mend it, in Dutch or English."""
    texts = _texts(language)
    slots = {key: str(value) for key, value in problem.slots.items()}
    message, mend = (
        fill_slots(texts[f"{_KEY}.{each}"], slots)
        for each in (problem.code, f"{problem.code}.mend")
    )
    frame = f"{_KEY}.line" if problem.line else _KEY
    return fill_slots(texts[frame], {"n": str(problem.line), "problem": message, "mend": mend})


def explain_row(problem: RowProblem, language: str = "en") -> str:
    """What is wrong with one row, on which line, in Dutch or English."""
    texts = _texts(language)
    slots = {key: str(value) for key, value in problem.slots.items()}
    message = fill_slots(texts[f"{_ROW}.{problem.code}"], slots)
    return fill_slots(texts[f"{_KEY}.row"], {"n": str(problem.line), "problem": message})


@cache
def _texts(language: str) -> dict[str, str]:
    path = HOME / "locales" / ("en" if language == "en" else "nl") / "coordinator.po"
    found = read_entries(HOME, path)
    return {entry.id: entry.text for entry in found if entry.id.startswith((_KEY, _ROW))}
