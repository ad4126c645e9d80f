"""The sentences of problems, from `checks.po`: what is wrong and how to mend it, in English or in
Dutch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from conversations.guide.model import fill_slots
from conversations.guide.po import parse_entries
from conversations.guide.problems import Flaw, Problem

LANGUAGES = ("nl", "en")
WALK = "walk"
"""The sentence of whatever the walk through a guide finds."""
_LOCALES = Path(__file__).parents[1] / "locales"


def make_problem(
    file: str, line: int, found: Flaw, step: str | None = None, language: str = "en"
) -> Problem:
    """What was found, at its place and in words; `step` where it is another one than `found.at`."""
    slots = {key: str(value) for key, value in found.slots.items()}
    message, mend = _words(found.code, found.variant, slots, language)
    at = found.at if step is None else step
    return Problem(file, line, at, found.code, message, mend, slots, found.variant)


def in_walk(where: str, step: str, code: str, slots: Mapping[str, str]) -> Problem:
    """A promise that was broken in the walk through a guide."""
    message, mend = _words(_walked(code), "", slots, "en")
    return Problem(where, 0, step, code, message, mend, slots, WALK)


def in_language(problem: Problem, language: str) -> Problem:
    """The same problem in this language: Dutch, or else English."""
    walked = problem.variant == WALK
    code, variant = (_walked(problem.code), "") if walked else (problem.code, problem.variant)
    message, mend = _words(code, variant, problem.slots, language)
    return replace(problem, message=message, mend=mend)


def all_in_language(problems: Iterable[Problem], language: str) -> list[Problem]:
    return [in_language(each, language) for each in problems]


def texts(language: str) -> dict[str, str]:
    """Every sentence of a check by its key: `code`, `code.variant`, and the mend behind it."""
    return _texts(language if language in LANGUAGES else "en")


def _walked(code: str) -> str:
    """What a break of a promise is called: what an author can mend by its own name."""
    return f"{WALK}.{code}" if f"{WALK}.{code}" in texts("en") else WALK


def _words(code: str, variant: str, slots: Mapping[str, str], language: str) -> tuple[str, str]:
    said = texts(language)
    key = f"{code}.{variant}" if variant else code
    if "kind" in slots:
        kind = slots["kind"]
        named = said.get(f"kind.{kind}", f"‘{kind[:40]}’")
        slots = {**slots, "kind": named}
    mend = said.get(f"{key}.mend", said.get(f"{code}.mend", ""))
    return fill_slots(said[key], slots), fill_slots(mend, slots)


@cache
def _texts(language: str) -> dict[str, str]:
    entries = parse_entries((_LOCALES / language / "checks.po").read_bytes())
    return {entry.id: entry.text for entry in entries}
