"""What one tap may mend in a guide: only where there is one way to mend it, and no words are lost
that somebody may want to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args

from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.guide.problems import Problem

Act = Literal["drop", "rename", "lead", "word"]
"""Take a key out, give it its right name, lead a jump elsewhere, put the right word."""

ALIKE = 0.6
"""How much a name must look like another one to be meant by it."""
_ASKED = frozenset({"purpose"})
"""Keys of which nobody but the author says the word."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One mend in one step: `key` is what is wrong there, `to` what it becomes; `table` is where in
    the step (`step` itself, its `options`, `poles` or `skip`)."""

    step: str
    act: str
    key: str
    to: str = ""
    table: str = "step"


def mend_of(text: GuideText, problem: Problem) -> Mend | None:
    """How a problem is mended, where that is unambiguous."""
    step, slots = text.step(problem.step) if problem.step else None, problem.slots
    if step is None or text.ids.count(problem.step) > 1:
        return None
    near, key = str(slots.get("near", "")), str(slots.get("key", ""))
    found = None
    if problem.code == "unknown-key":
        act: Act = "rename" if near else "drop"
        found = Mend(problem.step, act, key, near, problem.variant.removeprefix("near."))
    elif problem.code == "unknown-word" and near and key not in _ASKED:
        found = Mend(problem.step, "word", key, near)
    elif problem.code == "goto-nowhere":
        target = str(slots.get("target", ""))
        later = text.ids[text.ids.index(problem.step) + 1 :]
        alike = get_close_matches(target, later, 2, ALIKE)
        found = Mend(problem.step, "lead", target, alike[0]) if len(alike) == 1 else None
    if found is None or (found.act == "drop" and _said(step, found)):
        return None
    try:
        mended(text, found)
    except NotEditable:
        return None
    return found


def mended(text: GuideText, mend: Mend) -> GuideText:
    """The text with this mend. Raises NotEditable when there is nothing to mend."""
    step = text.step(mend.step)
    if step is None or mend.act not in get_args(Act):
        raise NotEditable("there is no such step")
    new = dict(step)
    if mend.table == "step":
        new = _in_table(step, mend)
    if mend.table != "step" or mend.act == "lead":
        names = [mend.table] if mend.table != "step" else ["options", "skip"]
        new = {key: _inside(value, mend) if key in names else value for key, value in new.items()}
    if new == dict(step):
        raise NotEditable("there is nothing to mend")
    return text.put(new)


def _in_table(table: Mapping[str, Any], mend: Mend) -> dict[str, Any]:
    key, to = mend.key, mend.to
    match mend.act:
        case "lead":
            return {k: to if (k, v) == ("goto", key) else v for k, v in table.items()}
        case "word":
            return {k: to if k == key and isinstance(v, str) else v for k, v in table.items()}
        case "rename" if to not in table:
            return {to if k == key else k: v for k, v in table.items()}
        case "drop":
            return {k: v for k, v in table.items() if k != key}
    return dict(table)


def _inside(value: object, mend: Mend) -> object:
    """The same in the tables that a step holds."""
    if isinstance(value, Mapping):
        return _in_table(value, mend)
    if isinstance(value, list):
        return [_in_table(each, mend) if isinstance(each, Mapping) else each for each in value]
    return value


def _said(step: Mapping[str, Any], mend: Mend) -> bool:
    """Whether somebody wrote a sentence there: that is not thrown away by a tap."""
    held = [step] if mend.table == "step" else step.get(mend.table)
    tables = held if isinstance(held, list) else [held]
    values = [each.get(mend.key) for each in tables if isinstance(each, Mapping)]
    return any(isinstance(value, str) and " " in value.strip() for value in values)
