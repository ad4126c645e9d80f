"""Statistics about two questions: rank correlation, differences between groups, and tables.

Two-sided tests; an effect size with its interval; nothing below 30 stories. Rare answers are put
together. Where expected counts are small, the distribution of chi-square over all tables with the
same margins takes the place of its approximation: exactly for two by two (Fisher), otherwise drawn
(the method of scipy, with a fixed seed, so that a verdict is the same every time).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

FEWEST = 30
"""Stories without which nothing is said."""
RARE = 5
"""Answers that fewer stories gave are put together."""
REST = "…"
CONFIDENCE = 0.95
DRAWN = (199, 9_999)
"""Tables that are drawn: first a few, and when those leave a doubt many."""
DOUBT = 0.15
SEED = 2_026
CLOSE = 1e-7
"""Numbers that differ less, as part of themselves, are the same."""
SMALL = 8
"""Groups up to this size are compared exactly, when no two places are the same."""

Numbers = NDArray[np.int64]
"""Of each story a place on a scale, 0-100; or a table of counts."""
Made = tuple[str, float, float, float, float]
"""Kind, effect, the ends of its interval, and p."""


def correlation(one: Numbers, other: Numbers) -> Made | None:
    """Spearman's rank correlation; interval after Bonett and Wright (2000)."""
    if len(np.unique(one)) < 2 or len(np.unique(other)) < 2:
        return None
    r, p = map(float, stats.spearmanr(one, other))
    if abs(r) >= 1:
        return "spearman", r, r, r, p
    spread = _z() * sqrt((1 + r * r / 2) / (len(one) - 3))
    return "spearman", r, tanh(atanh(r) - spread), tanh(atanh(r) + spread), p


def groups(by_answer: Sequence[Numbers]) -> Made | None:
    """Two groups: Mann-Whitney with the rank-biserial correlation. More: Kruskal-Wallis with
    epsilon squared."""
    if len(by_answer) < 2 or len(np.unique(np.concatenate(by_answer))) < 2:
        return None
    if len(by_answer) == 2:
        return two_groups(*by_answer)
    h, p = stats.kruskal(*by_answer)
    n, df = sum(map(len, by_answer)), len(by_answer) - 1
    low, high = noncentrality(float(h), df)
    return "epsilon2", float(h) / (n - 1), min(1, low / (n - 1)), min(1, high / (n - 1)), float(p)


def two_groups(one: Numbers, other: Numbers) -> Made:
    """The effect is above 0 when the first group lies further to the right."""
    n, m = len(one), len(other)
    u, p = _mann_whitney(one, other)
    r = 2 * u / (n * m) - 1
    if abs(r) >= 1:
        return "biserial", r, r, r, p
    spread = _z() * sqrt((n + m + 1) / (3 * n * m))
    return "biserial", r, tanh(atanh(r) - spread), tanh(atanh(r) + spread), p


def _mann_whitney(one: Numbers, other: Numbers) -> tuple[float, float]:
    """U of the first, and p: what scipy gives, without the checks that take most of its time."""
    n, m = len(one), len(other)
    both = np.concatenate([one, other])
    _, ties = np.unique(both, return_counts=True)
    if min(n, m) <= SMALL and ties.max() == 1:
        u, p = map(float, stats.mannwhitneyu(one, other, alternative="two-sided"))
        return u, p
    u = float(stats.rankdata(both)[:n].sum() - n * (n + 1) / 2)
    tied = float((ties.astype(float) ** 3 - ties).sum()) / ((n + m) * (n + m - 1))
    spread = sqrt(n * m / 12 * (n + m + 1 - tied))
    z = (abs(u - n * m / 2) - 0.5) / spread
    return u, min(1.0, 2 * float(special.ndtr(-z)))


def contingency(table: Numbers) -> Made | None:
    """Chi-square (Pearson) with Cramér's V; its interval from the noncentral distribution."""
    p = independence(table)
    if p is None:
        return None
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    chi2 = float(((table - expected(table)) ** 2 / expected(table)).sum())
    most = table.sum() * (min(table.shape) - 1)
    low, high = noncentrality(chi2, df)
    return "cramer", sqrt(chi2 / most), sqrt(low / most), min(1.0, sqrt(high / most)), p


def independence(table: Numbers) -> float | None:
    """How likely such a table is by chance; None when one of the two questions has one answer
    only."""
    if min(table.shape) < 2 or not (table.sum(0).all() and table.sum(1).all()):
        return None
    wanted = expected(table)
    chi2 = float(((table - wanted) ** 2 / wanted).sum())
    if (wanted < RARE).mean() <= 0.2 and wanted.min() >= 1:
        return float(special.chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), chi2))
    if table.shape == (2, 2):
        return _fisher(table)
    p = 1.0
    for many in DRAWN:
        tables = stats.random_table(table.sum(1), table.sum(0)).rvs(
            many, random_state=np.random.default_rng(SEED)
        )
        drawn = ((tables - wanted) ** 2 / wanted).sum(axis=(1, 2))
        p = float((drawn >= chi2 * (1 - CLOSE)).sum() + 1) / (many + 1)
        if p > DOUBT:
            break
    return p


def _fisher(table: Numbers) -> float:
    """Fisher's exact test, two-sided: all tables with these margins that are as unlikely."""
    (a, b), (c, d) = table.tolist()
    row, column, n = a + b, a + c, a + b + c + d
    each = np.arange(max(0, row + column - n), min(row, column) + 1)
    ways = [each, row - each, column - each, n - row - column + each]
    chance = -sum(special.gammaln(way + 1.0) for way in ways)
    chance = np.exp(chance - chance.max())
    mine = chance[a - each[0]]
    return min(1.0, float(chance[chance <= mine * (1 + CLOSE)].sum() / chance.sum()))


def expected(table: Numbers) -> NDArray[np.float64]:
    """The counts of a table in which the one says nothing about the other."""
    made: NDArray[np.float64] = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return made


def noncentrality(chi2: float, df: int) -> tuple[float, float]:
    """The 95 % interval of the noncentrality of a chi-square statistic."""

    def end(tail: float) -> float:
        def off(ncp: float) -> float:
            return float(special.chndtr(chi2, df, ncp)) - tail

        if float(special.chdtr(df, chi2)) < tail:
            return 0.0
        return float(_root(off, 1e-9, 4 * chi2 + 50))

    tail = (1 - CONFIDENCE) / 2
    return end(1 - tail), end(tail)


def _root(fn: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(fn, low, high))


def _z() -> float:
    return float(stats.norm.ppf(1 - (1 - CONFIDENCE) / 2))
