"""Cuts the text of a table into rows and cells: whole cells first, so that a new line may stand
inside one."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import NamedTuple

SEPARATORS = (";", ",", "\t", "|")
_SAID = re.compile(r'\ufeff?"?sep=(?P<sign>[^\r\n"])"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_END = "\x00 the end \x00"


class RawRow(NamedTuple):
    """One row as it stands in the file: the line it begins on, or its number on a sheet."""

    line: int
    cells: tuple[str, ...]


class RawRows(NamedTuple):
    """Rows, and the line of a quotation mark that is never closed (0: none): what stands after it
    cannot be cut."""

    rows: list[RawRow]
    unclosed: int = 0


def said_separator(text: str) -> str:
    """The separator that the first line names, as Excel wants it (`sep=;`), or nothing."""
    match = _SAID.match(text)
    return match["sign"] if match else ""


def cut(text: str, separator: str, most: int | None = None) -> RawRows:
    """The rows, at most so many. Raises csv.Error for what cannot be a table."""
    first = 0
    if match := _SAID.match(text):
        text, first = text[match.end() :], 1
    ended = text if text.endswith(("\n", "\r")) else f"{text}\n"
    reader = csv.reader(io.StringIO(ended + _END, newline=""), delimiter=separator)
    rows: list[RawRow] = []
    begins = 0
    for cells in islice(reader, most):
        if cells == [_END]:
            return RawRows(rows)
        if cells and cells[-1].endswith(_END):
            return RawRows(rows, begins + first + 1)
        rows.append(RawRow(begins + first + 1, tuple(cells)))
        begins = reader.line_num
    return RawRows(rows)
