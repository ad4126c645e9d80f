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
from conversations.guide.telling import Telling
from storage.stories.exports import Exported

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet think that a text is a formula, when it begins with it."""
_PIECE = re.compile(r"(?<=[;\n\r\t])(?=[ \u00a0\ufeff]*[=+\-@＝＋－＠])")
FIXED = (
    "id", "week", "guide", "guide_id", "overlay", "language", "team", "team_id", "name", "text",
    "purposes",
)  # fmt: skip
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
    """All columns, in order: what every story has, then the questions, each in the words of its
    own guides, then typed answers."""
    t = export.t
    library = export.services.shelf.library
    titles = {name: library.get(name, export.language).title for name in library.ids}
    made = [
        ExportColumn(
            name,
            t(f"file.column.{name}"),
            BETWEEN.join(f"{id_} = {title}" for id_, title in titles.items())
            if name == "guide_id"
            else "",
        )
        for name in FIXED
    ]
    typed = _typed(export)
    for question in export.questions.values():
        asked_in = BETWEEN.join(titles.get(guide, guide) for guide in question.guides)
        about = f"{question.asks} [{asked_in}]"
        labels = [label for _, label in question.answers]
        match question.shape:
            case "scale":
                scale = t("file.scale", left=labels[0], right=labels[1])
                made.append(ExportColumn(question.name, about, scale))
            case "triad":
                made += [
                    ExportColumn(f"{question.name}.{name}", f"{about} {label}", t("file.share"))
                    for name, label in question.answers
                ]
            case "choice" | "choices":
                made.append(ExportColumn(question.name, about, BETWEEN.join(labels)))
        if question.name in typed:
            del typed[question.name]
            words = t("file.words", name=about)
            made.append(ExportColumn(f"{question.name}.words", words))
    return [*made, *(ExportColumn(f"{n}.words", t("file.words", name=n)) for n in typed)]


def _typed(export: StoryExport) -> dict[str, None]:
    """The names of the questions that were answered in typed words."""
    found = {
        _words_name(export, each.story.telling.guide, step)
        for each in export.stories
        for step in each.story.telling.words
    }
    return dict.fromkeys(sorted(found))


def _words_name(export: StoryExport, guide: str, step: str) -> str:
    question = export.questions.of(guide, step)
    return question.name if question else f"{guide}.{step}"


def rows(export: StoryExport) -> Iterator[list[str | int]]:
    """The stories, in the order of the columns."""
    names = [column.name for column in columns(export)]
    for each in export.stories:
        told = each.story.telling
        cells: dict[str, str | int] = dict(_fixed(export, each))
        for question in export.questions.values():
            if question.is_of(told.guide, told.fingerprint):
                cells |= _answer(export, question, told)
        for step, said in told.words.items():
            cells[f"{_words_name(export, told.guide, step)}.words"] = said
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
    """Every text is written as a text, whatever it begins with. Most cells of a table of several
    guides are empty: those are not written at all."""
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
            elif cell:
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


def _fixed(export: StoryExport, each: Exported) -> dict[str, str | int]:
    """What every story has: in words, with the ids beside them."""
    told, library = each.story.telling, export.services.shelf.library
    known = told.guide in library.ids
    return {
        "id": each.id,
        "week": each.story.week,
        "guide": library.get(told.guide, export.language).title if known else told.guide,
        "guide_id": told.guide,
        "overlay": _overlay(export, told),
        "language": told.language,
        "team": export.teams.get(told.team, told.team),
        "team_id": told.team,
        "name": told.headline,
        "text": told.text,
        "purposes": BETWEEN.join(each.story.purposes),
    }


def _overlay(export: StoryExport, told: Telling) -> str:
    """The team whose own questions the teller got."""
    team = export.overlays.get(told.fingerprint, "")
    return export.teams.get(team, team)


def _answer(export: StoryExport, question: Question, told: Telling) -> dict[str, str | int]:
    """The cells of a question, in words; an answer that no version of its guide knows is named by
    its id."""
    match question.shape:
        case "scale":
            place = question.place(told.guide, told.answers)
            return {} if place is None else {question.name: place}
        case "triad":
            shares = question.shares(told.guide, told.answers) or ()
            names = [name for name, _ in question.answers]
            return {f"{question.name}.{n}": s for n, s in zip(names, shares, strict=False)}
    known = dict(question.answers)
    given = [
        known[each] if each in known else export.t("file.unknown", id=each)
        for each in question.given(told.guide, told.answers)
    ]
    return {question.name: BETWEEN.join(given)} if given else {}
