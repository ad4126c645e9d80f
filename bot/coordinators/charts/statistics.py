"""Statistics about two questions: rank correlation, differences between groups, and tables.

Two-sided tests; an effect size with its interval; nothing below 30 stories. Rare answers are put
together. Where expected counts are small, the distribution of chi-square over all tables with the
same margins takes the place of its approximation: exactly for two by two (Fisher), otherwise drawn
(with a fixed seed, so that a verdict is the same every time).

All are worked out of counts: a family has thousands of tests over the same stories, and counting is
quicker than sorting. Of scipy only the functions are loaded: its package of tests takes as long to
load as a page of patterns takes to make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import NDArray
from scipy import special

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
_Z = float(special.ndtri(1 - (1 - CONFIDENCE) / 2))

Numbers = NDArray[np.int64]
"""Of each story a place on a scale, 0-100; or a table of counts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A test: how strong, and how likely by chance. The `interval` takes longer, and is worked out
    for what is told."""

    kind: str
    effect: float
    p: float
    interval: Callable[[], tuple[float, float]]


def correlation(one: Numbers, other: Numbers) -> Measured | None:
    """Spearman's rank correlation; interval after Bonett and Wright (2000)."""
    if one.min() == one.max() or other.min() == other.max():
        return None
    left, right = (_midranks(np.bincount(each))[each] for each in (one, other))
    r = float(np.corrcoef(left, right)[0, 1])
    n = len(one)
    if abs(r) >= 1:
        return Measured("spearman", r, 0.0, lambda: (r, r))
    p = 2 * float(special.stdtr(n - 2, -abs(r) * sqrt((n - 2) / ((r + 1) * (1 - r)))))
    spread = _Z * sqrt((1 + r * r / 2) / (n - 3))
    return Measured("spearman", r, p, partial(_around, r, spread))


def groups(counts: Numbers) -> Measured | None:
    """Of each group (a row) how many stand at each place. Two groups: Mann-Whitney with the
    rank-biserial correlation. More: Kruskal-Wallis with epsilon squared."""
    every = counts.sum(0)
    if len(counts) < 2 or np.count_nonzero(every) < 2:
        return None
    if len(counts) == 2:
        return two_groups(counts)
    sizes, n = counts.sum(1), int(every.sum())
    sums = (counts @ _midranks(every)) ** 2 / sizes
    h = 12.0 / (n * (n + 1)) * float(sums.sum()) - 3 * (n + 1)
    h /= 1.0 - _tied(every) / (n * (n * n - 1))
    df = len(counts) - 1

    def interval() -> tuple[float, float]:
        low, high = noncentrality(h, df)
        return min(1, low / (n - 1)), min(1, high / (n - 1))

    return Measured("epsilon2", h / (n - 1), float(special.chdtrc(df, h)), interval)


def two_groups(counts: Numbers) -> Measured:
    """The effect is above 0 when the first group lies further to the right."""
    n, m = map(int, counts.sum(1))
    u, p = _mann_whitney(counts, n, m)
    r = 2 * u / (n * m) - 1
    if abs(r) >= 1:
        return Measured("biserial", r, p, lambda: (r, r))
    return Measured("biserial", r, p, partial(_around, r, _Z * sqrt((n + m + 1) / (3 * n * m))))


def _mann_whitney(counts: Numbers, n: int, m: int) -> tuple[float, float]:
    """U of the first, and p: what scipy gives, without the checks that take most of its time."""
    every = counts.sum(0)
    if min(n, m) <= SMALL and every.max() == 1:
        from scipy import stats  # it hardly ever comes to this

        one, other = map(np.flatnonzero, counts)
        u, p = map(float, stats.mannwhitneyu(one, other, alternative="two-sided"))
        return u, p
    u = float(counts[0] @ _midranks(every)) - n * (n + 1) / 2
    spread = sqrt(n * m / 12 * (n + m + 1 - _tied(every) / ((n + m) * (n + m - 1))))
    z = (abs(u - n * m / 2) - 0.5) / spread
    return u, min(1.0, 2 * float(special.ndtr(-z)))


