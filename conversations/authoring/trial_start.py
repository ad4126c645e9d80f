"""The state of a conversation that has just come to a step: an author tries a guide from there."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.checks.lint_paths import reachable
from conversations.engine.effects import Effect, Say
from conversations.engine.events import Event, Said, Start, Tapped
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.model import Guide, Step, fill_slots

_STORY = "Dit is een proefverhaal."
_PLACED = {"scale": "s:50", "triad": "t:34-33-33"}
_MOST_MOVES = 200


def come_to(
    guide: Guide, target: str, facts: Mapping[str, str]
) -> tuple[State, tuple[Effect, ...]] | None:
    """The state in which `target` is asked, and what was said last on the way; of what only says
    something, the first question after it. None when no way leads there."""
    state, effects = step(guide, None, Start(facts))
    wanted = guide.steps.get(target)
    for _ in range(_MOST_MOVES):
        if wanted is None or target not in reachable(guide, guide.first.id):
            return None
        if state.open and state.at == target and state.mode == "asking":
            return state, tuple(each for each in effects if isinstance(each, Say))[-1:]
        if wanted.kind == "say" and _passed(guide, state, target):
            return state, tuple(each for each in effects if isinstance(each, Say))
        if not state.open:
            return None
        state, effects = step(guide, state, _move(guide, state, target))
    return None


def said_at(guide: Guide, target: str, facts: Mapping[str, str]) -> Say | None:
    """The message of a step as the engine makes it on the way there; None when no way leads
    there."""
    found = come_to(guide, target, facts)
    said = [each for each in found[1] if isinstance(each, Say)] if found else []
    if not said:
        return None
    own = fill_slots(guide.steps[target].say, facts)
    return next((each for each in said if each.text.startswith(own)), said[-1])


def _passed(guide: Guide, state: State, target: str) -> bool:
    """Whether a step that only says something was just said: it cannot be reached any more."""
    return target == state.at or target not in reachable(guide, state.at)


def _move(guide: Guide, state: State, target: str) -> Event:
    asked = guide.steps[state.at]
    if asked.kind == "tell" and not state.draft:
        return Said(_STORY)
    there = [each.id for each in prompt(guide, state).buttons]
    return Tapped(state.turn, _button(guide, asked, there, target), seen=None)


def _button(guide: Guide, asked: Step, there: list[str], target: str) -> str:
    """A button on the way to the target."""
    if asked.kind in ("choice", "consent", "review"):
        for option in asked.options:
            on = option.goto or asked.next
            if f"o:{option.id}" in there and on and target in reachable(guide, on):
                return f"o:{option.id}"
    if asked.kind in ("name", "sentence", "text", *(["choice"] if asked.skip else [])):
        return "skip"
    wanted = ("picked", "confirm", "done", _PLACED.get(asked.kind, ""), "o:ok", "o:yes")
    return next((each for each in wanted if each in there), there[0])
