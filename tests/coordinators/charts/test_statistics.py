"""Numbers that were published, and those of scipy itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bot.coordinators.charts.statistics import (
    alike_tables,
    contingency,
    correlation,
    expected,
    false_discovery,
    groups,
    two_groups,
)

RNG = np.random.default_rng(7)


def test_chi_square_of_the_example_of_agresti() -> None:
    """Agresti (2007), page 39: gender and party, X-squared = 30.07, df = 2, p = 2.954e-07."""
    made = contingency(np.array([[762, 327, 468], [484, 239, 477]]))
    assert made is not None
    low, high = made.interval()
    assert made.kind == "cramer"
    assert made.p == pytest.approx(2.954e-07, rel=1e-3)
    assert made.effect == pytest.approx((30.07 / 2757) ** 0.5, rel=1e-3)
    assert low < made.effect < high


def counted(*samples: Sequence[float]) -> Any:
    """Of each sample how many stand at each place."""
    places = sorted({each for sample in samples for each in sample})
    return np.array([[list(sample).count(place) for place in places] for sample in samples])


def test_mann_whitney_of_the_example_of_hollander_and_wolfe() -> None:
    """Hollander and Wolfe (1973), page 69: W = 35, p = 0.1272 one-sided, so 0.2544 two-sided."""
    one = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    other = [1.15, 0.88, 0.90, 0.74, 1.21]
    made = two_groups(counted(one, other))
    low, high = made.interval()
    assert made.kind == "biserial"
    assert made.p == pytest.approx(0.2544, abs=5e-4)
    assert made.effect == pytest.approx(2 * 35 / 50 - 1)
    assert low < made.effect < high


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=12, max_size=90))
@settings(deadline=None, max_examples=60)
def test_mann_whitney_is_that_of_scipy(rows: list[tuple[int, bool]]) -> None:
    one = [place for place, left in rows if left]
    other = [place for place, left in rows if not left]
    if min(len(one), len(other)) < 5 or len({place for place, _ in rows}) < 2:
        return
    u, p = stats.mannwhitneyu(one, other)
    made = two_groups(counted(one, other))
    assert made.p == pytest.approx(p, rel=1e-9)
    assert made.effect == pytest.approx(2 * u / (len(one) * len(other)) - 1)


def test_kruskal_wallis_of_the_example_of_hollander_and_wolfe() -> None:
    """Hollander and Wolfe (1973), page 116: chi-squared = 0.77143, df = 2, p = 0.68."""
    samples = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]]
    made = groups(counted(*samples))
    assert made is not None
    assert made.effect == pytest.approx(0.77143 / 13, abs=1e-5)
    assert made.p == pytest.approx(0.68, abs=5e-3)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 3)), min_size=12, max_size=90))
@settings(deadline=None, max_examples=30)
def test_kruskal_wallis_is_that_of_scipy(rows: list[tuple[int, int]]) -> None:
    samples = [[place for place, group in rows if group == each] for each in range(4)]
    if min(map(len, samples)) < 1 or len({place for place, _ in rows}) < 2:
        return
    h, p = stats.kruskal(*samples)
    made = groups(counted(*samples))
    assert made is not None
    assert made.p == pytest.approx(p, rel=1e-9)
    assert made.effect == pytest.approx(h / (len(rows) - 1), abs=1e-12)


def test_the_false_discovery_rate_of_benjamini_and_hochberg() -> None:
    """Benjamini and Hochberg (1995), table 1: of 15 p-values the first four stand at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert sum(false_discovery(p) <= 0.05) == 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_false_discovery_rate_is_that_of_scipy(p: list[float]) -> None:
    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


def test_tables_that_are_drawn_have_the_margins_of_theirs_and_are_right_on_average() -> None:
    table = np.array([[9, 1, 0], [2, 6, 3], [1, 1, 7]])
    made = alike_tables(table, 4_000)
    assert (made >= 0).all()
    assert (made.sum(1) == table.sum(0)).all()
    assert (made.sum(2) == table.sum(1)).all()
    assert made.mean(0) == pytest.approx(expected(table), abs=0.1)
    theirs = stats.random_table(table.sum(1), table.sum(0)).rvs(4_000, random_state=1)
    assert made.std(0) == pytest.approx(theirs.std(0), abs=0.1)


def test_spearman_is_that_of_scipy() -> None:
    one = RNG.integers(0, 101, 80)
    other = (one + RNG.integers(-40, 41, 80)).clip(0, 100)
    made = correlation(one, other)
    assert made is not None
    r, p = stats.spearmanr(one, other)
    low, high = made.interval()
    assert made.effect == pytest.approx(r)
    assert made.p == pytest.approx(p)
    assert low < r < high


@pytest.mark.parametrize("table", [[[38, 2], [1, 5]], [[3, 9], [4, 1]], [[20, 1], [2, 5]]])
def test_small_tables_of_two_by_two_are_tested_exactly(table: list[list[int]]) -> None:
    made = contingency(np.array(table))
    assert made is not None
    assert made.p == pytest.approx(stats.fisher_exact(np.array(table)).pvalue, rel=1e-9)


@pytest.mark.parametrize("table", [[[9, 1, 0], [2, 6, 3], [1, 1, 7]], [[4, 5, 3], [5, 4, 4]]])
def test_other_small_tables_are_tested_by_permutation_and_always_alike(
    table: list[list[int]],
) -> None:
    method = stats.PermutationMethod(n_resamples=1999, rng=np.random.default_rng(1))
    theirs = stats.chi2_contingency(table, correction=False, method=method).pvalue
    ours = [contingency(np.array(table)) for _ in range(2)]
    assert ours[0] is not None
    assert ours[1] is not None
    assert ours[0].p == ours[1].p == pytest.approx(theirs, abs=0.05 if theirs > 0.1 else 0.002)
