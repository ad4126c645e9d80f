"""Significant changes: answers whose share in a week differs from the quarter before by more than
chance.

Only numbers that left are compared, as shares of the stories that left: how many of those were
asked did not leave, and a share of them would tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from storage.gate.publications import Figures

FEWEST = 30
"""Stories in the week below which nothing is said."""
CHANCE = 0.05
"""How often one of all comparisons may be wrong."""
STORIES = ("story", "")


@dataclass(frozen=True, slots=True)
class SignificantChange:
    """An answer (a dimension and a value of what left) that was given more or less often; `now` and
    `before` in percent of the stories."""

    cell: tuple[str, str]
    now: int
    before: int

    @property
    def more(self) -> bool:
        return self.now > self.before


def changes(
    week: Figures, quarter: Figures, looked_at: Sequence[tuple[str, str]]
) -> list[SignificantChange] | None:
    """Those of `looked_at` that differ, the greatest first; None when there are too few stories to
    say. A two-sided test of two shares, corrected for how many are compared (Bonferroni)."""
    n, m = week.get(STORIES, 0), quarter.get(STORIES, 0)
    both = [cell for cell in looked_at if cell in week and cell in quarter]
    if n < FEWEST or not m or not both:
        return None
    limit = NormalDist().inv_cdf(1 - CHANCE / len(looked_at) / 2)
    found = [
        SignificantChange(cell, round(100 * week[cell] / n), round(100 * quarter[cell] / m))
        for cell in both
        if abs(_apart(week[cell], n, quarter[cell], m)) > limit
    ]
    return sorted(found, key=lambda change: -abs(change.now - change.before))


def _apart(a: int, n: int, b: int, m: int) -> float:
    """How far the shares `a` of `n` and `b` of `m` lie apart, in standard errors."""
    share = (a + b) / (n + m)
    error = sqrt(share * (1 - share) * (n + m) / (n * m))
    return (a / n - b / m) / error if error else 0.0
