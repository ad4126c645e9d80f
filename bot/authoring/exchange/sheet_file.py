"""Reads the sheets of an XLSForm as text, row by row, with what of the file itself is not right.

A file comes from anywhere: it is small, unpacks to little, is read without entities or formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.spreadsheets.workbook import COLUMNS_MAX, is_old_workbook, is_workbook

BYTES_MAX = 1_000_000
UNPACKED_MAX = 20_000_000
ROWS_MAX = 2_000
SHEETS = ("survey", "choices", "settings")
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
    """A sheet by its name. `formulas` are cells (row, column) that hold one: they are not read."""

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    formulas: tuple[tuple[int, str], ...] = ()


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
        raise NotRead("no-workbook") from error


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
        cells = sheet.iter_rows(max_row=ROWS_MAX + 1, max_col=COLUMNS_MAX)
        found[name] = _sheet(name, cells)
        if len(found[name].rows) > ROWS_MAX:
            raise NotRead("many-rows", most=ROWS_MAX)
    book.close()
    if "survey" not in found:
        raise NotRead("no-survey", seen=", ".join(others))
    return SheetFile(found, tuple(others))


def _sheet(name: str, lines: Iterator[tuple[Any, ...]]) -> Sheet:
    columns: list[str] = []
    rows: list[SheetRow] = []
    formulas: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        texts = [_text(cell.value) for cell in line]
        if not columns:
            columns = [column_name(text) for text in texts] if any(texts) else []
            continue
        cells: dict[str, str] = {}
        for column, cell, text in zip(columns, line, texts, strict=False):
            if column and getattr(cell, "data_type", "") == "f":
                formulas.append((number, column))
            elif column and text:
                cells.setdefault(column, text)
        if cells:
            rows.append(SheetRow(number, cells))
    return Sheet(name, tuple(each for each in columns if each), tuple(rows), tuple(formulas))


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
