"""Asks pyxform, the converter that everybody uses, whether a form is one. It stops at the first
thing that is wrong: it comes after our own pass, which tells all."""

from __future__ import annotations

import re
from typing import Any

from bot.authoring.exchange.own_columns import PREFIX
from bot.authoring.exchange.relevance import straight
from bot.authoring.exchange.sheet_file import SheetFile
from bot.authoring.exchange.sheet_problems import SheetProblem

_FORM = "vertelbot_form"
"""What the form is called inside: no question has this name."""
_PLACE = re.compile(r"\[row ?: ?(\d+)\]\s*(?:On the '(\w+)' sheet[,:]?)?\s*")
_EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter")
_MOST = 300


def judged(file: SheetFile) -> SheetProblem | None:
    """What pyxform refuses a form for, if it does."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    book = {name: _plain(file, name) for name in file.sheets}
    try:
        workbook_to_json(get_xlsform(book), form_name=_FORM, fallback_form_name=_FORM, warnings=[])
    except PyXFormError as error:
        text = " ".join(str(error).split())
        place = _PLACE.search(text)
        sheet = (place[2] if place else None) or "survey"
        said = _PLACE.sub("", text, count=1)[:_MOST]
        return SheetProblem(sheet, int(place[1]) if place else 0, "judge", {"text": said})
    return None


def _plain(file: SheetFile, name: str) -> list[dict[str, Any]]:
    """A sheet without our own columns, as the standard writes it. Empty rows stay: rows are
    counted."""
    rows: list[dict[str, Any]] = []
    for row in file.sheet(name).rows:
        rows += [{} for _ in range(row.number - 2 - len(rows))]
        cells = {key: text for key, text in row.cells.items() if not key.startswith(PREFIX)}
        if "type" in cells:
            words = cells["type"].split()
            head = 2 if words[0].casefold() in ("begin", "end", "select") else 1
            cells["type"] = " ".join([*(w.casefold() for w in words[:head]), *words[head:]])
        cells |= {key: straight(cells[key]) for key in _EXPRESSIONS if key in cells}
        rows.append(cells)
    return rows
