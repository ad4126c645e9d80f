"""Whether a draft can be tried: its shape and its ways are right, though not all its words."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.guide.problems import Problem

TRIABLE = frozenset(
    {
        "long-text", "long-label", "long-short", "long-sentence", "long-word", "not-plain",
        "other-letters", "short-twice", "reserved-short", "many-scales", "many-questions",
        "scales-in-a-row", "no-computer", "no-age-check", "name-off-card", "empty",
        "too-long-round",
    }
)  # fmt: skip
"""Problems that a guide can be tried with; it cannot be published with them."""


def can_be_told(problems: Iterable[Problem]) -> bool:
    return all(problem.code in TRIABLE for problem in problems)
