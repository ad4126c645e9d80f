"""Reads the sheets of a workbook (.xlsx) as rows of text, each value as a careful person would type
it: a day as 2026-11-03, a time as 10:00, a number with a point."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.spreadsheets.delimited import RawRow

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

UNPACKED_MAX = 30_000_000
"""Bytes of a workbook when it is unpacked, whatever its parts are called."""
COLUMNS_MAX = 200
SHEETS_MAX = 100
LETTERS_MAX = 32_767
"""In a cell, as every program that makes workbooks has it: a text is kept once in a file, however
many cells show it."""
_NOUGHT = datetime(1899, 12, 31)  # noqa: DTZ001  the clock of a sheet has no zone
"""The day nought of a clock that runs past midnight."""


def is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def is_old_workbook(data: bytes) -> bool:
    """A workbook of before 2007, or one with a password."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def sheets(data: bytes, rows_max: int) -> Iterator[tuple[str, list[RawRow]]]:
    """The sheets that are shown, each with its name and rows. Raises ValueError for a file that is
    none, or unpacks to too much."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > UNPACKED_MAX:
            raise ValueError("unpacks to too much")
    from openpyxl import load_workbook  # slow to load, and seldom wanted

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if len(book.worksheets) > SHEETS_MAX:
        raise ValueError("has too many sheets")
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            cells = sheet.iter_rows(max_row=rows_max, max_col=COLUMNS_MAX)
            yield sheet.title, list(_records(cells))
    book.close()


def _records(rows: Iterator[tuple[Cell, ...]]) -> Iterator[RawRow]:
    for number, row in enumerate(rows, 1):
        cells = [_text(cell.value) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield RawRow(number, tuple(cells))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case int() | float():
            return f"{value:.15g}"
        case datetime() if value.year <= 1900:
            return _clock(value - _NOUGHT)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case time():
            return _clock(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
        case timedelta():
            return _clock(value)
    return str(value)[:LETTERS_MAX]


def _moment(value: datetime) -> str:
    """A day, and the time unless it is midnight, which is how a day is kept; seconds are only rests
    of rounding."""
    rounded = value + timedelta(seconds=30)
    return f"{rounded:%Y-%m-%d %H:%M}".removesuffix(" 00:00")


def _clock(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"
