"""Statistics about pairs of questions: rank correlation, contrasts and differences, with
corrections for many tests.

Two-sided tests; an effect size with its interval; p-values corrected together for the false
discovery rate (Benjamini and Hochberg); nothing below 30 stories. Rare answers are put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import atanh, sqrt, tanh
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from bot.coordinators.charts.picture_data import Relations

FEWEST = 30
"""Stories without which nothing is said."""
RARE = 5
"""Answers that fewer stories gave are put together."""
REST = "…"
CONFIDENCE = 0.95

Column = Sequence[Sequence[str] | int | None]


@dataclass(frozen=True, slots=True)
class Result:
    """One pair. `effect` is Cramér's V, epsilon squared, the rank-biserial or Spearman correlation,
    as `kind` says, with its 95 % interval; `p` is two-sided, `q` corrected over all pairs."""

    one: str
    other: str
    kind: str
    n: int
    effect: float
    low: float
    high: float
    p: float
    q: float = 1.0


def draw(asked: Relations) -> list[dict[str, Any]]:
    """The results of all pairs that can be tested, strongest first."""
    found = [
        result
        for one, other in asked.pairs
        if (result := pair(one, other, asked.columns[one], asked.columns[other]))
    ]
    corrected: Any = stats.false_discovery_control([r.p for r in found]) if found else []
    made = [{**asdict(r), "q": float(q)} for r, q in zip(found, corrected, strict=True)]
    return sorted(made, key=lambda r: (r["q"] > 0.05, -abs(r["effect"])))


def pair(one: str, other: str, left: Column, right: Column) -> Result | None:
    """The right test for two questions; None when there are too few stories."""
    rows = [
        (a, b)
        for a, b in zip(left, right, strict=True)
        if a is not None and b is not None and a != [] and b != []
    ]
    if len(rows) < FEWEST:
        return None
    first = [row[0] for row in rows]
    second = [row[1] for row in rows]
    if isinstance(first[0], int) and isinstance(second[0], int):
        made = correlation(np.array(first), np.array(second))
    elif isinstance(first[0], int):
        made = groups(np.array(first), merged(second))
    elif isinstance(second[0], int):
        made = groups(np.array(second), merged(first))
    else:
        made = contingency(merged(first), merged(second))
    return None if made is None else Result(one, other, made[0], len(rows), *made[1:])


Places = NDArray[np.int64]
"""Of each story a place on a scale, 0-100."""
Made = tuple[str, float, float, float, float]
"""Kind, effect, the ends of its interval, and p."""


def correlation(one: Places, other: Places) -> Made | None:
    """Spearman's rank correlation; interval after Bonett and Wright (2000)."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    r, p = map(float, stats.spearmanr(one, other))
    if abs(r) >= 1:
        return "spearman", r, r, r, p
    spread = _z() * sqrt((1 + r * r / 2) / (len(one) - 3))
    return "spearman", r, tanh(atanh(r) - spread), tanh(atanh(r) + spread), p


def groups(places: Places, answers: Sequence[str]) -> Made | None:
    """Two groups: Mann-Whitney with the rank-biserial correlation. More: Kruskal-Wallis with
    epsilon squared."""
    by_answer = [
        places[[answer == each for answer in answers]]
        for each in sorted(set(answers))
        if each != REST
    ]
    by_answer = [group for group in by_answer if len(group) >= RARE]
    if len(by_answer) < 2 or len(set(np.concatenate(by_answer))) < 2:
        return None
    if len(by_answer) == 2:
        return two_groups(*by_answer)
    h, p = stats.kruskal(*by_answer)
    n, df = sum(map(len, by_answer)), len(by_answer) - 1
    low, high = noncentrality(float(h), df)
    return "epsilon2", float(h) / (n - 1), min(1, low / (n - 1)), min(1, high / (n - 1)), float(p)


def two_groups(one: Places, other: Places) -> Made:
    """The effect is above 0 when the first group lies further to the right."""
    u, p = map(float, stats.mannwhitneyu(one, other, alternative="two-sided"))
    n, m = len(one), len(other)
    r = 2 * u / (n * m) - 1
    if abs(r) >= 1:
        return "biserial", r, r, r, p
    spread = _z() * sqrt((n + m + 1) / (3 * n * m))
    return "biserial", r, tanh(atanh(r) - spread), tanh(atanh(r) + spread), p


def contingency(one: Sequence[str], other: Sequence[str]) -> Made | None:
    """Chi-square (Pearson) with Cramér's V; its interval from the noncentral distribution."""
    rows, columns = sorted(set(one)), sorted(set(other))
    if len(rows) < 2 or len(columns) < 2:
        return None
    pairs = Counter(zip(one, other, strict=True))
    table = np.array([[pairs[row, column] for column in columns] for row in rows])
    chi2, p, df, expected = stats.chi2_contingency(table, correction=False)
    if (expected < RARE).mean() > 0.2 or expected.min() < 1:
        return None
    most = table.sum() * (min(table.shape) - 1)
    low, high = noncentrality(float(chi2), int(df))
    return (
        "cramer",
        sqrt(chi2 / most),
        min(1.0, sqrt(low / most)),
        min(1.0, sqrt(high / most)),
        float(p),
    )


def noncentrality(chi2: float, df: int) -> tuple[float, float]:
    """The 95 % interval of the noncentrality of a chi-square statistic."""

    def end(tail: float) -> float:
        def off(ncp: float) -> float:
            return float(stats.ncx2.cdf(chi2, df, ncp)) - tail

        if float(stats.chi2.cdf(chi2, df)) < tail:
            return 0.0
        return float(_root(off, 1e-9, 4 * chi2 + 50))

    tail = (1 - CONFIDENCE) / 2
    return end(1 - tail), end(tail)


def merged(answers: Sequence[Any]) -> list[str]:
    """One answer for each story; rare ones together."""
    chosen = [str(answer[0]) for answer in answers]
    counts = Counter(chosen)
    return [answer if counts[answer] >= RARE else REST for answer in chosen]


def _root(fn: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(fn, low, high))


def _z() -> float:
    return float(stats.norm.ppf(1 - (1 - CONFIDENCE) / 2))
