"""Which buttons are weighty: they give a consent, or erase something. A tap on them counts only
after a longer look at the question."""

from __future__ import annotations

from conversations.engine.attachments import gate
from conversations.engine.effects import Say
from conversations.engine.state import State
from conversations.guide.model import Guide

_ERASING = frozenset({"erase", "restart", "decline"})


def weighed(guide: Guide, state: State, say: Say) -> Say:
    """A message that says of itself which of its buttons are weighty."""
    if not say.buttons:
        return say
    found = tuple(each.id for each in say.buttons if weighty(guide, state, each.id))
    return say.but(weighty=found) if found else say


def weighty(guide: Guide, state: State, button: str) -> bool:
    """Whether this button of the open question, or beside it, gives a consent or erases."""
    if button in _ERASING or state.mode == "trimming":
        return True
    step = guide.steps[state.at]
    if state.mode != "asking":
        return False
    if step.kind in ("consent", "switches"):
        return True
    if step.kind == "review" and gate(state):
        return gate(state) == "attaching" or button == "drop"
    option = step.option(button.removeprefix("o:"))
    end = guide.steps[option.goto] if option and option.goto else None
    return end is not None and end.end and (end.erase or bool(state.draft) or state.kept)
