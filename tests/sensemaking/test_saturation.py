"""Enough: the interval of the share heard holds it as often as it says. The large simulation is
`benchmarks/saturation.py`."""

from __future__ import annotations

import pytest

from benchmarks.saturation import covered, towns
from conversations.sensemaking.saturation import heard, share_interval


def test_the_interval_covers_in_ninety_of_a_hundred() -> None:
    every = towns()
    names = ("equal 40", "one over rank 40", "broken stick 100", "roles by promises 40")
    for stories in (20, 60):
        shares = [covered(every[name], stories, 150, seed=7) for name in names]
        assert 0.86 <= sum(shares) / len(shares) <= 0.94


def test_below_twenty_stories_nothing_is_advised() -> None:
    assert heard([]).advice == "too_few"
    assert heard(["a"] * 19).advice == "too_few"
    assert heard(["a"] * 10 + ["b"] * 10).advice == "enough"
    assert heard(range(25)).advice == "go_on"


def test_the_estimates_are_those_of_the_books() -> None:
    found = heard("aaaaaaaaaabbbbbbbccccddeefgh")
    assert (found.stories, found.kinds) == (28, 8)
    assert found.share == pytest.approx(1 - 3 / 28)
    assert found.most == pytest.approx(8 + 27 / 28 * 9 / 4)
    assert found.low < found.share < found.high


def test_more_stories_of_the_same_make_it_surer() -> None:
    narrow, wide = (share_interval(n, n // 10, n // 20) for n in (400, 40))
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    assert 0 <= wide[0] <= wide[1] <= 1
