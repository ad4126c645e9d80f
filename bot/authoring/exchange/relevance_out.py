"""Says in the words of XLSForm when a step of a guide is asked, for programs that know no jumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conversations.guide.condition import Term, parse_condition

_LONGEST = 1000
"""Characters of an expression: a longer one nobody reads, and our own columns say it anyway."""


def relevants(steps: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The condition of each step by its id; empty where it is always asked. A guide goes only
    forward: a step is passed over when a jump that was taken lands beyond it."""
    order = {step["id"]: place for place, step in enumerate(steps)}
    over: dict[str, list[str]] = {step["id"]: [] for step in steps}
    found: dict[str, str] = {}
    for place, step in enumerate(steps):
        own = [_condition(step["when"])] if "when" in step else []
        found[step["id"]] = _all([*over[step["id"]], *own])
        for option, target in _jumps(step):
            far = order.get(target, len(steps)) if target else len(steps)
            for passed in steps[place + 1 : far]:
                over[passed["id"]].append(_not_taken(step, option, found[step["id"]]))
    return {name: text if len(text) <= _LONGEST else "" for name, text in found.items()}


def _jumps(step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The jumps of a step: by which option (empty: always), and where to (empty: nowhere)."""
    if step.get("end"):
        yield "", ""
    elif step.get("goto"):
        yield "", step["goto"]
    for option in step.get("options", ()):
        if option.get("goto"):
            yield option["id"], option["goto"]


def _not_taken(step: Mapping[str, Any], option: str, asked: str) -> str:
    if not option:
        return f"not({asked})" if asked else "false()"
    if step["kind"] == "consent":  # one taps it, or goes on
        return f"${{{step['id']}}} = 'OK'" if option == "no" else f"${{{step['id']}}} != 'OK'"
    return f"${{{step['id']}}} != '{option}'"


def _condition(text: str) -> str:
    parts = [" and ".join(map(_term, terms)) for terms in parse_condition(text)]
    return " or ".join(parts) if len(parts) == 1 else "(" + " or ".join(parts) + ")"


def _term(term: Term) -> str:
    if not term.option:
        return f"${{{term.step}}} != ''"
    chosen = f"selected(${{{term.step}}}, '{term.option}')"
    return f"not({chosen})" if term.otherwise else chosen


def _all(parts: list[str]) -> str:
    return " and ".join(dict.fromkeys(parts))
