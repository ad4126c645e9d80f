"""Dwell time: how long a question must have been on the screen before a tap on it counts. Two taps
in quick succession must not answer a question that nobody has seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DwellTimes:
    """The shortest dwell times in milliseconds: of a consent and of whatever erases, and of any
    other question."""

    weighty: int = 700
    other: int = 350

    def too_short(self, seen: int | None, *, weighty: bool) -> bool:
        """Whether a tap came too early, `seen` milliseconds after its question became visible.
        What was chosen in words (None) never does."""
        return seen is not None and seen < (self.weighty if weighty else self.other)


DWELL = DwellTimes()
