"""What is wrong with a file of own questions, in sentences, at its lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

from conversations.authoring.overlay import OverlayProblem
from conversations.guide.parsing import toml_line, toml_reason, unreadable
from conversations.guide.problem_texts import make_problem
from conversations.guide.problems import Flaw, Problem
from conversations.guide.toml_text import read_toml


def overlay_report(name: str, text: str, problems: Iterable[OverlayProblem]) -> list[Problem]:
    """The problems of the file with this text, as the check tells those of a guide."""
    return [_told(name, text, each) for each in problems]


def _told(name: str, text: str, problem: OverlayProblem) -> Problem:
    if problem.code == "unreadable":
        try:
            read_toml(text)
        except tomllib.TOMLDecodeError as error:
            return unreadable(name, toml_line(error, text), toml_reason(error))
    own, _, rest = problem.about.partition(": ")
    slots = {"question": own, "about": rest or own}
    flaw = Flaw(own if rest else "", "overlay", slots, problem.code)
    return make_problem(name, _line(text, own), flaw)


def _line(text: str, own: str) -> int:
    """Where a question says its id; else where what is meant stands first, or at the top."""
    for sought in (
        rf"""^[ \t]*id[ \t]*=[ \t]*["']{re.escape(own)}["']""",
        rf"\b{re.escape(own)}\b",
    ):
        found = re.search(sought, text, re.MULTILINE) if own else None
        if found:
            return text.count("\n", 0, found.start()) + 1
    return 1
