"""Asks pyxform, the converter that everybody uses, whether a form is one. It stops at the first
thing that is wrong: it comes after our own pass, which tells all."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from bot.authoring.exchange.own_columns import PREFIX
from bot.authoring.exchange.relevance import straight
from bot.authoring.exchange.sheet_file import Sheet, SheetFile
from bot.authoring.exchange.sheet_problems import SheetProblem
from bot.logs import reason

if TYPE_CHECKING:
    from pyxform.errors import PyXFormError

_log = logging.getLogger(__name__)

_FORM = "vertelbot_form"
"""What the form is called inside: no question has this name."""
_PLACE = re.compile(r"\[row ?: ?(\d+)\]\s*(?:On the '(\w+)' sheet[,:]?)?\s*")
_LEFT = ("save_to", "bind::entities:saveto")
"""Columns about sheets that are not read: these cannot make a form wrong."""
_SAID = ("label", "hint", "form_title")
_ELSEWHERE = ("select_one_external",)
"""Questions whose answers stand on a sheet that is not read: they are left out, which is told."""
_EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter")
_MOST = 300
_CODES = (
    ("HEADER", "judge-header"),
    ("RANGE", "judge-range"),
    ("PYREF", "judge-reference"),
    ("NAMES_013", "judge-sheet"),
    ("NAMES", "judge-name"),
    ("SURVEY_001", "judge"),
    ("SURVEY_002", "judge"),
    ("SURVEY", "judge-parameters"),
)
"""What families of its codes are about."""
_WORDS = (("'range' question type", "judge-range"), ("Missing calculation", "judge-calculation"))
"""What it says where it has no code."""


def judged(file: SheetFile, *, own: bool = False) -> SheetProblem | None:
    """What pyxform refuses a form for, if it does. In an `own` one `${` is words like others."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    book = {name: _plain(file, name, own=own) for name in file.sheets}
    try:
        workbook_to_json(get_xlsform(book), form_name=_FORM, fallback_form_name=_FORM, warnings=[])
    except PyXFormError as error:
        text = " ".join(str(error).split())
        place = _PLACE.search(text)
        sheet = (place[2] if place else None) or "survey"
        said = _PLACE.sub("", text, count=1)[:_MOST]
        slots = {"text": said, "column": str(error.context.get("column", ""))}
        sheet = str(error.context.get("sheet") or error.context.get("sheet_name") or sheet)
        row = _number(file.sheet(sheet), int(place[1])) if place else 0
        return SheetProblem(sheet, row, _code(error, said), slots)
    except Exception as error:
        _log.warning("pyxform stumbled over a form: %s", reason(error))
    return None  # what it stumbles over is not told by it: our own pass told all that it knows


def _number(sheet: Sheet, counted: int) -> int:
    """The row of a sheet that the judge counted, who saw one with names of columns and no empty
    rows."""
    place = counted - 2
    return sheet.rows[place].number if 0 <= place < len(sheet.rows) else counted


def _code(error: PyXFormError, said: str) -> str:
    """The sentence of ours for what was refused; where there is none, the judge is quoted."""
    family = error.code.name if error.code else ""
    found = (code for begin, code in _CODES if family.startswith(begin))
    by_words = (code for words, code in _WORDS if words in said)
    return next(found, next(by_words, "judge"))


def _plain(file: SheetFile, name: str, *, own: bool) -> list[dict[str, Any]]:
    """A sheet without our own columns and without empty rows, as the standard writes it."""
    rows: list[dict[str, Any]] = []
    for row in file.sheet(name).rows:
        cells = {key: text for key, text in row.cells.items() if not key.startswith(PREFIX)}
        cells = {key: text for key, text in cells.items() if key not in _LEFT}
        if cells.get("type", "").casefold().startswith(_ELSEWHERE):
            cells = {"type": "text", "name": cells.get("name", ""), "label": "…"}
        if "type" in cells:
            words = cells["type"].split()
            head = 2 if words[0].casefold() in ("begin", "end", "select") else 1
            cells["type"] = " ".join([*(w.casefold() for w in words[:head]), *words[head:]])
        cells |= {key: straight(cells[key]) for key in _EXPRESSIONS if key in cells}
        if own:
            said = [key for key in cells if key.partition("::")[0] in _SAID]
            cells |= {key: cells[key].replace("${", "$ {") for key in said}
        rows.append(cells)
    return rows
