"""What leaves a round, and which stories become cards: properties over many rounds."""

from __future__ import annotations

import random
from itertools import product

import pytest

from conversations.sensemaking.card_selection import distance, spread
from conversations.sensemaking.rounds import (
    VOTES,
    Bridge,
    agreed,
    bridging,
    bridging_rank,
    held_by,
    predicted,
    shown_roles,
)

ROLES = ("resident", "professional", "coordinator")
K = 5


@pytest.mark.parametrize("sizes", list(product((0, 1, 4, 5, 9), repeat=3)))
def test_no_role_smaller_than_k_is_shown_nor_left_over(sizes: tuple[int, ...]) -> None:
    """Whoever subtracts the shown roles from all together is left with nobody, or with k."""
    given = {role: ["holds"] * size for role, size in zip(ROLES, sizes, strict=True) if size}
    left = agreed(given, K)
    assert predicted({role: [10] * len(each) for role, each in given.items()}, K).keys() == (
        left.keys()
    )
    total = sum(sizes)
    assert bool(left) is (total >= K)
    roles = left.keys() - {"all"}
    assert all(len(given[role]) >= K for role in roles)
    rest = total - sum(len(given[role]) for role in roles)
    assert not roles or rest == 0 or rest >= K


@pytest.mark.parametrize("seed", range(20))
def test_shares_and_places_leave_in_steps_of_ten_and_never_say_all_or_none(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(5, 40)
    answers = chance.choices(("holds", "fails", "unsure"), (seed, 1, 0.1), k=size)
    shares = agreed({"resident": answers}, K)["all"]
    told = [shares[answer] for answer in VOTES]
    assert all(share % 10 == 0 and 0 < share < 100 for share in told)
    (together,) = predicted({"resident": [chance.randint(0, 100) for _ in range(size)]}, K).values()
    assert all(each % 10 == 0 for each in (together.low, together.middle, together.high))
    assert 0 <= together.low <= together.middle <= together.high <= 100
    same = predicted({"resident": [seed * 5] * size}, K)["all"]
    assert same.low < same.high


@pytest.mark.parametrize("size", range(3, 30))
def test_nobody_sees_whether_all_said_the_same_or_all_but_one(size: int) -> None:
    all_of_them, but_one = ["holds"] * size, ["holds"] * (size - 1) + ["unsure"]
    assert agreed({"resident": all_of_them}, 3) == agreed({"resident": but_one}, 3)
    held = [held_by({"resident": each, "professional": each}, 3) for each in (all_of_them, but_one)]
    assert bridging(held[0]) == bridging(held[1])


def simulated(chance: random.Random, shares: list[float], many: int = 12) -> Bridge:
    found = bridging([(sum(chance.random() < s for _ in range(many)), many) for s in shares])
    assert found is not None
    return found


def test_the_interpretation_that_all_roles_share_comes_first() -> None:
    """80 % of every role agree with one, at most 50 % of a role with five others; the benchmark
    does this two thousand times."""
    chance, first = random.Random(17), 0
    for _ in range(60):
        planted = simulated(chance, [0.8, 0.8, 0.8])
        others = [simulated(chance, [0.5, 0.5, 0.5]) for _ in range(5)]
        first += all(planted.product > each.product for each in others)
    assert first >= 57


def test_the_order_rests_on_what_left_and_one_role_that_disagrees_sends_it_down() -> None:
    """The same with the shares in steps of ten, as the page orders them."""
    chance, first = random.Random(5), 0

    def ranked(shares: list[float]) -> float:
        given = {
            role: [("fails", "holds")[chance.random() < s] for _ in range(12)]
            for role, s in zip(ROLES, shares, strict=True)
        }
        return bridging_rank(agreed(given, K))

    for _ in range(60):
        planted = ranked([0.8] * 3)
        first += all(planted > ranked([0.5] * 3) for _ in range(5))
    assert first >= 57
    even, split = ({"holds": n, "fails": 0, "unsure": 0} for n in (70, 90))
    assert bridging_rank(dict.fromkeys(ROLES, even)) > bridging_rank(
        {"resident": split, "professional": split, "coordinator": {**even, "holds": 40}}
    )
    assert bridging_rank({}) == bridging_rank({"all": even}) == 0


def test_words_are_given_only_where_intervals_say_so() -> None:
    assert _word((12, 12), (11, 12)) == "shared"
    assert _word((12, 12), (0, 12)) == "splitting"
    assert _word((6, 12), (7, 12)) == "open"
    assert _word((3, 5), (2, 5)) == "open"
    assert bridging([(5, 5)]) is None
    assert shown_roles({"resident": 12}, K) == []


def _word(*counts: tuple[int, int]) -> str:
    found = bridging(counts)
    assert found is not None
    assert 0 <= found.low <= found.product <= found.high <= 1
    return found.word


@pytest.mark.parametrize("seed", range(10))
def test_cards_are_both_ends_an_outlier_and_far_apart(seed: int) -> None:
    chance = random.Random(seed)
    stories = [
        (f"{n:03}", {"scale": chance.randint(20, 80), "feeling": ["glad"]}) for n in range(50)
    ]
    stories += [
        ("low", {"scale": 0, "feeling": ["glad"]}),
        ("high", {"scale": 100, "feeling": ["glad"]}),
        ("odd", {"scale": 50, "feeling": ["angry"], "other": ["x"]}),
    ]
    chance.shuffle(stories)
    chosen = spread(stories, "scale")
    assert len(set(chosen)) == 12
    assert {"low", "high", "odd"} <= set(chosen)
    answers = dict(stories)

    def nearest(some: list[str]) -> float:
        return min(distance(answers[a], answers[b], "scale") for a in some for b in some if a != b)

    by_chance = [nearest(chance.sample(list(answers), 12)) for _ in range(5)]
    assert nearest(chosen) >= max(by_chance)


def test_every_answer_of_a_choice_is_on_a_card() -> None:
    stories = [(f"{n:02}", {"door": [("often", "rare")[n == 13]]}) for n in range(30)]
    assert "13" in spread(stories, "door", 4)
    assert spread([], "door") == []
