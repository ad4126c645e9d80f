"""Tables as programs save them."""

from __future__ import annotations

import io

import openpyxl

COLUMNS = {
    "name": ("team", "naam"),
    "town": ("gemeente", "plaats"),
    "day": ("datum",),
    "start": ("begin", "begintijd"),
}
"""The columns of the tests of the reader."""


def lines(*rows: str) -> bytes:
    """A table as Excel saves it: UTF-8 with a mark, and lines of Windows."""
    return "\r\n".join([*rows, ""]).encode("utf-8-sig")


def workbook(*rows: tuple[object, ...], formats: dict[str, str] | None = None) -> bytes:
    """A workbook of one sheet; `formats` are number formats by cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
