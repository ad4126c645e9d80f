"""Contradictions: where a figure and the answers of stories point in opposite directions, both
beyond their uncertainty. Otherwise there is too little to say, and that is said.

Over areas: the correlation of a figure with an answer is against what was expected, one-sided (only
a contradiction is looked for), and both differ between the areas by more than they are unsure. Over
periods: both trends are beyond their interval, and opposite; the weaker of the two counts. All that
was looked at, told or not, is corrected together for the false discovery rate (Benjamini and
Hochberg).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atanh, exp, lgamma, log, sqrt, tanh
from statistics import NormalDist, fmean
from typing import Literal

FEWEST = 3
"""Areas or periods without which nothing is said; over areas a correlation needs more."""
FEWEST_AREAS = 6
LEVEL = 0.04
"""A little below one in twenty, so that at most so many alarms are false."""
INTERVAL = 0.05
MOST = 3
"""Contradictions that are offered at once, the clearest first."""
_NORMAL = NormalDist()

Over = Literal["areas", "periods"]
Said = Literal["contradiction", "together", "unclear", "too_few", "alike"]
"""`contradiction`; `together`: they point the same way; `unclear`: the difference may be chance;
`too_few` areas or periods; `alike`: the figure or the answers hardly differ."""


@dataclass(frozen=True, slots=True)
class PointPair:
    """A figure and an answer in one area or period: a share, or a mean place on a scale. Each has
    its standard error, where that is known."""

    figure: float
    answer: float
    figure_error: float | None = None
    answer_error: float | None = None


@dataclass(frozen=True, slots=True)
class PairOfSeries:
    """An indicator and an answer over the same areas or periods. `expected`: 1 when more of the one
    goes with more of the other, -1 when with less."""

    key: tuple[str, str]
    over: Over
    points: Sequence[PointPair]
    expected: Literal[1, -1] = 1


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """What is said of a pair. `effect`: the correlation, with its 90 % interval (which goes with a
    one-sided test); `q` is corrected over all pairs that were looked at."""

    pair: PairOfSeries
    said: Said
    effect: float = 0.0
    low: float = -1.0
    high: float = 1.0
    p: float = 1.0
    q: float = 1.0


def examine(pairs: Sequence[PairOfSeries]) -> list[PairVerdict]:
    """A verdict on every pair, corrected for how many were tested. In the order of the pairs."""
    found = [_one(pair) for pair in pairs]
    tested = [each for each in found if each.said in ("unclear", "together")]
    corrected = dict(
        zip((each.pair.key for each in tested), corrected_for([e.p for e in tested]), strict=True)
    )
    return [_judged(each, corrected.get(each.pair.key, 1.0)) for each in found]


def strongest(verdicts: Sequence[PairVerdict]) -> list[PairVerdict]:
    """The contradictions, the clearest first, and no more than `MOST`."""
    found = [each for each in verdicts if each.said == "contradiction"]
    return sorted(found, key=lambda each: (each.q, each.p, each.pair.key))[:MOST]


def corrected_for(ps: Sequence[float]) -> list[float]:
    """The p-values of a family, corrected for the false discovery rate."""
    order = sorted(range(len(ps)), key=lambda at: ps[at], reverse=True)
    least, found = 1.0, [1.0] * len(ps)
    for rank, at in zip(range(len(ps), 0, -1), order, strict=True):
        least = min(least, ps[at] * len(ps) / rank)
        found[at] = least
    return found


# -- one pair


def _one(pair: PairOfSeries) -> PairVerdict:
    """A pair by itself: `unclear` with its p, or why it is not tested."""
    points = pair.points
    fewest = FEWEST_AREAS if pair.over == "areas" else FEWEST
    if len(points) < fewest:
        return PairVerdict(pair, "too_few")
    figures, answers = [p.figure for p in points], [p.answer for p in points]
    if len(set(figures)) < 2 or len(set(answers)) < 2:
        return PairVerdict(pair, "alike")
    if pair.over == "periods":
        return _over_periods(pair, figures, answers)
    sure = differs(figures, [p.figure_error for p in points])
    if not sure or not differs(answers, [p.answer_error for p in points]):
        return PairVerdict(pair, "alike")
    r, degrees = correlation(figures, answers), len(points) - 2
    p = student(-pair.expected * r * sqrt(degrees / max(1e-12, 1 - r * r)), degrees)
    low, high = interval(r, len(points))
    together = min(pair.expected * low, pair.expected * high) > 0
    return PairVerdict(pair, "together" if together else "unclear", r, low, high, p)


def _over_periods(
    pair: PairOfSeries, figures: Sequence[float], answers: Sequence[float]
) -> PairVerdict:
    """Both trends, each against its own uncertainty. The p of the pair is that of the weaker one; a
    pair that points the expected way is no contradiction, however clear."""
    one = _trend(figures, [p.figure_error for p in pair.points])
    other = _trend(answers, [p.answer_error for p in pair.points])
    weaker = max(one[1], other[1])
    opposite = one[0] * other[0] * pair.expected < 0
    said: Said = "together" if not opposite and weaker <= LEVEL else "unclear"
    effect = correlation(figures, answers)
    return PairVerdict(pair, said, effect, p=weaker if opposite else 1.0)


def _judged(found: PairVerdict, q: float) -> PairVerdict:
    said = found.said
    if said == "unclear" and q <= LEVEL:
        said = "contradiction"
    return replace(found, said=said, q=q)


def _trend(values: Sequence[float], errors: Sequence[float | None]) -> tuple[float, float]:
    """The slope of a series over its order, and its two-sided p: against the errors where all are
    known, else against how far the values lie from their line."""
    middle = (len(values) - 1) / 2
    spread = sum((at - middle) ** 2 for at in range(len(values)))
    slope = sum((at - middle) * value for at, value in enumerate(values)) / spread
    known = [error for error in errors if error is not None]
    if len(known) == len(values):
        error = sqrt(sum(((at - middle) * e) ** 2 for at, e in enumerate(known))) / spread
        return slope, 2 * (1 - _NORMAL.cdf(abs(slope) / error)) if error else 0.0
    mean = fmean(values)
    rest = sum((v - mean - slope * (at - middle)) ** 2 for at, v in enumerate(values))
    degrees = len(values) - 2
    error = sqrt(rest / degrees / spread)
    return slope, 2 * student(abs(slope) / error, degrees) if error else 0.0


def differs(values: Sequence[float], errors: Sequence[float | None]) -> bool:
    """Whether values differ by more than they are unsure (Cochran's Q); yes where nobody knows how
    unsure they are."""
    pairs = [(v, e) for v, e in zip(values, errors, strict=True) if e is not None and e > 0]
    if len(pairs) < len(values):
        return True
    weights = [1 / error**2 for _, error in pairs]
    mean = sum(w * v for (v, _), w in zip(pairs, weights, strict=True)) / sum(weights)
    q = sum(w * (v - mean) ** 2 for (v, _), w in zip(pairs, weights, strict=True))
    return _beyond(q, len(pairs) - 1) <= INTERVAL


# -- numbers


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation of two series that both differ."""
    a, b = fmean(one), fmean(other)
    both = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    spread = sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return max(-1.0, min(1.0, both / spread)) if spread else 0.0


def interval(r: float, n: int) -> tuple[float, float]:
    """The 90 % interval of a correlation (Fisher)."""
    if n <= 3 or abs(r) >= 1:
        return (-1.0, 1.0) if n <= 3 else (r, r)
    reach = _NORMAL.inv_cdf(1 - INTERVAL) / sqrt(n - 3)
    return tanh(atanh(r) - reach), tanh(atanh(r) + reach)


def student(t: float, degrees: int) -> float:
    """The chance of more than `t` under Student's distribution."""
    tail = _beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
    return tail if t >= 0 else 1 - tail


def _beyond(q: float, degrees: int) -> float:
    """The chance of more than `q` under chi-square (Wilson and Hilferty)."""
    if degrees < 1:
        return 1.0
    third = (q / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))
    return 1 - _NORMAL.cdf(third / sqrt(2 / (9 * degrees)))


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz, upside down."""
    tiny, c, d = 1e-300, 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1 / (d or tiny)
    made = d
    for m in range(1, 200):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + top * d or tiny)
            c = 1 + top / c or tiny
            made *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return 1 / made
