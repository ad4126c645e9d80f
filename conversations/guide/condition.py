"""Conditions of a step: `need` (that question was answered), `door = worked`, `door != worked`, and
these joined with `and` and `or` (`and` goes first). They look at closed answers only."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

_TERM = re.compile(r"\s*(\w+)(?:\s*(!?=)\s*(\w+))?\s*")


class Term(NamedTuple):
    """One thing to look at: whether a question was answered, or answered with this option."""

    step: str
    option: str = ""
    otherwise: bool = False


Condition = tuple[tuple[Term, ...], ...]
"""Any of these, each of which is all of its terms."""


@cache
def parse_condition(text: str) -> Condition:
    """Raises ValueError for what is no condition."""
    return tuple(
        tuple(map(_term, re.split(r"\sand\s", each))) for each in re.split(r"\sor\s", text)
    )


def named_steps(text: str) -> tuple[str, ...]:
    """The questions that a condition looks at, each once; none where it is no condition."""
    try:
        condition = parse_condition(text)
    except ValueError:
        return ()
    return tuple(dict.fromkeys(term.step for terms in condition for term in terms))


def write_condition(condition: Condition) -> str:
    """The text of a condition: what `parse_condition` reads."""
    return " or ".join(" and ".join(map(_written, terms)) for terms in condition)


def renamed_in(text: str, old: str, new: str) -> str:
    """A condition in which a question goes by another id; what is no condition stays as it is."""
    return _changed(text, lambda term: term._replace(step=new) if term.step == old else term)


def renamed_option_in(text: str, step: str, old: str, new: str) -> str:
    """A condition in which an answer of a question goes by another id."""
    return _changed(
        text, lambda term: term._replace(option=new) if term[:2] == (step, old) else term
    )


def without_step(text: str, gone: str) -> str:
    """What is left of a condition when a question is gone; empty when nothing is."""
    return _changed(text, lambda term: None if term.step == gone else term)


def _changed(text: str, change: Callable[[Term], Term | None]) -> str:
    try:
        condition = parse_condition(text)
    except ValueError:
        return text
    kept = (tuple(new for term in terms if (new := change(term))) for terms in condition)
    made = tuple(terms for terms in kept if terms)
    return text if made == condition else write_condition(made)


def _written(term: Term) -> str:
    if not term.option:
        return term.step
    return f"{term.step} {'!=' if term.otherwise else '='} {term.option}"


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text.strip()!r} is no condition")
    return Term(found[1], found[3] or "", found[2] == "!=")