def _midranks(counts: Numbers) -> NDArray[np.float64]:
    """The rank of everything that stands at a place, when so many stand at each."""
    made: NDArray[np.float64] = np.cumsum(counts) - (counts - 1) / 2
    return made


def _tied(counts: Numbers) -> float:
    ties = counts.astype(np.float64)
    return float((ties**3 - ties).sum())


def contingency(table: Numbers) -> Measured | None:
    """Chi-square (Pearson) with Cramér's V; its interval from the noncentral distribution."""
    return contingencies(table[None])[0]


def contingencies(tables: Numbers) -> list[Measured | None]:
    """The same of many tables of one shape; of one with an empty row or column, or a single one,
    None."""
    rows, columns = tables.sum(2), tables.sum(1)
    if min(tables.shape[1:]) < 2:
        return [None] * len(tables)
    whole = (rows > 0).all(1) & (columns > 0).all(1)
    wanted = rows[:, :, None] * columns[:, None, :] / np.maximum(rows.sum(1), 1)[:, None, None]
    chi2 = ((tables - wanted) ** 2 / np.where(wanted > 0, wanted, 1)).sum((1, 2))
    large = ((wanted < RARE).mean((1, 2)) <= 0.2) & (wanted.min((1, 2)) >= 1)
    df = (tables.shape[1] - 1) * (tables.shape[2] - 1)
    by_chance = special.chdtrc(df, chi2)
    return [
        _cramer(float(chi2[at]), df, table, float(by_chance[at]) if large[at] else _exact(table))
        if whole[at]
        else None
        for at, table in enumerate(tables)
    ]


def _cramer(chi2: float, df: int, table: Numbers, p: float) -> Measured:
    most = int(table.sum()) * (min(table.shape) - 1)

    def interval() -> tuple[float, float]:
        low, high = noncentrality(chi2, df)
        return sqrt(low / most), min(1.0, sqrt(high / most))

    return Measured("cramer", sqrt(chi2 / most), p, interval)


def _exact(table: Numbers) -> float:
    """How likely a table with small numbers is by chance."""
    if table.shape == (2, 2):
        return _fisher(table)
    wanted = expected(table)
    chi2 = float(((table - wanted) ** 2 / wanted).sum())
    p = 1.0
    for many in DRAWN:
        tables = alike_tables(table, many)
        drawn = ((tables - wanted) ** 2 / wanted).sum(axis=(1, 2))
        p = float((drawn >= chi2 * (1 - CLOSE)).sum() + 1) / (many + 1)
        if p > DOUBT:
            break
    return p


def alike_tables(table: Numbers, many: int) -> Numbers:
    """So many tables with the margins of this one, drawn as chance makes them: cell by cell, each
    out of what is left of its row and of its column."""
    chance = np.random.default_rng(SEED)
    made = np.zeros((many, *table.shape), dtype=np.int64)
    left = np.tile(table.sum(0), (many, 1))
    for row, size in enumerate(table.sum(1)[:-1]):
        wanted, others = np.full(many, size), left.sum(1)
        for column in range(table.shape[1] - 1):
            others = others - left[:, column]
            made[:, row, column] = chance.hypergeometric(left[:, column], others, wanted)
            wanted -= made[:, row, column]
        made[:, row, -1] = wanted
        left -= made[:, row]
    made[:, -1] = left
    return made


def false_discovery(chances: Sequence[float]) -> NDArray[np.float64]:
    """The p-values of a family, corrected for the false discovery rate (Benjamini and Hochberg)."""
    p = np.asarray(chances, dtype=np.float64)
    order, n = np.argsort(p), len(p)
    scaled = p[order] * n / np.arange(1, n + 1)
    made = np.empty(n)
    made[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return made


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
        if float(special.chdtr(df, chi2)) < tail:
            return 0.0
        return float(special.chndtrinc(chi2, df, tail))

    tail = (1 - CONFIDENCE) / 2
    return end(1 - tail), end(tail)


def _around(r: float, spread: float) -> tuple[float, float]:
    return tanh(atanh(r) - spread), tanh(atanh(r) + spread)
