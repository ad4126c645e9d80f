"""What is said to have changed: differences beyond chance, and nothing about few stories."""

from __future__ import annotations

import random

from scipy import stats

from bot.coordinators.digest.significance import STORIES, SignificantChange, changes

X, Y = ("answer:promise", "own_life"), ("answer:promise", "context")
LOOKED_AT = (X, Y)


def test_a_clear_difference_is_told_the_greatest_first() -> None:
    week, quarter = {STORIES: 60, X: 30, Y: 6}, {STORIES: 800, X: 300, Y: 280}
    assert changes(week, quarter, LOOKED_AT) == [SignificantChange(Y, 10, 35)]
    found = changes(week | {X: 48}, quarter, LOOKED_AT)
    assert found == [SignificantChange(X, 80, 38), SignificantChange(Y, 10, 35)]
    assert [each.more for each in found] == [True, False]


def test_what_may_be_chance_is_not_told() -> None:
    assert changes({STORIES: 60, X: 24}, {STORIES: 800, X: 280}, LOOKED_AT) == []


def test_nothing_is_said_about_few_stories_or_hidden_numbers() -> None:
    quarter = {STORIES: 800, X: 100}
    for week in ({STORIES: 29, X: 20}, {X: 20}, {STORIES: 40}, {}):
        assert changes(week, quarter, LOOKED_AT) is None
    assert changes({STORIES: 40, X: 20}, {STORIES: 800}, LOOKED_AT) is None
    assert changes({STORIES: 40, X: 20}, {X: 100}, LOOKED_AT) is None


def test_it_agrees_with_the_test_of_a_two_by_two_table() -> None:
    rng = random.Random(4)
    for _ in range(300):
        n, m = rng.randint(30, 200), rng.randint(200, 2000)
        a, b = rng.randint(1, n - 1), rng.randint(1, m - 1)
        table = [[a, n - a], [b, m - b]]
        p = stats.chi2_contingency(table, correction=False).pvalue
        found = changes({STORIES: n, X: a}, {STORIES: m, X: b}, LOOKED_AT)
        assert bool(found) == bool(p < 0.05 / len(LOOKED_AT))


def test_weeks_that_are_alike_are_seldom_said_to_differ() -> None:
    rng, wrong = random.Random(8), 0
    cells = [("answer:promise", str(n)) for n in range(14)]

    def drawn(stories: int) -> dict[tuple[str, str], int]:
        told = {cell: sum(rng.random() < 0.3 for _ in range(stories)) for cell in cells}
        return {STORIES: stories, **told}

    for _ in range(300):
        wrong += bool(changes(drawn(60), drawn(600), cells))
    assert wrong / 300 < 0.1
