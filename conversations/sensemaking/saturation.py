"""Saturation: how much of the kinds of story was probably heard, and whether to go on asking.

A kind is a coarse vector of coded answers, never a text. The share heard is the estimate of Good
and Turing, with a score interval built on the variance of Esty (1983): it needs no drawing, and
covers in 90 of 100 cases from 20 stories on, in more where nearly everything was heard. How many
kinds there are at all is the lower bound of Chao (Chao1), with his log-normal interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

FEWEST = 20
"""Stories below which nothing is advised."""
ENOUGH = 0.8
"""When at least this share was heard, at the lower end of the interval, asking can stop."""
_Z = 1.65
_HALF = 0.5

Advice = Literal["too_few", "go_on", "enough"]


@dataclass(frozen=True, slots=True)
class HeardShare:
    """What was heard of the kinds of story. `share` with its interval; `new`: the chance that the
    next story is of a kind not heard yet; `kinds` were heard, and there may be `most`, at
    least."""

    stories: int
    kinds: int
    share: float
    low: float
    high: float
    most: float
    advice: Advice

    @property
    def new(self) -> float:
        return 1 - self.share


def heard(kinds: Iterable[Hashable]) -> HeardShare:
    """Estimate it from the kind of each story."""
    counts = Counter(kinds)
    n, seen = counts.total(), len(counts)
    once = sum(count == 1 for count in counts.values())
    twice = sum(count == 2 for count in counts.values())
    if n == 0:
        return HeardShare(0, 0, 0.0, 0.0, 1.0, 0.0, "too_few")
    low, high = share_interval(n, once, twice)
    advice: Advice = "too_few"
    if n >= FEWEST:
        advice = "enough" if low >= ENOUGH else "go_on"
    most = seen + _unseen(n, once, twice)
    return HeardShare(n, seen, 1 - once / n, low, high, most, advice)


def share_interval(n: int, once: int, twice: int) -> tuple[float, float]:
    """The 90 % interval of the share heard: all shares from which what was heard once lies no
    further than its spread. Half a kind heard twice is added, or there could be no spread at all:
    of what was tried this holds the true share most evenly (`benchmarks/saturation.py`)."""
    unheard, spread = once / n, 2 * (twice + _HALF) / n**2
    square = _Z * _Z
    a, b, c = 1 + square / n, -(2 * unheard + square / n), unheard**2 - square * spread
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, 1 - (root - b) / (2 * a)), min(1.0, 1 + (b + root) / (2 * a))


def _unseen(n: int, once: int, twice: int) -> float:
    """How many kinds more there are at least (Chao1)."""
    pairs = once * once / (2 * twice) if twice else once * (once - 1) / 2
    return (n - 1) / n * pairs
