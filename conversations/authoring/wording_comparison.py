"""Compares two wordings of one question: honest however often one looks.

Counts come as whole multiples of the small number, and one looks every week. So the test is a
sequential one (a mixture likelihood ratio for the difference of two shares, always valid), and what
rounding adds to the variance is counted. Below a minimum it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

FEWEST = 50
"""Conversations per wording below which nothing is said."""
FALSE_ALARMS = 0.05
_EXPECTED = 0.1
"""The difference of shares that one would want to know of."""

Verdict = Literal["too_few", "no_difference", "first", "other"]


@dataclass(frozen=True, slots=True)
class Wording:
    """How many heard a wording, and how many of them answered."""

    came: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.came if self.came else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which wording is answered more often; `low` and `high` bound the difference in points (the
    other one less the first)."""

    verdict: Verdict
    low: int = 0
    high: int = 0


def compare(first: Wording, other: Wording, small: int = 1) -> Comparison:
    """Compare them; their counts are multiples of `small`."""
    if min(first.came, other.came) < FEWEST:
        return Comparison("too_few")
    difference = other.share - first.share
    variance = _variance(first, small) + _variance(other, small)
    prior = _EXPECTED**2
    margin = sqrt(variance * (variance + prior) / prior * _log_bound(variance, prior))
    low, high = round(100 * (difference - margin)), round(100 * (difference + margin))
    if not _differs(difference, variance, prior):
        return Comparison("no_difference", max(-100, low), min(100, high))
    return Comparison("other" if difference > 0 else "first", max(-100, low), min(100, high))


def _variance(wording: Wording, small: int) -> float:
    """Of a share, smoothed so that it is never none; with what rounding two counts adds."""
    n = wording.came
    share = (wording.answered + 1) / (n + 2)
    rounding = (small * small - 1) / 12
    return share * (1 - share) / n + rounding * (1 + share * share) / (n * n)


def _differs(difference: float, variance: float, prior: float) -> bool:
    total = variance + prior
    ratio = sqrt(variance / total) * exp(difference * difference * prior / (2 * variance * total))
    return ratio >= 1 / FALSE_ALARMS


def _log_bound(variance: float, prior: float) -> float:
    return 2 * log(sqrt((variance + prior) / variance) / FALSE_ALARMS)
