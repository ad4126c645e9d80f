"""Tellers of a test who walk through a guide by lot, with the trail that they leave."""

from __future__ import annotations

from random import Random

from conversations.checks.walk.probes import SEEN
from conversations.engine.effects import Forget
from conversations.engine.events import Command, Due, Event, Placed, Said, Start, Tapped
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.engine.way import trail
from conversations.guide.model import Guide
from tests.conversations.conftest import facts_of
from tests.conversations.talk import STORY


def take(guide: Guide, before: State | None, event: Event, now: int) -> tuple[State, bool]:
    """One step as the runner takes it; and whether time ended the conversation."""
    after, effects = step(guide, before, event)
    answered = trail.newly_answered(before, after) if before else {}
    expired = any(isinstance(each, Forget) and each.expired for each in effects)
    return trail.follow(guide, before, after, answered, now), expired


def walk(guide: Guide, lot: Random, *, most: int = 80, leaves: float = 0.02) -> tuple[State, bool]:
    """A whole conversation: the state in which it is over, and whether time ended it."""
    now = 1_700_000_000
    state, _ = take(guide, None, Start(facts_of(guide), turn=1), now)
    for _ in range(most):
        now += lot.choice((3, 15, 30, 70, 100, 200, 4000))
        if lot.random() < leaves:
            break
        state, expired = take(guide, state, event_by_lot(guide, state, lot), now)
        if not state.open:
            return state, expired
    return take(guide, state, Due("forget", state.turn), now + 700_000)


def event_by_lot(guide: Guide, state: State, lot: Random) -> Event:
    asked = guide.steps[state.at]
    if lot.random() < 0.05:
        return Command("back")
    if asked.skip and lot.random() < 0.2:
        return Tapped(state.turn, "skip", SEEN)
    if state.mode in ("offering", "clue", "short", "resuming"):
        return Command("back")
    if asked.kind == "tell":
        return Tapped(state.turn, "done", SEEN) if state.draft else Said(STORY, "m1")
    if asked.kind in ("scale", "triad"):
        return Placed(state.turn, (20, 30, 50) if asked.kind == "triad" else (40,), SEEN)
    if asked.kind in ("text", "name", "sentence"):
        return Said("Een hele mooie dag", "m2")
    if asked.kind == "choices":
        button = "picked" if state.picked else f"o:{lot.choice(asked.options).id}"
        return Tapped(state.turn, button, SEEN)
    if asked.kind in ("switches", "review"):
        return Tapped(state.turn, "confirm" if asked.kind == "switches" else "o:ok", SEEN)
    if asked.fill:
        return Tapped(state.turn, "skip", SEEN)
    yes = [each for each in asked.options if each.id != "no"]
    return Tapped(
        state.turn, f"o:{lot.choice(yes if lot.random() < 0.8 else asked.options).id}", SEEN
    )
