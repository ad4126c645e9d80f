"""What the rows of a sheet share: their texts in every language, what they hang on, what is told
of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.authoring.exchange import own_columns
from bot.authoring.exchange.relevance import (
    BrokenRelevance,
    UnfitRelevance,
    joined,
    parse_relevant,
    straight,
)
from bot.authoring.exchange.sheet_file import SheetFile, SheetRow
from bot.authoring.exchange.sheet_languages import Languages
from bot.authoring.exchange.sheet_problems import SheetProblem
from conversations.guide.condition import Condition, write_condition
from conversations.guide.schema import ID

_PIPED = re.compile(r"\$\{\s*([\w.-]+)\s*\}")


@dataclass
class SheetQuestions:
    """What was made of a sheet. `texts` are translations by language and name; `consents` are apart
    from the other steps: a guide asks them after the card. `sections` are the names of groups, by
    the step that they begin with."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class OpenGroup:
    """A group that is open: its row, its condition, its name until a step has taken it."""

    row: int
    kind: str
    condition: Condition
    label: str


class NoSuchAnswer(Exception):
    """A condition looks at an answer that its question has not."""

    def __init__(self, question: str, answer: str) -> None:
        super().__init__(answer)
        self.question = question
        self.answer = answer


class SheetRows:
    """The rows of a sheet as they are read, and what was made of them so far."""

    def __init__(self, file: SheetFile, languages: Languages) -> None:
        self.file = file
        self.languages = languages
        self.found = SheetQuestions()
        self.ids: dict[str, str] = {}
        self.names: dict[str, int] = {}
        self.open: list[OpenGroup] = []
        self.lists = _lists(file)
        self.option_ids: dict[tuple[str, str], str] = {}
        self.tells = False

    def tell(self, sheet: str, row: int, code: str, **slots: object) -> None:
        problem = SheetProblem(sheet, row, code, {k: str(v) for k, v in slots.items()})
        if problem not in self.found.problems:
            self.found.problems.append(problem)

    def own_texts(self, row: SheetRow, column: str) -> dict[str, str]:
        """The texts of a row that were really translated."""
        return own_columns.translated(self.languages, row, column)

    # texts and conditions

    def texts(self, row: SheetRow, base: str, sheet: str) -> dict[str, str]:
        found = self.languages.texts(row, base)
        for code, text in found.items():
            for name in _PIPED.findall(text):
                self.tell(sheet, row.number, "piping", name=name)
            found[code] = _PIPED.sub("…", text).strip()
        gaps = [code for code in self.languages.codes if code not in found]
        if gaps and found:
            self.tell(sheet, row.number, "translation-gaps", languages=", ".join(gaps))
        return found

    def translate(self, key: str, said: Mapping[str, str]) -> None:
        for code, text in said.items():
            if code != self.languages.source:
                self.found.texts.setdefault(code, {})[key] = text

    def all_conditions(self, row: SheetRow) -> str:
        try:
            found = self.condition(row)
            for group in reversed(self.open):
                found = joined(group.condition, found)
        except UnfitRelevance:
            self.tell("survey", row.number, "relevance-unfit", text=row["relevant"])
            return ""
        return write_condition(found)

    def condition(self, row: SheetRow) -> Condition:
        """What a row hangs on, by our ids; nothing where that cannot be said in a guide."""
        text = row["relevant"].strip()
        if not text:
            return ()
        if straight(text).replace("\xa0", " ") != text:
            self.tell("survey", row.number, "quotes-curly", text=text)
        try:
            return self.with_ids(parse_relevant(text))
        except BrokenRelevance:
            self.tell("survey", row.number, "relevance-broken", text=text)
        except UnfitRelevance:
            self.tell("survey", row.number, "relevance-unfit", text=text)
        except LookupError as error:
            name = error.args[0]
            code = "relevance-unfit" if name in self.names else "relevance-nowhere"
            self.tell("survey", row.number, code, text=text, name=name)
        except NoSuchAnswer as error:
            slots = {"text": text, "name": error.question, "option": error.answer}
            self.tell("survey", row.number, "relevance-answer", **slots)
        return ()

    def with_ids(self, condition: Condition) -> Condition:
        made = []
        steps = {step["id"]: step for step in self.found.steps}
        for terms in condition:
            mine = []
            for term in terms:
                step = steps.get(self.ids.get(term.step, ""))
                if step is None:
                    raise LookupError(term.step)
                option = self.option_ids.get((step["id"], term.option), "")
                if term.option and not option:
                    if step["kind"] in ("choice", "choices"):
                        raise NoSuchAnswer(term.step, term.option)
                    raise UnfitRelevance(term.option)
                mine.append(term._replace(step=step["id"], option=option))
            made.append(tuple(mine))
        return tuple(made)


def made_id(name: str, taken: set[str]) -> str:
    """An id of a guide out of a name of a sheet."""
    plain = re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_")[:24] or "vraag"
    plain = plain if ID.fullmatch(plain) else f"v{plain}"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}_{number}", number + 1
    return found


def _lists(file: SheetFile) -> dict[str, list[SheetRow]]:
    found: dict[str, list[SheetRow]] = {}
    for row in file.sheet("choices").rows:
        found.setdefault(row["list_name"].strip(), []).append(row)
    found.pop("", None)
    return found
