"""Rows of a file of figures: text with any separator and in any encoding, or a workbook."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.spreadsheets.decoding import decode
from bot.spreadsheets.delimited import SEPARATORS, RawRow, cut, said_separator
from bot.spreadsheets.workbook import is_old_workbook, is_workbook, sheets

BYTES_MAX = 20_000_000
ROWS_MAX = 60_000
COLUMNS_MAX = 2_000
_SAMPLE = 60


class CannotRead(Exception):
    """Nothing of a file can be read; the argument is the code of what it is told."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of a table that hold something. `typed`: its numbers were numbers, with a decimal
    point. `unclosed`: the line of a quotation mark after which nothing is read."""

    rows: Sequence[RawRow]
    name: str = ""
    typed: bool = False
    unclosed: int = 0


def raw_tables(data: bytes) -> list[RawTable]:
    """The tables of a file: one, or a sheet each. Raises CannotRead."""
    if len(data) > BYTES_MAX:
        raise CannotRead("too_large")
    if is_old_workbook(data):
        raise CannotRead("old_workbook")
    found = _sheets(data) if is_workbook(data) else [_text(data)]
    found = [each for each in found if each.rows]
    if not found:
        raise CannotRead("empty")
    widest = max(len(row.cells) for each in found for row in each.rows)
    if widest > COLUMNS_MAX or any(len(each.rows) > ROWS_MAX for each in found):
        raise CannotRead("too_many_rows")
    return found


def _sheets(data: bytes) -> list[RawTable]:
    try:
        return [RawTable(_filled(rows), name, True) for name, rows in sheets(data, ROWS_MAX + 1)]
    except MemoryError:
        raise
    except Exception:  # whatever the library meets in a broken file
        raise CannotRead("no_table") from None


def _text(data: bytes) -> RawTable:
    text = decode(data).text
    if text.count("\0") > 8 or data.startswith((b"%PDF", b"\x89PNG", b"{\\rtf", b"\xff\xd8")):
        raise CannotRead("no_table")
    if text.lstrip()[:1] in ("<", "{", "["):
        raise CannotRead("no_csv")
    try:
        separator = said_separator(text) or _separator(text)
        cells = cut(text, separator, ROWS_MAX + 1)
        rows = _unwrapped(_filled(cells.rows))
    except csv.Error:
        raise CannotRead("no_table") from None
    return RawTable(rows, unclosed=cells.unclosed)


def _filled(rows: Sequence[RawRow]) -> list[RawRow]:
    return [row for row in rows if any(cell.strip() for cell in row.cells)]


def _separator(text: str) -> str:
    """The one by which most rows have the same number of cells, of several."""

    def fit(separator: str) -> tuple[int, int]:
        widths = Counter(len(row.cells) for row in cut(text, separator, _SAMPLE).rows)
        widths.pop(1, None)
        width, rows = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return rows, width

    return max(SEPARATORS, key=fit)


def _unwrapped(rows: list[RawRow]) -> list[RawRow]:
    """Rows of which each is one cell that holds a whole row: what is saved once more can be so."""
    alone = [row for row in rows if sum(1 for cell in row.cells if cell.strip()) == 1]
    if len(rows) < 2 or len(alone) < len(rows):
        return rows
    texts = [next(cell for cell in row.cells if cell.strip()) for row in rows]
    for separator in SEPARATORS:
        if sum(separator in text for text in texts) > len(rows) / 2:
            again = [next(csv.reader(io.StringIO(text), delimiter=separator), []) for text in texts]
            return [RawRow(row.line, tuple(cells)) for row, cells in zip(rows, again, strict=True)]
    return rows
