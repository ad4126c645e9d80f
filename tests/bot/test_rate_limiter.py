"""A limiter lets through what it should, forgets who is at rest, and mixes up nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rate_limiter
from bot.rate_limiter import Limiter


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@given(
    st.integers(1, 20),
    st.floats(0.01, 100),
    st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 50)), max_size=80),
)
def test_no_name_passes_more_often_than_it_may_and_none_is_held_up_by_another(
    burst: int, seconds: float, tries: list[tuple[str, float]]
) -> None:
    hand = Hand()
    shared, alone = Limiter(burst, seconds, hand), {n: Limiter(burst, seconds, hand) for n in "ab"}
    passed: dict[str, list[float]] = {"a": [], "b": []}
    for name, later in tries:
        hand.at += later
        took = shared.take(name)
        assert took == alone[name].take()
        if took:
            passed[name].append(hand.at)
    for moments in passed.values():
        for begin, first in enumerate(moments):
            for end in range(begin + 1, len(moments) + 1):
                long = moments[end - 1] - first
                assert end - begin <= burst + long / seconds + 1e-6


@given(st.integers(1, 20), st.floats(0.01, 100), st.integers(1, 40))
def test_after_its_wait_one_more_passes(burst: int, seconds: float, tries: int) -> None:
    hand = Hand()
    limit = Limiter(burst, seconds, hand)
    for _ in range(tries):
        if not limit.take():
            assert 0 < limit.wait() <= seconds * (1 + 1e-9)
            hand.at += limit.wait()
            assert limit.take()


def test_names_without_end_are_forgotten_and_who_did_most_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limiter, "REMEMBERED", 100)
    hand = Hand()
    limit = Limiter(3, 1000, hand)
    assert [limit.take("busy") for _ in range(4)] == [True, True, True, False]
    for number in range(1000):
        hand.at += 0.001
        assert limit.take(f"{number}")
    assert len(limit._rested) <= 100
    assert not limit.take("busy")
    hand.at += 10_000
    assert limit.take("busy")
    assert limit.take("new")
    for number in range(200):
        limit.take(f"again {number}")
    assert len(limit._rested) <= 100
