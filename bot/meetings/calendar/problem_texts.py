"""A problem of a calendar or a table, as it is told to a coordinator."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from bot.meetings.calendar.report import ImportProblem

_NUMBER = re.compile(r"(?<![\d:.-])\d+(?![\d:.-])")
_COLUMN = re.compile(r"([a-z]+): ")


def told(problem: ImportProblem, language: str, *, line: bool = True) -> str:
    """The problem in Dutch or English. Without its `line` where there are none, as in a form."""
    if language != "nl":
        return str(problem) if line else f"{problem.message}; {problem.mend}"
    column = _COLUMN.match(problem.message)
    message = problem.message[column.end() :] if column else problem.message
    words = f"{column[0] if column else ''}{_dutch(message)}. {_dutch(problem.mend)}."
    where = f"Regel {problem.line}: " if line and problem.line else ""
    said = f"{where}{words}"
    return ". ".join(part[:1].upper() + part[1:] for part in said.split(". "))


def _dutch(text: str) -> str:
    """What stands in `problems.toml`; a text that is not there stays as it is."""
    known = _texts()
    if text in known:
        return known[text]
    numbers = _NUMBER.findall(text)
    said = known.get(_NUMBER.sub("{n}", text), text)
    return said.replace("{n}", numbers[0]) if numbers else said


@cache
def _texts() -> dict[str, str]:
    return tomllib.loads(
        (files("bot.meetings.calendar") / "problems.toml").read_text(encoding="utf-8")
    )
