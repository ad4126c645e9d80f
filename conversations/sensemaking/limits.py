"""What could not be done, from coded answers alone: which answers say that it could not, that it
went another way, or that it did work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

LimitSide = Literal["not", "instead", "did"]
SIDES: tuple[LimitSide, ...] = get_args(LimitSide)

SAID: Mapping[str, Mapping[LimitSide, tuple[str, ...]]] = {
    "door": {
        "not": ("not_possible", "chafed", "stuck", "unchanged"),
        "instead": ("other_turn", "different"),
        "did": ("worked", "changed"),
    },
    "need_met": {"not": ("no", "partly"), "instead": ("something_else",), "did": ("yes",)},
    "speed": {
        "not": ("within_2_weeks", "later", "never"),
        "did": ("same_day", "within_5_days"),
    },
    "permission": {"not": ("sometimes", "no"), "did": ("always",)},
    "decided": {"not": ("others", "none"), "did": ("me", "together")},
}
"""The questions of which an answer says so, and which answers."""
PROMISED: Mapping[str, str] = {
    "need_met": "tailored",
    "speed": "easy_access",
    "permission": "together",
    "decided": "together",
}
"""The promise that the answer to a question is held against."""
STEPS = tuple(SAID)


@dataclass(slots=True)
class LimitCounts:
    """How many stories gave which answer (`answers`: by question and answer), and of the stories
    about each promise on which sides they are. `stories`: on which sides, over all questions."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    promises: Counter[tuple[str, LimitSide]] = field(default_factory=Counter)
    stories: Counter[LimitSide] = field(default_factory=Counter)

    def side(self, step: str, side: LimitSide) -> int:
        return sum(self.answers[step, each] for each in SAID[step].get(side, ()))


def sides_of(answers: Mapping[str, object]) -> set[LimitSide]:
    """What the coded answers of a story say: one may say that some of it could not, and some did
    work."""
    return {
        side
        for step, said in SAID.items()
        for side, wanted in said.items()
        if any(each in wanted for each in _given(answers, step))
    }


def counted(stories: Iterable[Mapping[str, object]]) -> LimitCounts:
    """The answers of stories, each once."""
    found = LimitCounts()
    for answers in stories:
        sides = sides_of(answers)
        found.stories.update(sides)
        for step in STEPS:
            found.answers.update((step, each) for each in set(_given(answers, step)))
        for promise in set(_given(answers, "promise")):
            found.promises.update((promise, side) for side in sides)
    return found


def _given(answers: Mapping[str, object], step: str) -> list[str]:
    answer = answers.get(step)
    return [each for each in answer if isinstance(each, str)] if isinstance(answer, list) else []
