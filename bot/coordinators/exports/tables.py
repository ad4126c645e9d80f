"""Stories as a table: CSV and XLSX, safe to open in a spreadsheet, with a data dictionary."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.coordinators.exports.export import StoryExport
from bot.coordinators.questions import Question
from storage.stories.exports import Exported

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet think that a text is a formula, when it begins with it."""
_PIECE = re.compile(r"(?<=[;\n\r\t])(?=[ \u00a0\ufeff]*[=+\-@＝＋－＠])")
FIXED = ("id", "week", "guide", "language", "team", "name", "text", "purposes")
BETWEEN = "; "
CELL_MAX = 32_767
"""Letters that fit in a cell of a workbook."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its name, and what stands in it."""

    name: str
    about: str
    answers: str = ""


def columns(export: StoryExport) -> list[ExportColumn]:
    """All columns, in order: what every story has, then the questions, then typed answers."""
    t = export.t
    made = [ExportColumn(name, t(f"file.column.{name}")) for name in FIXED]
    for question in export.questions.values():
        poles = [label for _, label in question.answers]
        match question.shape:
            case "scale":
                scale = t("file.scale", left=poles[0], right=poles[1])
                made.append(ExportColumn(question.id, question.asks, scale))
            case "triad":
                made += [
                    ExportColumn(
                        f"{question.id}.{name}", f"{question.asks} {label}", t("file.share")
                    )
                    for name, label in question.answers
                ]
            case _:
                made.append(ExportColumn(question.id, question.asks, BETWEEN.join(poles)))
    typed = sorted({name for each in export.stories for name in each.story.telling.words})
    return [*made, *(ExportColumn(f"{name}.words", t("file.words", name=name)) for name in typed)]


def rows(export: StoryExport) -> Iterator[list[str | int]]:
    """The stories, in the order of the columns."""
    asked = export.questions
    names = [column.name for column in columns(export)]
    for each in export.stories:
        cells: dict[str, str | int] = dict(_fixed(each))
        for question in asked.values():
            cells |= _answer(question, each.story.telling.answers.get(question.id))
        cells |= {f"{name}.words": said for name, said in each.story.telling.words.items()}
        yield [cells.get(name, "") for name in names]


def as_csv(export: StoryExport) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; commas; RFC 4180."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([column.name for column in columns(export)])
    for row in rows(export):
        writer.writerow([harmless(cell) for cell in row])
    return made.getvalue().encode("utf-8-sig")


def as_xlsx(export: StoryExport) -> bytes:
    """Sheets: the stories, the data dictionary, what was withdrawn, and the stamp."""
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, options)
    book.set_properties({"title": export.name, "author": export.stamp[0][1]})
    t = export.t
    heads = [column.name for column in columns(export)]
    _sheet(book, t("file.sheet.stories"), heads, _fitting(rows(export), t("file.cut")))
    dictionary = [[c.name, c.about, c.answers] for c in columns(export)]
    _sheet(book, t("file.sheet.columns"), _heads(export), dictionary)
    gone = [[name] for name in export.withdrawn]
    _sheet(book, t("file.sheet.withdrawn"), [t("file.withdrawn")], gone)
    _sheet(book, t("file.sheet.stamp"), ["", ""], [list(pair) for pair in export.stamp])
    book.close()
    return made.getvalue()


def harmless(cell: str | int) -> str | int:
    """A text that no spreadsheet takes for a formula: not as a cell, and not where a spreadsheet
    that expects semicolons (as Dutch ones do) cuts it in pieces, at those or at a new line."""
    if not isinstance(cell, str):
        return cell
    safe = _PIECE.sub("'", cell)
    return f"'{safe}" if safe.lstrip(" \u00a0\ufeff").startswith(DANGEROUS) else safe


def _heads(export: StoryExport) -> list[str]:
    return [export.t(f"file.dictionary.{name}") for name in ("name", "about", "answers")]


def _sheet(
    book: Any, name: str, heads: Sequence[str], lines: Iterable[Iterable[str | int]]
) -> None:
    """Every text is written as a text, whatever it begins with."""
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
        sheet.set_column(place, place, 60 if head == "text" else 18)
    for number, line in enumerate(lines, 1):
        for place, cell in enumerate(line):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            else:
                sheet.write_string(number, place, cell, wrap)
    sheet.freeze_panes(1, 0)


def _fitting(lines: Iterator[list[str | int]], cut: str) -> Iterator[list[str | int]]:
    """A text that is longer than a cell of a workbook holds ends in words that say so."""
    room = CELL_MAX - len(cut) - 1
    for line in lines:
        yield [
            f"{cell[:room]} {cut}" if isinstance(cell, str) and len(cell) > CELL_MAX else cell
            for cell in line
        ]


def _fixed(each: Exported) -> dict[str, str | int]:
    told = each.story.telling
    return {
        "id": each.id,
        "week": each.story.week,
        "guide": told.guide,
        "language": told.language,
        "team": told.team,
        "name": told.name,
        "text": told.text,
        "purposes": BETWEEN.join(each.story.purposes),
    }


def _answer(question: Question, answer: Any) -> dict[str, str | int]:
    if answer is None:
        return {}
    if question.shape == "triad":
        names = [name for name, _ in question.answers]
        return {f"{question.id}.{n}": int(s) for n, s in zip(names, answer, strict=False)}
    if isinstance(answer, int):
        return {question.id: answer}
    return {question.id: BETWEEN.join(question.said(str(each)) for each in answer)}
