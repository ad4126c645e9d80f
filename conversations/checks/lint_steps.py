"""Lints each question by itself: enough options, as many poles as it needs, buttons that can be
sent."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.guide.model import Guide, Step
from conversations.guide.problems import Flaw

CALLBACK_BYTES = 64
"""What Telegram lets a button carry: the turn, a colon and the id of the button."""

_HIGHEST_TURN = "999999"
_POLES = {"scale": 2, "triad": 3}
_ABOVE = ("name", "sentence")
"""What stands above the story."""


def step_findings(guide: Guide) -> Iterator[Flaw]:
    """What is wrong with the questions of a guide, each by itself."""
    for step in guide.steps.values():
        yield from _options(step)
        yield from _poles(step)
        yield from _buttons(step)
        yield from _same_as_ours(guide, step)
        if step.kind in _ABOVE and not step.short:
            yield Flaw(step.id, "name-off-card", {}, step.kind)


def _options(step: Step) -> Iterator[Flaw]:
    if step.kind in ("choice", "choices") and len(step.options) < 2 and step.fill is None:
        yield Flaw(step.id, "few-options")
    for option_id in _twice([option.id for option in step.options]):
        yield Flaw(step.id, "option-twice", {"id": option_id})
    if step.kind == "choices" and not 2 <= step.max <= max(2, len(step.options)):
        slots = {"max": step.max, "most": len(step.options)}
        yield Flaw(step.id, "wrong-max", slots, "choices")
    elif step.kind != "choices" and step.max < 1:
        yield Flaw(step.id, "wrong-max", {"max": step.max})
    if step.kind == "choices" and any(option.goto for option in step.options):
        yield Flaw(step.id, "choices-goto")


def _same_as_ours(guide: Guide, step: Step) -> Iterator[Flaw]:
    """A label that reads as one of the buttons that the bot itself puts beside it."""
    keys = ["button.other"] if step.other else []
    keys += ["button.picked"] if step.kind == "choices" else []
    keys += ["button.confirm"] if step.kind == "switches" else []
    keys += ["button.keep"] if step.short else []
    ours = {read_as(guide.phrase(key)) for key in keys}
    usual = guide.phrase("button.skip")
    skips = step.skip.label if step.skip else ""
    ours |= {read_as(usual)} if skips == usual else set()
    labels = [option.label for option in (*step.options, *step.poles)]
    for label in [*labels, *([skips] if skips and skips != usual else [])]:
        if label.strip() and read_as(label) in ours:
            yield Flaw(step.id, "label-twice", {"text": label}, "ours")


def read_as(label: str) -> str:
    """A label as people tell it from another."""
    return " ".join(label.casefold().split())


def _poles(step: Step) -> Iterator[Flaw]:
    wanted = _POLES.get(step.kind)
    if wanted and len(step.poles) != wanted:
        slots = {"kind": step.kind, "wanted": wanted, "n": len(step.poles)}
        yield Flaw(step.id, "pole-count", slots)
    for pole_id in _twice([pole.id for pole in step.poles]):
        yield Flaw(step.id, "option-twice", {"id": pole_id}, "pole")


def _buttons(step: Step) -> Iterator[Flaw]:
    carried = [f"c:{step.id}", *(f"o:{option.id}" for option in step.options)]
    longest = max(carried, key=len)
    size = len(f"{_HIGHEST_TURN}:{longest}".encode())
    if size > CALLBACK_BYTES:
        slots = {"button": longest, "most": CALLBACK_BYTES, "over": size - CALLBACK_BYTES}
        yield Flaw(step.id, "long-id", slots)


def _twice(ids: list[str]) -> list[str]:
    return sorted({one for one in ids if ids.count(one) > 1})
