"""Reads an XLSForm as a guide: everything that is to be told of it at once, then pyxform as the
judge, then the guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.authoring.exchange.guide_frame import with_frame
from bot.authoring.exchange.own_columns import PREFIX, VERSION, translated
from bot.authoring.exchange.sheet_file import NotRead, SheetFile, SheetRow, read_sheets
from bot.authoring.exchange.sheet_languages import Languages, languages_of
from bot.authoring.exchange.sheet_problems import SheetProblem, Verdict, verdict
from bot.authoring.exchange.sheet_questions import questions_of
from bot.authoring.exchange.sheet_rows import SheetQuestions, made_id
from bot.authoring.exchange.xlsform_judge import judged
from conversations.authoring.guide_toml import step_toml
from conversations.guide.library import DUTCH

FORMS = ("je", "u")


@dataclass(frozen=True, slots=True)
class XlsformReading:
    """What an XLSForm is as a guide. `data` is that of its file and `text` the file itself (empty
    when it is refused), `texts` are its translations by language and name. `languages` begin with
    that of the file."""

    verdict: Verdict
    languages: tuple[str, ...] = ()
    questions: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[SheetProblem, ...] = ()
    guide_id: str = ""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self, language: str) -> dict[str, Any]:
        """As `vertelbot guide import --preview --json` prints it."""
        return {
            "verdict": self.verdict,
            "languages": list(self.languages),
            "questions": dict(self.questions),
            "named": [problem.as_json(language) for problem in self.problems],
        }


def read_xlsform(data: bytes, guide_id: str = "") -> XlsformReading:
    """Read a workbook. `guide_id` is the id that the guide gets (empty: what the form says).
    Never raises for what is in the file."""
    try:
        file = read_sheets(data)
    except NotRead as error:
        slots = {key: str(value) for key, value in error.slots.items()}
        return XlsformReading("refused", problems=(SheetProblem("", 0, error.code, slots),))
    languages = languages_of(file)
    found = questions_of(file, languages)
    problems = [*_of_file(file, languages), *found.problems]
    if "type" not in file.sheet("survey").columns:
        problems.append(SheetProblem("survey", 1, "no-columns"))
    elif not found.steps and not found.consents and verdict(problems) != "refused":
        problems.append(SheetProblem("survey", 0, "no-questions"))
    settings = file.sheet("settings").rows
    head = settings[0] if settings else SheetRow(0, {})
    own = head[PREFIX + "versie"] == VERSION
    if verdict(problems) != "refused" and (refused := judged(file, own=own)):
        problems.append(refused)
    if not own and found.steps:
        problems += with_frame(found)
    problems.sort(key=lambda each: (_ORDER.get(each.sheet, 0), each.row))
    judgement = verdict(problems)
    if judgement == "refused":
        return XlsformReading(judgement, languages.codes, found.counts, tuple(problems))
    made = {**_head(head, languages, guide_id, found), "step": found.steps}
    return XlsformReading(
        judgement,
        languages.codes,
        found.counts,
        tuple(problems),
        made["id"],
        _written(made, found.sections),
        made,
        {code: texts for code, texts in found.texts.items() if texts},
    )


_ORDER = {"": 0, "settings": 1, "survey": 2, "choices": 3}


def _of_file(file: SheetFile, languages: Languages) -> list[SheetProblem]:
    """What is to be told of the file as a whole."""
    found = [SheetProblem("", 0, "sheet-left", {"name": name}) for name in file.others]
    for sheet in file.sheets.values():
        for row, code, about in sheet.odd:
            found.append(SheetProblem(sheet.name, row, code, {"column": about}))
    if not languages.default_is_column:
        row = file.sheet("settings").rows[0].number
        seen = ", ".join(name for name in languages.written.values() if name)
        slots = {"name": languages.default, "seen": seen}
        found.append(SheetProblem("settings", row, "default-language", slots))
    found += (
        SheetProblem("survey", 1, "language-empty", {"name": name})
        for name in filter(None, languages.empty)
    )
    if languages.source != DUTCH:
        found.append(SheetProblem("survey", 1, "no-dutch", {"language": languages.source}))
    return found


def _head(
    row: SheetRow, languages: Languages, guide_id: str, found: SheetQuestions
) -> dict[str, Any]:
    titles = translated(languages, row, PREFIX + "titel")
    for code, title in titles.items():
        if code != languages.source:
            found.texts.setdefault(code, {})["guide.title"] = title
    made = guide_id or made_id(row["form_id"] or row["form_title"] or "vragenlijst", set())
    form = row[PREFIX + "vorm"]
    return {
        "id": made,
        "form": form if form in FORMS else "je",
        "kind": row[PREFIX + "soort"] or made,
        "title": titles.get(languages.source) or row["form_title"] or made,
        "minutes": _number(row[PREFIX + "minuten"]),
    }


def _number(text: str) -> int | float:
    try:
        return int(text) if text.isdecimal() else float(text.replace(",", "."))
    except ValueError:
        return 5


def _written(data: Mapping[str, Any], sections: Mapping[str, str]) -> str:
    """The file of a guide, with the names of groups above the steps that they begin with."""
    head = {key: value for key, value in data.items() if key != "step"}
    parts = ["\n".join(step_toml(head).splitlines()[1:]) + "\n"]
    for step in data["step"]:
        name = " ".join(sections.get(step["id"], "").split())
        parts.append((f"# {name}\n\n" if name else "") + step_toml(step))
    return "\n".join(parts)
