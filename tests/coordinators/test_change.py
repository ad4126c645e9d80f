"""What is said to have changed: differences beyond chance, and nothing about few stories."""

from __future__ import annotations

import random

from scipy import stats

from bot.coordinators.change import Change, changes
from storage.gate import Shown

X, Y = ("answer:promise", "own_life"), ("answer:promise", "context")
LOOKED_AT = (X, Y)


def test_a_clear_difference_is_told_the_greatest_first() -> None:
    week = {X: Shown(30, 60), Y: Shown(6, 60)}
    quarter = {X: Shown(300, 800), Y: Shown(280, 800)}
    assert changes(week, quarter, LOOKED_AT) == [Change(Y, 10, 35)]
    week[X] = Shown(48, 60)
    found = changes(week, quarter, LOOKED_AT)
    assert found == [Change(X, 80, 38), Change(Y, 10, 35)]
    assert [each.more for each in found] == [True, False]


def test_what_may_be_chance_is_not_told() -> None:
    assert changes({X: Shown(24, 60)}, {X: Shown(280, 800)}, LOOKED_AT) == []


def test_nothing_is_said_about_few_stories_or_hidden_numbers() -> None:
    assert changes({X: Shown(20, 29)}, {X: Shown(100, 800)}, LOOKED_AT) is None
    assert changes({}, {X: Shown(100, 800)}, LOOKED_AT) is None
    assert changes({X: Shown(20, 40)}, {}, LOOKED_AT) is None


def test_it_agrees_with_the_test_of_a_two_by_two_table() -> None:
    rng = random.Random(4)
    for _ in range(300):
        n, m = rng.randint(30, 200), rng.randint(200, 2000)
        a, b = rng.randint(1, n - 1), rng.randint(1, m - 1)
        table = [[a, n - a], [b, m - b]]
        p = stats.chi2_contingency(table, correction=False).pvalue
        found = changes({X: Shown(a, n)}, {X: Shown(b, m)}, LOOKED_AT)
        assert bool(found) == bool(p < 0.05 / len(LOOKED_AT))


def test_weeks_that_are_alike_are_seldom_said_to_differ() -> None:
    rng, wrong = random.Random(8), 0
    cells = [("answer:promise", str(n)) for n in range(14)]
    for _ in range(400):
        week = {c: Shown(sum(rng.random() < 0.3 for _ in range(60)), 60) for c in cells}
        quarter = {c: Shown(sum(rng.random() < 0.3 for _ in range(600)), 600) for c in cells}
        wrong += bool(changes(week, quarter, cells))
    assert wrong / 400 < 0.1
