"""Reads the sheets of an XLSForm as text, row by row, with what of the file itself is not right.

A file comes from anywhere: it is small, unpacks to little, is read without entities or formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice
from typing import Any

from bot.spreadsheets.workbook import COLUMNS_MAX, is_old_workbook, is_workbook

BYTES_MAX = 1_000_000
UNPACKED_MAX = 20_000_000
ROWS_MAX = 2_000
LAST_ROW = 20_000
"""Nothing is looked for below it, however empty the rows above are."""
HEADS_WITHIN = 10
"""Rows, within which the names of the columns stand."""
SHEETS = ("survey", "choices", "settings")
_HEADS = {
    "survey": {"type"},
    "choices": {"list_name"},
    "settings": {"form_title", "form_id", "default_language", "version"},
}
"""Columns of which one shows that a row holds the names of the columns."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_ALIASES = {
    "caption": "label",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "list name": "list_name",
    "value": "name",
    "count": "repeat_count",
    "read only": "readonly",
    "read_only": "readonly",
    "title": "form_title",
    "set form title": "form_title",
    "set form id": "form_id",
    "id_string": "form_id",
    "default language": "default_language",
}


Merged = Set[tuple[int, int]]


class NotRead(Exception):
    """Nothing of this file is read; `code` says why."""

    def __init__(self, code: str, **slots: object) -> None:
        super().__init__(code)
        self.code = code
        self.slots = slots


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number on the sheet, its cells by the name of their column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name. `odd` is what is to be told of its cells: the row, a code, the column or
    the words that it is about."""

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    odd: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFile:
    """The three sheets of a form; what is not there is empty. `others` are sheets that are left."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet:
        return self.sheets.get(name, Sheet(name))


def read_sheets(data: bytes) -> SheetFile:
    """The sheets of a workbook. Raises NotRead."""
    if len(data) > BYTES_MAX:
        raise NotRead("too-large", most=BYTES_MAX // 1_000_000)
    if is_old_workbook(data):
        raise NotRead("old-workbook")
    if not is_workbook(data):
        raise NotRead("no-workbook")
    try:
        return _read(data)
    except NotRead:
        raise
    except Exception as error:  # whatever a broken file makes its reader say
        odd = b"xl/workbook.xml" in data
        raise NotRead("odd-workbook" if odd else "no-workbook") from error


def _read(data: bytes) -> SheetFile:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > UNPACKED_MAX:
            raise NotRead("unpacks-large", most=UNPACKED_MAX // 1_000_000)
    import defusedxml  # noqa: F401  openpyxl reads with it where it is there
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    found: dict[str, Sheet] = {}
    others = []
    for sheet in book.worksheets:
        name = sheet.title.strip().casefold()
        if name not in SHEETS or name in found:
            others.append(sheet.title)
            continue
        cells = sheet.iter_rows(max_row=LAST_ROW, max_col=COLUMNS_MAX)
        found[name] = _sheet(name, cells, _merged(data, sheet))
    book.close()
    if "survey" not in found:
        raise NotRead("no-survey", seen=", ".join(others))
    return SheetFile(found, tuple(others))


def _sheet(name: str, lines: Iterator[tuple[Any, ...]], merged: Merged) -> Sheet:
    first = list(islice(lines, HEADS_WITHIN))
    head, columns, odd = _columns(name, first)
    rows: list[SheetRow] = []
    above: dict[str, str] = {}
    for number, line in enumerate(chain(first[head:], lines), head + 1):
        cells: dict[str, str] = {}
        for place, (column, cell) in enumerate(zip(columns, line, strict=False), 1):
            kind, text = getattr(cell, "data_type", ""), _text(cell.value)
            if column and kind in _UNREAD:
                odd.append((number, _UNREAD[kind], column))
            elif column and text:
                cells.setdefault(column, text)
            elif column and (place, number) in merged and column in above:
                cells.setdefault(column, above[column])
                odd.append((number, "merged", column))
        above = cells
        if cells:
            rows.append(SheetRow(number, cells))
        if len(rows) > ROWS_MAX:
            raise NotRead("many-rows", most=ROWS_MAX)
    return Sheet(name, tuple(each for each in columns if each), tuple(rows), tuple(odd))


_UNREAD = {"f": "formula", "e": "cell-error"}
"""Kinds of cells that hold no words of an author."""


def _columns(
    name: str, first: Sequence[tuple[Any, ...]]
) -> tuple[int, list[str], list[tuple[int, str, str]]]:
    """In which row the names of the columns stand, these names, and what is odd about them. Above
    them may stand a title."""
    named = [[column_name(_text(cell.value)) for cell in line] for line in first]
    filled = [number for number, names in enumerate(named, 1) if any(names)]
    heads = (number for number in filled if _HEADS[name] & {*named[number - 1]})
    head = next(heads, filled[0] if filled else len(first))
    columns = named[head - 1] if filled else []
    odd = [(filled[0], "title-row", str(head))] if filled and filled[0] < head else []
    twice = [each for each, n in Counter(filter(None, columns)).items() if n > 1]
    return head, columns, [*odd, *((head, "column-twice", each) for each in twice)]


def _merged(data: bytes, sheet: object) -> Merged:
    """The cells (column, row) over which the cell above them was stretched."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        said = packed.read(path) if path in packed.namelist() else b""
    found = set()
    for letters, first, last in _MERGED.findall(said):
        column = reduce(lambda n, letter: 26 * n + letter - 64, letters, 0)
        rows = range(int(first) + 1, min(int(last), LAST_ROW) + 1)
        found |= {(column, row) for row in rows} if column <= COLUMNS_MAX else set()
    return found


def column_name(written: str) -> str:
    """A column as the standard calls it: `Label : English (en)` is `label::English (en)`."""
    name = " ".join(written.split())
    base, _, rest = name.partition("::") if "::" in name else name.partition(":")
    base = base.strip().casefold()
    if base == "vertelbot":
        return f"vertelbot::{rest.strip()}"
    if base in ("media", "bind", "body", "control", "instance"):
        plain = f"{base}::{rest.strip().casefold()}"
        return _ALIASES.get(plain, plain)
    base = _ALIASES.get(base, base)
    return f"{base}::{rest.strip()}" if rest.strip() else base


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return f"{value:.15g}"
    return re.sub("[\u200b\ufeff]", "", str(value)).replace("\r\n", "\n")
