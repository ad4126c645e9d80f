"""Forms as people make them for other programs: sheets as tables, row for row. What is in them is
invented; how they are made is as it is done."""

from __future__ import annotations

from pathlib import Path

from bot.authoring.exchange.xlsform_reader import XlsformReading, read_xlsform
from tests.authoring.exchange.sheets import workbook

FOLDER = Path(__file__).parent / "forms"
OF_PEOPLE = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}
"""A form by its name: under the name of each sheet its rows, the first of which names columns."""


def reading_of(form: str) -> XlsformReading:
    """What is read of a form that is written as tables."""
    sheets: dict[str, list[list[str]]] = {}
    name = ""
    for line in (each.strip() for each in form.splitlines()):
        if line.startswith("|"):
            sheets[name].append(
                [
                    cell.strip()
                    for cell in line[1:].removesuffix("|").replace("| |", "|  |").split("|")
                ]
            )
        elif line:
            name = line
            sheets[name] = []
    return read_xlsform(workbook(*(sheets.get(each, ()) for each in SHEETS)), "form")


SHEETS = ("survey", "choices", "settings")
