"""Lints each question by itself: enough options, as many poles as it needs, buttons that can be
sent."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.checks.lint_paths import Finding
from conversations.guide.model import Guide, Step

CALLBACK_BYTES = 64
"""What Telegram lets a button carry: the turn, a colon and the id of the button."""

_HIGHEST_TURN = "999999"
_POLES = {"scale": 2, "triad": 3}
_ABOVE = {"name": "The name of the story", "sentence": "The sentence it turns on"}
"""What stands above the story."""


def step_findings(guide: Guide) -> Iterator[Finding]:
    """What is wrong with the questions of a guide, each by itself."""
    for step in guide.steps.values():
        yield from _options(step)
        yield from _poles(step)
        yield from _buttons(step)
        if step.kind in _ABOVE and not step.short:
            mend = 'Add short = "…".'
            yield step.id, "name-off-card", f"{_ABOVE[step.kind]} is not on the card.", mend


def _options(step: Step) -> Iterator[Finding]:
    if step.kind in ("choice", "choices") and len(step.options) < 2 and step.fill is None:
        mend = "Give at least two options, or fill."
        yield step.id, "few-options", "There is nothing to choose.", mend
    for option_id in _twice([option.id for option in step.options]):
        mend = "Give one of them another id."
        yield step.id, "option-twice", f"Two options have the id {option_id}.", mend
    if step.kind == "choices" and not 2 <= step.max <= max(2, len(step.options)):
        mend = f"Say a number from 2 to {len(step.options)}."
        yield step.id, "wrong-max", f"max is {step.max}.", mend
    elif step.kind != "choices" and step.max < 1:
        yield step.id, "wrong-max", f"max is {step.max}.", "Say at least 1."
    if step.kind == "choices" and any(option.goto for option in step.options):
        mend = "Make it a choice, or take goto out."
        yield step.id, "choices-goto", "With several answers it is not clear where to go.", mend


def _poles(step: Step) -> Iterator[Finding]:
    wanted = _POLES.get(step.kind)
    if wanted and len(step.poles) != wanted:
        yield (
            step.id,
            "pole-count",
            f"A {step.kind} has {wanted} poles, this one {len(step.poles)}.",
            f"Give it {wanted}.",
        )
    for pole_id in _twice([pole.id for pole in step.poles]):
        mend = "Give one of them another id."
        yield step.id, "option-twice", f"Two poles have the id {pole_id}.", mend


def _buttons(step: Step) -> Iterator[Finding]:
    carried = [f"c:{step.id}", *(f"o:{option.id}" for option in step.options)]
    longest = max(carried, key=len)
    size = len(f"{_HIGHEST_TURN}:{longest}".encode())
    if size > CALLBACK_BYTES:
        mend = f"Shorten the id by {size - CALLBACK_BYTES}."
        yield (
            step.id,
            "long-id",
            f"The button {longest} does not fit in {CALLBACK_BYTES} bytes.",
            mend,
        )


def _twice(ids: list[str]) -> list[str]:
    return sorted({one for one in ids if ids.count(one) > 1})
