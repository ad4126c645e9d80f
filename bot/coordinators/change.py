"""What is clearly otherwise in a week than in the quarter before: more than chance, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from storage.gate import Shown

FEWEST = 30
"""Stories in the week below which nothing is said."""
CHANCE = 0.05
"""How often one of all comparisons may be wrong."""

Cell = tuple[str, str]
"""A dimension and a value, as in `publications`."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that was given more or less often; `now` and `before` in percent of who was
    asked."""

    cell: Cell
    now: int
    before: int

    @property
    def more(self) -> bool:
        return self.now > self.before


def changes(
    week: Mapping[Cell, Shown], quarter: Mapping[Cell, Shown], looked_at: Sequence[Cell]
) -> list[Change] | None:
    """Those of `looked_at` that differ, the greatest first; None when there are too few stories to
    say. A two-sided test of two shares, corrected for how many are compared (Bonferroni)."""
    pairs = [
        (cell, week[cell], quarter[cell])
        for cell in looked_at
        if cell in week and cell in quarter and week[cell].base >= FEWEST
    ]
    if not pairs:
        return None
    limit = NormalDist().inv_cdf(1 - CHANCE / len(looked_at) / 2)
    found = [
        Change(cell, _percent(now), _percent(before))
        for cell, now, before in pairs
        if abs(_apart(now, before)) > limit
    ]
    return sorted(found, key=lambda change: -abs(change.now - change.before))


def _apart(now: Shown, before: Shown) -> float:
    """How far two shares lie apart, in standard errors."""
    both, share = now.base + before.base, (now.count + before.count) / (now.base + before.base)
    error = sqrt(share * (1 - share) * both / (now.base * before.base))
    return (now.count / now.base - before.count / before.base) / error if error else 0.0


def _percent(cell: Shown) -> int:
    return round(100 * cell.count / cell.base)
