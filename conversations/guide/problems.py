"""Problems of a guide: where it is, what it is, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Flaw(NamedTuple):
    """What a check found, without words: at which step or text, its code, what fills the sentence.
    `variant` is there where one code has several sentences."""

    at: str
    code: str
    slots: Mapping[str, object] = {}
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `file` is relative to the folder that was read, `line` counts from 1,
    `step` is empty where the whole file is meant, `code` names the check. `slots` and `variant` say
    it again in another language (`problem_texts.in_language`)."""

    file: str
    line: int
    step: str
    code: str
    message: str
    mend: str
    slots: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    variant: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        step = f" [{self.step}]" if self.step else ""
        return f"{self.file}:{self.line}:{step} {self.code}: {self.message} {self.mend}"

    def as_json(self) -> dict[str, object]:
        """As `vertelbot check --json` prints it."""
        return {
            "file": self.file,
            "line": self.line,
            "step": self.step,
            "code": self.code,
            "message": self.message,
            "mend": self.mend,
        }


class GuideError(Exception):
    """Guides that cannot be read. The text names every file, line and mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)
