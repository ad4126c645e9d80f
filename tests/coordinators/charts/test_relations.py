"""Numbers that were published, and those of scipy itself; and silence where there is too little."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.statistics import (
    FEWEST,
    Column,
    contingency,
    correlation,
    draw,
    groups,
    pair,
    two_groups,
)
from bot.coordinators.pages.patterns import said
from bot.coordinators.phrases import words
from bot.coordinators.questions import questions
from storage.stories.reading import Filters
from tests.coordinators.office import library

STRENGTHS, CHAINS = "movement_problems_strengths", "movement_chains_networks"
RNG = np.random.default_rng(7)


def test_chi_square_of_the_example_of_agresti() -> None:
    """Agresti (2007), page 39: gender and party, X-squared = 30.07, df = 2, p = 2.954e-07."""
    table = {("F", "D"): 762, ("F", "I"): 327, ("F", "R"): 468,
             ("M", "D"): 484, ("M", "I"): 239, ("M", "R"): 477}  # fmt: skip
    one = [row for (row, _), n in table.items() for _ in range(n)]
    other = [column for (_, column), n in table.items() for _ in range(n)]
    made = contingency(one, other)
    assert made is not None
    kind, effect, low, high, p = made
    assert kind == "cramer"
    assert p == pytest.approx(2.954e-07, rel=1e-3)
    assert effect == pytest.approx((30.07 / 2757) ** 0.5, rel=1e-3)
    assert low < effect < high


def test_mann_whitney_of_the_example_of_hollander_and_wolfe() -> None:
    """Hollander and Wolfe (1973), page 69: W = 35, p = 0.1272 one-sided, so 0.2544 two-sided."""
    one = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
    other = np.array([1.15, 0.88, 0.90, 0.74, 1.21])
    kind, effect, low, high, p = two_groups(one, other)
    assert kind == "biserial"
    assert p == pytest.approx(0.2544, abs=5e-4)
    assert effect == pytest.approx(2 * 35 / 50 - 1)
    assert low < effect < high


def test_kruskal_wallis_of_the_example_of_hollander_and_wolfe() -> None:
    """Hollander and Wolfe (1973), page 116: chi-squared = 0.77143, df = 2, p = 0.68."""
    samples = ([2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0])
    h, p = stats.kruskal(*samples)
    assert h == pytest.approx(0.77143, abs=1e-5)
    places = np.array([value for sample in samples for value in sample] * 4)
    names = [name for name, sample in zip("abc", samples, strict=True) for _ in sample] * 4
    made = groups(places, names)
    assert made is not None
    by_name = [[v for v, n in zip(places, names, strict=True) if n == name] for name in "abc"]
    h, p = stats.kruskal(*by_name)
    assert made[1] == pytest.approx(h / (len(places) - 1))
    assert made[4] == pytest.approx(p)


def test_the_false_discovery_rate_of_benjamini_and_hochberg() -> None:
    """Benjamini and Hochberg (1995), table 1: of 15 p-values the first four stand at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert sum(stats.false_discovery_control(p) <= 0.05) == 4


def test_spearman_is_that_of_scipy() -> None:
    one = RNG.integers(0, 101, 80)
    other = (one + RNG.integers(-40, 41, 80)).clip(0, 100)
    made = correlation(one, other)
    assert made is not None
    r, p = stats.spearmanr(one, other)
    assert made[1] == pytest.approx(r)
    assert made[4] == pytest.approx(p)
    assert made[2] < r < made[3]


@pytest.mark.parametrize("n", [0, 1, 12, FEWEST - 1])
def test_below_thirty_stories_nothing_is_said(n: int) -> None:
    places = list(range(n))
    assert pair("a", "b", places, places) is None
    assert pair("a", "b", [["x"]] * n, places) is None


def test_unanswered_stories_do_not_count() -> None:
    places: Column = [*range(25), *[None] * 40]
    assert pair("a", "b", places, list(range(65))) is None


def test_a_question_that_everybody_answers_alike_says_nothing() -> None:
    same: Column = [["x"]] * 60
    assert pair("a", "b", same, list(range(60))) is None
    assert pair("a", "b", [50] * 60, list(range(60))) is None


