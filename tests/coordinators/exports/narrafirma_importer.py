"""Checks a form and stories for NarraFirma against every trap of its import that is known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.coordinators.exports.narrafirma import (
    HEADER,
    NONE,
    TYPES,
    WRITE_IN,
    ImportFiles,
)
from bot.coordinators.exports.short_names import SHORT_MAX

RESERVED = {
    "Story title",
    "Story text",
    "Collection date",
    "Language",
    "Eliciting question",
    "Participant ID",
}
KINDS = {*TYPES.values(), "Text"}
IMPORTS = {
    "Story title column name",
    "Story text column name",
    "Participant ID column name",
    "Story collection date column name",
    "Language column name",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def problems(files: ImportFiles) -> list[str]:
    """Everything that would make the import go wrong, most of it silently."""
    form, data = _rows(files.form), _rows(files.stories)
    found = list(_form_problems(form))
    imports = _imports(form)
    if IMPORTS - imports.keys() or len(imports.get("Scale range", [])) != 2:
        return found  # what the stories should look like is not known
    return [*found, *_story_problems(form, data)]


def together(project: Sequence[ImportFiles]) -> list[str]:
    """Everything that goes wrong when all of these are read into one project, where a short name
    means one question and the last form that brings it replaces the others."""
    found = [said for files in project for said in problems(files)]
    questions: dict[str, list[str]] = {}
    prompts: dict[str, str] = {}
    titles = [_imports_title(_rows(files.form)) for files in project]
    found += [f"{title}: two forms with this title" for title in _twice(titles)]
    for files in project:
        for row in _rows(files.form)[1:]:
            if row[2] in ("story", "participant"):
                if questions.get(row[3], row[1:]) != row[1:]:
                    found.append(f"{row[3]}: this short name means two questions in one project")
                questions[row[3]] = row[1:]
            elif row[2] == "eliciting":
                for _, name, asks in (cell.split("|") for cell in row[6:]):
                    if prompts.setdefault(name, asks) != asks:
                        found.append(f"{name}: this eliciting question has two texts")
    return [*found, *(said for files in project for said in _lost(files, questions))]


def _imports_title(form: list[list[str]]) -> str:
    return next(row[6] for row in form if row[1] == "Title")


def _lost(files: ImportFiles, questions: dict[str, list[str]]) -> Iterator[str]:
    """The answers that no answer of the question matches that was read last."""
    form, data = _rows(files.form), _rows(files.stories)
    delimiter = _imports(form)["Multi choice single column delimiter"][0]
    asked = {row[0]: questions[row[3]] for row in form[1:] if row[2] in ("story", "participant")}
    for row in data[1:]:
        for column, cell in zip(data[0], row, strict=True):
            question = asked.get(column)
            if cell and question and question[0] in ("Single choice", TYPES["choices"]):
                several = cell.split(delimiter) if question[0] != "Single choice" else [cell]
                known = {answer.split("|")[0] for answer in question[5:]}
                yield from (f"{column}: {each!r} is lost" for each in several if each not in known)


def _form_problems(form: list[list[str]]) -> Iterator[str]:
    if tuple(form[0]) != HEADER:
        yield "the header of the form is not the one that is read, in its order"
    if any("{" in cell for row in form for cell in row):
        yield "a gap of a sentence is not filled"
    imports = _imports(form)
    yield from (f"the form does not say its {name}" for name in IMPORTS - imports.keys())
    if len(imports.get("Scale range", [])) != 2:
        yield "there is not one scale range for the whole form"
    names: list[str] = []
    eliciting = [row for row in form[1:] if row[2] == "eliciting"]
    if len(eliciting) != 1:
        yield "there must be one row with the questions that elicit stories"
    for row in eliciting:
        cells = row[6:]
        if row[3] != "Eliciting question":
            yield "the eliciting row must have its reserved short name"
        if any(cell.count("|") != 2 or "" in cell.split("|") for cell in cells):
            yield "an eliciting cell is not value|short name|question"
    for row in form[1:]:
        if row[2] in ("story", "participant"):
            names.append(row[3])
            yield from _question_problems(row)
    yield from (f"{name}: this short name is there twice" for name in _twice(names))


def _question_problems(row: list[str]) -> Iterator[str]:
    column, kind, short, answers = row[0], row[1], row[3], row[6:]
    if not column:
        yield f"{short}: no data column"
    if kind not in KINDS:
        yield f"{short}: {kind} is a type that does not work"
    if not 0 < len(short) <= SHORT_MAX:
        yield f"{short}: a short name has 1 to {SHORT_MAX} characters"
    if short in RESERVED:
        yield f"{short}: this name is reserved"
    if kind == "Scale" and (len(answers) not in (2, 3) or any(_number(a) for a in answers)):
        yield f"{short}: a scale has 2 or 3 labels, and no range of its own"
    if kind in ("Single choice", TYPES["choices"]):
        if not answers:
            yield f"{short}: no answers"
        if any(cell.count("|") != 1 or "" in cell.split("|") for cell in answers):
            yield f"{short}: an answer cell is not value|text"


def _story_problems(form: list[list[str]], data: list[list[str]]) -> Iterator[str]:
    head, rows = data[0], data[1:]
    imports = _imports(form)
    asked = {row[0]: row for row in form[1:] if row[2] in ("story", "participant", "eliciting")}
    if any(not name.strip() for name in head):
        yield "an empty header shifts every later column"
    yield from (f"{name}: this column is there twice" for name in _twice(head))
    if head[0] not in imports.get("Data columns to ignore", []):
        yield "the first column must be a harmless one that is ignored"
    used = {each[0] for name, each in imports.items() if name in IMPORTS}
    yield from (f"there is no column {name}" for name in {*used, *asked} - set(head))
    loose = {name for name in head if not name.startswith(WRITE_IN)} - {*used, *asked, head[0]}
    yield from (f"{name}: no question of the form" for name in loose)
    for number, row in enumerate(rows, 2):
        if len(row) != len(head):
            yield f"line {number}: {len(row)} cells under {len(head)} headers"
            continue
        cells = dict(zip(head, row, strict=True))
        yield from (f"line {number}: {said}" for said in _row_problems(cells, asked, imports))


def _row_problems(
    cells: dict[str, str], asked: dict[str, list[str]], imports: dict[str, list[str]]
) -> Iterator[str]:
    for name in IMPORTS:
        if not cells.get(imports[name][0], "").strip():
            yield f"nothing under {imports[name][0]}"
    if not any(char.isalpha() for char in cells.get(imports["Participant ID column name"][0], "")):
        yield "a teller that is a number only is put in another order"
    if not _DATE.fullmatch(cells.get(imports["Story collection date column name"][0], "")):
        yield "a date is not YYYY-MM-DD"
    low, high = (int(end) for end in imports["Scale range"])
    for column, question in asked.items():
        cell, values = cells.get(column, ""), {a.split("|")[0] for a in question[6:]}
        if question[2] == "eliciting" and cell not in values:
            yield f"the prompt {cell!r} is none of the form; a story without one has {NONE!r}"
        elif question[1] == "Scale" and cell:
            if not cell.isdecimal() or not low <= int(cell) <= high:
                yield f"{column}: {cell!r} stops the import; leave the cell empty"
            elif int(cell) == 0:
                yield f"{column}: 0 shows no mark on a card; write 1"
        elif question[1] == TYPES["choices"]:
            delimiter = imports["Multi choice single column delimiter"][0]
            wrong = [each for each in cell.split(delimiter) if each and each not in values]
            yield from (f"{column}: {each!r} matches no answer and is dropped" for each in wrong)
        elif question[1] == "Single choice" and cell and cell not in values:
            yield f"{column}: {cell!r} matches no answer and is dropped"


def _imports(form: list[list[str]]) -> dict[str, list[str]]:
    return {row[1]: row[6:] for row in form[1:] if row[2] == "import"}


def _rows(file: bytes) -> list[list[str]]:
    read = csv.reader(io.StringIO(file.decode("utf-8"), newline=""))
    return [row for row in read if any(row)]


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _number(text: str) -> bool:
    return text.strip().lstrip("-").isdecimal()
