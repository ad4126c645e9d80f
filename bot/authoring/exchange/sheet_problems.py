"""What is to be told about a sheet: where, what, and how much it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from conversations.guide.model import fill_slots
from conversations.guide.problem_texts import texts

Severity = Literal["error", "warning", "info"]
Verdict = Literal["fits", "fits_partly", "refused"]

_SEVERITY: dict[str, Severity] = {
    # nothing is read
    "too-large": "error", "unpacks-large": "error", "many-rows": "error", "old-workbook": "error",
    "no-workbook": "error", "odd-workbook": "error", "no-survey": "error",
    "no-questions": "error", "judge": "error",
    # the form is wrong: no program reads it
    "unknown-type": "error", "no-name": "error", "name-twice": "error", "no-list": "error",
    "choice-twice": "error", "group-open": "error", "group-closed": "error",
    "relevance-nowhere": "error", "choice-no-name": "error", "no-type": "error",
    "bad-name": "error", "no-columns": "error", "judge-header": "error", "judge-range": "error",
    "judge-reference": "error", "judge-parameters": "error", "judge-name": "error",
    "judge-sheet": "error", "judge-calculation": "error",
    # what does not fit in a guide, or is not as it was meant
    "type-lost": "warning", "repeat-lost": "warning", "relevance-broken": "warning",
    "relevance-unfit": "warning", "relevance-answer": "warning", "constraint-lost": "warning",
    "filter-lost": "warning",
    "label-twice": "warning", "no-label": "warning", "default-language": "warning",
    "language-empty": "warning", "formula": "warning", "piping": "warning", "no-dutch": "warning",
    "cell-error": "warning", "column-twice": "warning",
    "choice-no-label": "warning", "range-poles": "warning", "purpose-unknown": "warning",

    # what is good to know
    "device-dropped": "info", "type-capital": "info", "quotes-curly": "info", "name-data": "info",
    "integer-choice": "info", "integer-text": "info", "file-in-story": "info",
    "translation-gaps": "info", "no-consent": "info", "frame-added": "info", "name-changed": "info",
    "consent-moved": "info", "acknowledge-said": "info", "sheet-left": "info",
    "other-added": "info", "merged": "info", "title-row": "info",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One thing to tell, at its sheet and row (0: the whole file, or the whole sheet)."""

    sheet: str
    row: int
    code: str
    slots: dict[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return _SEVERITY[self.code]

    def message(self, language: str) -> str:
        """What it is and how to mend it, in Dutch or English."""
        said = texts(language)
        key = f"sheet.{self.code}"
        far = f"{key}.far.mend" if self.slots.get("near") == "" else ""
        parts = (said[key], said.get(far) or said.get(f"{key}.mend", ""))
        return " ".join(fill_slots(part, self.slots) for part in parts if part)

    def as_json(self, language: str) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.code,
            "message": self.message(language),
            "severity": self.severity,
        }


def verdict(problems: Iterable[SheetProblem]) -> Verdict:
    """Whether a sheet can be a guide: whole, in part, or not."""
    found = {problem.severity for problem in problems}
    return "refused" if "error" in found else "fits_partly" if "warning" in found else "fits"


@dataclass(frozen=True, slots=True)
class ToldOnce:
    """A sentence about a sheet, and all rows of the sheet that it is of."""

    sheet: str
    rows: tuple[int, ...]
    message: str


def told_once(
    problems: Iterable[SheetProblem], language: str, *severities: Severity
) -> list[ToldOnce]:
    """The sentences of problems that matter this much, each once, in the order of the sheets."""
    rows: dict[tuple[str, str], list[int]] = {}
    for each in problems:
        if each.severity in severities:
            found = rows.setdefault((each.sheet, each.message(language)), [])
            found += [each.row] if each.row else []
    return [ToldOnce(sheet, tuple(at), said) for (sheet, said), at in rows.items()]
