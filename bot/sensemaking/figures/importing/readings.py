"""What came out of a file of figures: what can be stored, what is refused, what must be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from storage.figures.model import Figure

Outcome = Literal["imported", "asked", "refused"]
Question = Literal["area", "period", "level"]


@dataclass(frozen=True, slots=True)
class FileCell:
    """A figure, and where it stands: line and column, from 1."""

    line: int
    column: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """Something that is not stored. `line` 0: the whole file. The sentence of a code is
    `figures.refused.<code>`."""

    line: int
    code: str
    slots: Mapping[str, str] = field(default_factory=dict)
    column: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about an area: its code ended, a neighbour joined it, or the table of areas
    does not know it. The sentence is `figures.remark.<code>`."""

    code: str
    area: str
    slots: Mapping[str, str]


@dataclass(slots=True)
class Reading:
    """A file that was read. `asked`: the lines that a question is about."""

    cells: list[FileCell] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    choices: dict[str, Sequence[str]] = field(default_factory=dict)
    shape: str = ""
    source: str = ""

    @property
    def outcome(self) -> Outcome:
        if self.questions:
            return "asked"
        return "imported" if self.cells else "refused"

    def ask(self, question: Question, line: int = 0) -> None:
        if question not in self.questions:
            self.questions.append(question)
        if line and (not self.asked or self.asked[-1] != line):
            self.asked.append(line)


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said about a file: the area or the period of all of it, the level of its names
    (`gemeente`, `wijk`, ...), where it comes from. Empty: nothing."""

    area: str = ""
    period: str = ""
    level: str = ""
    source: str = ""