def test_small_expected_counts_are_not_tested() -> None:
    one = ["a"] * 40 + ["b"] * 6
    other = ["x"] * 38 + ["y"] * 2 + ["x"] * 1 + ["y"] * 5
    assert contingency(one, other) is None


def test_chance_is_called_chance() -> None:
    """Unrelated questions: with the correction hardly ever anything stands out."""
    columns: dict[str, Column] = {
        f"q{n}": [int(v) for v in RNG.integers(0, 101, 200)] for n in range(12)
    }
    names = list(columns)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    results = draw(Relations(columns=dict(columns), pairs=pairs))
    assert len(results) == 66
    assert sum(result["q"] <= 0.05 for result in results) <= 1
    assert sum(result["p"] <= 0.05 for result in results) >= 1


def test_what_goes_together_stands_out_strongest_first() -> None:
    base = RNG.integers(0, 101, 120)
    columns: dict[str, Column] = {
        "one": [int(v) for v in base],
        "near": [int(v) for v in (base + RNG.integers(-10, 11, 120)).clip(0, 100)],
        "far": [int(v) for v in (base + RNG.integers(-60, 61, 120)).clip(0, 100)],
    }
    results = draw(Relations(columns=dict(columns), pairs=[("one", "far"), ("one", "near")]))
    assert [result["other"] for result in results] == ["near", "far"]
    assert all(result["q"] <= 0.05 for result in results)


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from("abc")), max_size=80))
@settings(deadline=None, max_examples=60)
def test_an_interval_holds_its_effect(rows: list[tuple[int, str]]) -> None:
    made = pair("a", "b", [value for value, _ in rows], [[name] for _, name in rows])
    if made is not None:
        assert made.low - 1e-9 <= made.effect <= made.high + 1e-9 or made.kind == "epsilon2"
        assert 0 <= made.p <= 1


def result(one: str, other: str, kind: str, effect: float, q: float = 0.001) -> dict[str, Any]:
    return {
        "one": one, "other": other, "kind": kind, "n": 90, "effect": effect, "low": 0.1,
        "high": 0.6, "p": q, "q": q,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (result(STRENGTHS, CHAINS, "spearman", 0.5), "Hoe meer ‘{a1}’, hoe meer ook ‘{b1}’."),
        (result(STRENGTHS, CHAINS, "spearman", -0.3), "Hoe meer ‘{a1}’, hoe meer ook ‘{b0}’."),
        (result(STRENGTHS, "feeling:glad", "biserial", 0.5), "Bij ‘Blij’ meer ‘{a0}’. Een sterk"),
        (result("feeling:glad", STRENGTHS, "biserial", -0.5), "Bij ‘Blij’ meer ‘{a1}’. Een sterk"),
        (result(STRENGTHS, "door", "epsilon2", 0.3), "Een sterk verband, waarschijnlijk"),
        (result(STRENGTHS, CHAINS, "spearman", 0.5, q=0.06), "Dit kan toeval zijn."),
        (result(STRENGTHS, CHAINS, "spearman", 0.05), "Waarschijnlijk geen toeval, maar"),
    ],
)  # fmt: skip
def test_a_relation_says_which_way_it_goes(found: dict[str, Any], says: str) -> None:
    asked = questions(library(), "nl")
    poles = {
        f"{letter}{end}": asked[scale].answers[end][1]
        for letter, scale in (("a", STRENGTHS), ("b", CHAINS))
        for end in (0, 1)
    }
    assert said(found, asked, words("nl"), Filters()).says.startswith(says.format(**poles))


def test_the_direction_is_that_of_the_stories() -> None:
    """Those who are glad lie further to the right: so the words must say."""
    glad = [["yes"] if n % 2 else ["no"] for n in range(60)]
    places = [80 if n % 2 else 20 for n in range(60)]
    made = pair(STRENGTHS, "feeling:glad", places, glad)
    assert made is not None
    asked = questions(library(), "nl")
    right = asked[STRENGTHS].answers[1][1]
    told = said({**asdict(made), "q": 0.001}, asked, words("nl"), Filters())
    assert told.says.startswith(f"Bij ‘Blij’ meer ‘{right}’.")
