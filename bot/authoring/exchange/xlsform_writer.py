"""Writes a guide as an XLSForm: questions that other programs can ask, and in columns of our own
what they have no word for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.authoring.exchange.own_columns import (
    BORROWED,
    PREFIX,
    VERSION,
    option_columns,
    row_of_option,
    row_of_step,
    text_columns,
)
from bot.authoring.exchange.relevance_out import relevants
from bot.authoring.exchange.sheet_languages import NAMES
from conversations.guide.builder import fields
from conversations.guide.library import DUTCH

_FIRST = ("type", "list_name", "name")

Row = dict[str, str]


def write_xlsform(data: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]]) -> bytes:
    """The workbook of a guide: the data of its file, and its translations by language and name."""
    languages = [DUTCH, *sorted(texts.keys() - {DUTCH})]
    said = {DUTCH: fields(data), **{code: texts[code] for code in languages[1:]}}
    survey: list[Row] = []
    choices: list[Row] = []
    shown = relevants(data["step"])
    for step in data["step"]:
        row = row_of_step(step) | ({"relevant": shown[step["id"]]} if shown[step["id"]] else {})
        survey.append(row | _texts(text_columns(step), said))
        if step["kind"] == "scale":
            survey[-1] |= _hints(step, said)
        for key in ("option", "pole"):
            for option in step.get(f"{key}s", ()):
                columns = option_columns(step["id"], key, option["id"])
                choices.append(row_of_option(step["id"], option) | _texts(columns, said))
    sheets = {"survey": survey, "choices": choices, "settings": [_settings(data, said)]}
    return _book(sheets)


def _settings(data: Mapping[str, Any], said: Mapping[str, Mapping[str, str]]) -> Row:
    return {
        "form_title": data["title"],
        "form_id": data["id"],
        "default_language": NAMES[DUTCH],
        PREFIX + "versie": VERSION,
        PREFIX + "soort": data["kind"],
        PREFIX + "vorm": data["form"],
        PREFIX + "minuten": str(data["minutes"]),
        **_texts([(PREFIX + "titel", "guide.title")], said),
    }


def _texts(columns: Sequence[tuple[str, str]], said: Mapping[str, Mapping[str, str]]) -> Row:
    """The texts of a row in every language; where one is missing its Dutch, and that it is so."""
    row: Row = {}
    borrowed = []
    for column, key in columns:
        dutch = said[DUTCH].get(key)
        if dutch is None:
            continue
        for code, texts in said.items():
            row[f"{column}::{name_of(code)}"] = texts.get(key) or dutch
            if not texts.get(key):
                borrowed.append(f"{column}::{code}")
    return row | ({BORROWED: " ".join(borrowed)} if borrowed else {})


def _hints(step: Mapping[str, Any], said: Mapping[str, Mapping[str, str]]) -> Row:
    """The poles of a scale, as programs that know no poles can show them."""
    keys = [f"{step['id']}.pole.{pole['id']}" for pole in step.get("poles", ())]
    return {
        f"hint::{name_of(code)}": " | ".join(texts.get(key) or said[DUTCH][key] for key in keys)
        for code, texts in said.items()
        if keys
    }


def name_of(code: str) -> str:
    """A language as the columns call it."""
    return NAMES.get(code, f"{code} ({code})")


def _book(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        columns = list(_columns(rows))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 36 if "label" in column else 18)
            sheet.write_string(0, place, column, bold)
            for number, row in enumerate(rows, 1):
                if column in row:
                    sheet.write_string(number, place, row[column], wrapped)
    book.close()
    return out.getvalue()


def _columns(rows: Sequence[Row]) -> Iterator[str]:
    """All columns: what every row has first, then texts, our own at the end."""
    every = dict.fromkeys(column for row in rows for column in row)
    order = sorted(
        every,
        key=lambda column: (
            _FIRST.index(column) if column in _FIRST else len(_FIRST),
            column.startswith(PREFIX),
        ),
    )
    yield from order
