"""The one reader of tables: bytes as they were uploaded in, rows by the names of columns out.

What it could not use it tells, for the one who reads the rows to show: columns that are not known,
sheets that were not read, an encoding that was guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.spreadsheets.decoding import decode
from bot.spreadsheets.delimited import SEPARATORS, RawRow, cut, said_separator
from bot.spreadsheets.header import (
    LOOKED_AT,
    ColumnNames,
    Columns,
    Header,
    Needs,
    UnknownColumn,
    bare,
    likeliest,
)
from bot.spreadsheets.workbook import is_old_workbook, is_workbook, sheets

BYTES_MAX = 2_000_000
ROWS_MAX = 5_000
_SAMPLE = 4 * LOOKED_AT
"""Rows by which the separator is chosen."""

NoTableCode = Literal["too_large", "empty", "no_table", "old_workbook", "no_header"]


class NoTable(ValueError):
    """Nothing of a file is read. Of one without the columns that are needed, `seen` is the row that
    looks most like their names."""

    def __init__(self, code: NoTableCode, seen: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code: NoTableCode = code
        self.seen = tuple(seen)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: where it stands, its cells under our names (of every column that was found), and those
    of the other columns under the names that are written. `beyond`: a cell stands after the last
    column."""

    line: int
    cells: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The rows that are not empty, and what is to be told about the table.

    `names` are our columns as the table names them. `unclosed` is the line of a quotation mark that
    is never closed: nothing after it is read. `cut_off`: there are more rows than are read.
    """

    rows: tuple[TableRow, ...]
    header_line: int
    names: Mapping[str, str]
    unknown: tuple[UnknownColumn, ...] = ()
    encoding: str = ""
    doubtful: bool = False
    unclosed: int = 0
    cut_off: bool = False
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """Where rows come from: the fields of a `ReadTable` of the same names."""

    records: list[RawRow]
    encoding: str = ""
    doubtful: bool = False
    unclosed: int = 0
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


def read_table(
    data: bytes,
    columns: Columns,
    needs: Needs,
    *,
    places: Sequence[str] = (),
    bytes_max: int = BYTES_MAX,
    rows_max: int = ROWS_MAX,
) -> ReadTable:
    """Read a table (.csv, .tsv, .txt, .xlsx). The row that names its columns must hold one of each
    group of `needs`; rows above it are passed over. One without any name of a column is read by
    `places`, where these are given (`header_line` is 0 then). Raises NoTable."""
    if len(data) > bytes_max:
        raise NoTable("too_large")
    if is_old_workbook(data):
        raise NoTable("old_workbook")
    names = ColumnNames(columns)
    read = _of_workbook if is_workbook(data) else _of_text
    source = read(data, names, needs, rows_max + 1)
    header = names.header(source.records, needs) or names.by_place(source.records, places)
    if header is None:
        seen = likeliest(source.records)
        raise NoTable("no_header" if seen else "empty", seen)
    return _table(source, header, names, rows_max)


def _of_text(data: bytes, names: ColumnNames, needs: Needs, most: int) -> _Source:
    decoded = decode(data)
    if decoded.text.count("\0") > 8:
        raise NoTable("no_table")
    try:
        separator = _separator(decoded.text, names, needs)
        records, unclosed = cut(decoded.text, separator, LOOKED_AT * 2 + most)
        if names.header(records, needs) is None:
            records = _within_cells(records, names, needs, LOOKED_AT * 2 + most)
    except csv.Error:
        raise NoTable("no_table") from None
    return _Source(records, decoded.encoding, decoded.doubtful, unclosed)


def _within_cells(
    records: list[RawRow], names: ColumnNames, needs: Needs, most: int
) -> list[RawRow]:
    """The rows of a table that was saved once more, each row as one quoted cell; or as they are."""
    lines = [" ".join(row.cells[0].splitlines()) if row.cells else "" for row in records]
    if any(len(row.cells) > 1 for row in records):
        return records
    inner, _ = cut("\n".join(lines), _separator("\n".join(lines), names, needs), most)
    if names.header(inner, needs) is None:
        return records
    return [RawRow(records[row.line - 1].line, row.cells) for row in inner]


def _separator(text: str, names: ColumnNames, needs: Needs) -> str:
    """The separator that the file names, or the one by which most columns are known; of several,
    the one that stands in most rows."""
    if said := said_separator(text):
        return said

    def fit(separator: str) -> tuple[int, int]:
        rows = cut(text, separator, _SAMPLE).rows
        header = names.header(rows, needs)
        return header.known if header else 0, sum(len(row.cells) > 1 for row in rows)

    return max(SEPARATORS, key=fit)


def _of_workbook(data: bytes, names: ColumnNames, needs: Needs, most: int) -> _Source:
    """The first sheet that has the columns that are needed."""
    try:
        found = [each for each in sheets(data, LOOKED_AT * 2 + most) if _filled(each[1])]
    except MemoryError:
        raise
    except Exception:  # whatever the library meets in a broken file
        raise NoTable("no_table") from None
    if not found:
        raise NoTable("empty")
    fitting = (each for each in found if names.header(each[1], needs))
    title, records = next(fitting, found[0])
    others = tuple(name for name, _ in found if name != title)
    return _Source(records, sheet=title, other_sheets=others)


def _filled(records: list[RawRow]) -> bool:
    return any(any(map(bare, row.cells)) for row in records)


def _table(source: _Source, header: Header, names: ColumnNames, rows_max: int) -> ReadTable:
    below = [
        row
        for row in source.records[header.place + 1 :]
        if any(map(bare, row.cells)) and tuple(map(bare, row.cells)) != header.written
    ]
    rows = tuple(_row(record, header) for record in below[:rows_max])
    unknown = tuple(
        UnknownColumn(
            name,
            names.meant(name),
            any(row.others.get(name) for row in rows),
            again=names.ours(name) in {*header.ours} - {""},
        )
        for name, ours in zip(header.written, header.ours, strict=True)
        if name and not ours
    )
    written = {ours: name for name, ours in zip(header.written, header.ours, strict=True) if ours}
    return ReadTable(
        rows,
        source.records[header.place].line if header.place >= 0 else 0,
        written,
        unknown,
        encoding=source.encoding,
        doubtful=source.doubtful,
        unclosed=source.unclosed,
        cut_off=len(below) > rows_max,
        sheet=source.sheet,
        other_sheets=source.other_sheets,
    )


def _row(record: RawRow, header: Header) -> TableRow:
    known, others = {}, {}
    cells = [*map(bare, record.cells), *[""] * (len(header.ours) - len(record.cells))]
    for name, ours, cell in zip(header.written, header.ours, cells, strict=False):
        if ours:
            known[ours] = cell
        elif name:
            others[name] = cell
    return TableRow(record.line, known, others, any(cells[len(header.ours) :]))
