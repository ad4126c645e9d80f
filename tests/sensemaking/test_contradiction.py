"""Contradictions: found where they are, seldom seen where they are not, and otherwise too little to
say. The large simulation is `benchmarks/contradictions.py`."""

from __future__ import annotations

import pytest

from benchmarks.contradictions import share
from conversations.sensemaking.contradiction import (
    PairOfSeries,
    PointPair,
    corrected_for,
    examine,
    interval,
    strongest,
    student,
)

RISING = [PointPair(float(at), 40.0 + at * 2, 0.3, 1.0) for at in range(12)]
FALLING = [PointPair(float(at), 40.0 - at * 2, 0.3, 1.0) for at in range(12)]


def pair(points: list[PointPair], over: str = "areas", expected: int = 1) -> PairOfSeries:
    return PairOfSeries(("i", "a"), over, points, expected)  # type: ignore[arg-type]


def said(points: list[PointPair], over: str = "areas", expected: int = 1) -> str:
    return examine([pair(points, over, expected)])[0].said


def test_a_contradiction_is_found_and_false_alarms_are_few() -> None:
    assert share(400, [-0.7], seed=3) >= 0.8
    assert share(400, [0.0], seed=4) <= 0.06  # 4 %, and what so few rounds may differ
    assert share(100, [0.0] * 5, seed=5) <= 0.08  # 5 % and what 100 rounds may differ


@pytest.mark.parametrize("over", ["areas", "periods"])
def test_only_what_is_against_the_expectation_is_a_contradiction(over: str) -> None:
    assert said(FALLING, over) == said(RISING, over, -1) == "contradiction"
    assert said(RISING, over) == said(FALLING, over, -1) == "together"


@pytest.mark.parametrize("over", ["areas", "periods"])
def test_what_hardly_differs_or_is_few_is_too_little_to_say(over: str) -> None:
    assert said(FALLING[:2], over) == "too_few"
    assert said([PointPair(1.0, float(at)) for at in range(12)], over) == "alike"
    unsure = [PointPair(p.figure, p.answer, 40.0, 90.0) for p in FALLING]
    assert said(unsure, over) in ("alike", "unclear")


def test_both_trends_must_be_beyond_their_interval() -> None:
    figure_unsure = [PointPair(p.figure, p.answer, 30.0, 1.0) for p in FALLING]
    answers_unsure = [PointPair(p.figure, p.answer, 0.3, 60.0) for p in FALLING]
    assert said(figure_unsure, "periods") == said(answers_unsure, "periods") == "unclear"


def test_looking_at_more_makes_a_card_harder() -> None:
    weak = [PointPair(float(at), -float(at) + (9 if at % 2 else 0)) for at in range(12)]
    alone = examine([pair(weak)])[0]
    assert alone.said == "contradiction"
    noise = [PointPair(p.figure, 8.0 * (p.figure % 2)) for p in weak]
    nothing = [PairOfSeries(("n", str(at)), "areas", noise) for at in range(30)]
    among = examine([pair(weak), *nothing])
    assert among[0].said == "unclear"
    assert strongest(among) == []


def test_a_correlation_of_seven_tenths_over_twelve_areas_is_found() -> None:
    """A small sample of `benchmarks/contradictions.py`: 84 % there, and 4 to 5 % false alarms."""
    assert share(200, [-0.7]) >= 0.8
    assert share(200, [0.0]) <= 0.05 + 1.645 * (0.05 * 0.95 / 200) ** 0.5


def test_at_most_three_are_offered() -> None:
    five = [PairOfSeries((str(at), ""), "areas", FALLING) for at in range(5)]
    assert len(strongest(examine(five))) == 3


def test_the_numbers_are_those_of_the_books() -> None:
    assert student(2.228, 10) == pytest.approx(0.025, abs=1e-4)
    assert student(-1.812, 10) == pytest.approx(0.95, abs=1e-3)
    assert corrected_for([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    low, high = interval(0.7, 12)
    assert (low, high) == pytest.approx((0.307, 0.889), abs=2e-3)
