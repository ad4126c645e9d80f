"""Workbooks of forms, made in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from bot.authoring.exchange.xlsform_reader import XlsformReading, read_xlsform

Rows = Sequence[Sequence[str]]


def workbook(survey: Rows, choices: Rows = (), settings: Rows = ()) -> bytes:
    """A workbook; the first row of each sheet names its columns."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SURVEY = (
    "type",
    "name",
    "label",
    "relevant",
    "constraint",
    "hint",
    "appearance",
    "vertelbot::doel",
)
CHOICES = (
    ("list_name", "name", "label"),
    ("jn", "ja", "Ja"),
    ("jn", "nee", "Nee"),
    ("hulp", "arts", "Huisarts"),
    ("hulp", "team", "Wijkteam"),
    ("hulp", "buur", "Buren"),
)


def read(*rows: Sequence[str], choices: Rows = CHOICES, settings: Rows = ()) -> XlsformReading:
    """The reading of a sheet with these rows, in the columns of `SURVEY`."""
    return read_xlsform(workbook((SURVEY, *rows), choices, settings), "form")


def told(reading: XlsformReading) -> list[tuple[str, int, str]]:
    """Where something is told, and its code."""
    return [(each.sheet, each.row, each.code) for each in reading.problems]
