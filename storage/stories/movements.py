"""The four movements: scales that are counted in three parts, and the scales that ask residents for
the same in words of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOVEMENTS = (
    "movement_youth_0_100",
    "movement_problems_strengths",
    "movement_individual_collective",
    "movement_chains_networks",
)
SAME_MOVEMENT: Mapping[str, str] = {
    "attention_for": "movement_individual_collective",
    "help_in_turn": "movement_chains_networks",
    "family_seen": "movement_youth_0_100",
}
"""Scales that ask residents for a movement in words of their own, from the same pole to the same;
for each the question whose answers count for the same."""
STRETCHES = {"left": "0-37", "middle": "38-62", "right": "63-100"}
"""The three parts of a movement."""


def side_of(place: int) -> str:
    """The part of a movement in which a place on its scale lies."""
    return "left" if place < 38 else "middle" if place < 63 else "right"


def as_counted(answers: Mapping[str, Any], step: str, wanted: str) -> tuple[Any, str]:
    """The answer of a story and what it is held against. A part of a movement (`left`, `middle`,
    `right`) holds the answers to all questions that are counted for it."""
    if step not in MOVEMENTS or wanted not in STRETCHES:
        return answers.get(step), wanted
    steps = (step, *(each for each, movement in SAME_MOVEMENT.items() if movement == step))
    given = (answers[each] for each in steps if answers.get(each) is not None)
    return next(given, None), STRETCHES[wanted]
