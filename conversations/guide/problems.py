"""Problems of a guide: where it is, what it is, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `file` is relative to the folder that was read, `line` counts from 1,
    `step` is empty where the whole file is meant, `code` names the check."""

    file: str
    line: int
    step: str
    code: str
    message: str
    mend: str

    def __str__(self) -> str:
        step = f" [{self.step}]" if self.step else ""
        return f"{self.file}:{self.line}:{step} {self.code}: {self.message} {self.mend}"


class GuideError(Exception):
    """Guides that cannot be read. The text names every file, line and mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)
