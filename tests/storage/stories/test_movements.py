"""The parts of a movement are the same where they are counted, where they are read and where they
leave."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from storage.gate.cells import SIDES
from storage.stories.movements import MOVEMENTS, SAME_MOVEMENT, STRETCHES, as_counted, side_of
from storage.stories.reading import matches


def gave(answers: dict[str, Any], step: str, value: str) -> bool:
    return matches(SimpleNamespace(guide="resident", answers=answers), {step: value})


def test_every_place_lies_in_one_part_wherever_it_is_looked_at() -> None:
    for place in range(101):
        (side,) = [s for s in STRETCHES if gave({MOVEMENTS[0]: place}, MOVEMENTS[0], s)]
        assert side == side_of(place) == SIDES[str(round(place / 25))]


def test_what_residents_say_in_their_own_words_is_found_with_the_movement_it_counts_for() -> None:
    for step, movement in SAME_MOVEMENT.items():
        assert gave({step: 80}, movement, "right")
        assert not gave({step: 80}, movement, "63-100")  # that is one question alone
        assert not gave({}, movement, "left")


def test_an_option_that_is_called_like_a_part_stays_an_option() -> None:
    assert as_counted({"door": ["left"]}, "door", "left") == (["left"], "left")
