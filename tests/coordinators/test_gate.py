"""The gate, before an attacker who subtracts everything from everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.sensemaking.coarse_shares import steps_of, told_next
from conversations.sensemaking.rounds import VOTES, agreed, bridging, held_by, predicted
from storage.gate.rules import ALL, AnswerCounts, ShownCount, release, stories, together
from tests.coordinators.attacker import Group, attack, certain

K = 5
TEAMS = ("a", "b", "c", "d")
ANSWERS = ("x", "y", "z")
LEAVES = (*ANSWERS, "skipped", "not asked")

World = dict[tuple[str, str], int]
"""How many stories of a team gave an answer, skipped the question, or were not asked."""

counts = st.one_of(st.integers(0, 6), st.integers(0, 25))
worlds = st.fixed_dictionaries({(team, leaf): counts for team in TEAMS for leaf in LEAVES})


def rows_of(world: World, teams: tuple[str, ...] = TEAMS) -> dict[str, AnswerCounts]:
    rows = {}
    for team in teams:
        given_ = {answer: world[team, answer] for answer in ANSWERS}
        asked = sum(given_.values()) + world[team, "skipped"]
        rows[team] = AnswerCounts(given_, asked, asked + world[team, "not asked"])
    return rows


def group(team: str, *leaves: str, teams: tuple[str, ...] = TEAMS) -> Group:
    return frozenset((t, leaf) for t in (teams if team == ALL else (team,)) for leaf in leaves)


def known_to_all(rows: Mapping[str, AnswerCounts]) -> dict[Group, int]:
    """Everything that leaves about one question in one week, as groups."""
    there = stories({team: row.stories for team, row in rows.items()}, K)
    known = {group(team, *LEAVES): count for team, count in there.items()}
    visible = [team for team in there if team]
    for (team, value), cell in release(rows, K, visible).items():
        known[group(team, value)] = cell.count
    return known


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_no_subtraction_finds_a_small_group(world: World) -> None:
    result = attack(known_to_all(rows_of(world)), world, K)
    assert result.found == []


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_no_subtraction_finds_a_small_group_when_stories_give_several_answers(
    world: World,
) -> None:
    """Then each answer stands alone: in it, or not in it."""
    rows = {
        team: AnswerCounts({"x": world[team, "x"]}, world[team, "x"] + world[team, "skipped"],
                  world[team, "x"] + world[team, "skipped"])
        for team in TEAMS
    }  # fmt: skip
    there = stories({team: row.stories for team, row in rows.items()}, K)
    known = {group(team, "x", "skipped"): count for team, count in there.items()}
    visible = [team for team in there if team]
    for (team, value), cell in release(rows, K, visible, several=True).items():
        known[group(team, value)] = cell.count
    assert attack(known, world, K).found == []


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_no_subtraction_of_weeks_from_their_quarter_finds_a_small_group(world: World) -> None:
    """The rows are weeks here, each of which left alone before."""
    rows = rows_of(world)
    weekly = {week: AnswerCounts(row.counts, row.asked, row.stories) for week, row in rows.items()}
    known: dict[Group, int] = {}
    shown: dict[tuple[str, str], ShownCount] = {}
    for week, row in weekly.items():
        there = stories({"": row.stories}, K)
        if ALL not in there:
            continue
        known[group(week, *LEAVES)] = there[ALL]
        for (_, value), cell in release({"": row}, K, ()).items():
            shown[week, value] = cell
            known[group(week, value)] = cell.count
    total = sum(row.stories for row in rows.values())
    hidden = total - sum(c for g, c in known.items() if len(g) == len(LEAVES))
    if hidden == 0 or hidden >= K:
        known[group(ALL, *LEAVES)] = total
        for value, cell in together(weekly, shown, K).items():
            known[group(ALL, value)] = cell.count
    assert attack(known, world, K).found == []


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_what_leaves_is_true(world: World) -> None:
    rows = rows_of(world)
    for leaves, count in known_to_all(rows).items():
        assert sum(world[leaf] for leaf in leaves) == count


def test_the_attacker_finds_what_a_careless_gate_lets_out() -> None:
    """Totals beside all but one team: the classical mistake."""
    world = {(team, leaf): 9 for team in TEAMS for leaf in LEAVES} | {("a", "x"): 2}
    careless = {group(ALL, "x"): 29} | {group(team, "x"): 9 for team in TEAMS[1:]}
    assert (frozenset({("a", "x")}), 2) in attack(careless, world, K).found


def test_everybody_says_as_much_as_nobody() -> None:
    everybody = {"a": AnswerCounts({"x": 12}, 12, 12)}
    assert release(everybody, K, ["a"]) == {}
    nearly = {"a": AnswerCounts({"x": 9, "y": 2}, 11, 11)}
    assert release(nearly, K, ["a"]) == {}


def test_a_small_team_takes_the_next_one_with_it() -> None:
    assert stories({"a": 20, "b": 9, "c": 2}, K) == {ALL: 31, "a": 20}
    assert stories({"a": 20, "b": 9, "c": 5}, K) == {ALL: 34, "a": 20, "b": 9, "c": 5}


def test_stories_without_a_team_only_count_together() -> None:
    assert stories({"": 9, "a": 6}, K) == {ALL: 15, "a": 6}


def test_few_stories_say_nothing() -> None:
    assert stories({"a": 3}, K) == {}
    assert stories({}, K) == {}


def test_the_threshold_has_a_floor() -> None:
    with pytest.raises(ValueError, match="3 or more"):
        stories({"a": 9}, 2)


def test_plenty_is_shown_when_there_is_plenty() -> None:
    rows = {
        "a": AnswerCounts({"x": 20, "y": 15}, 45, 45),
        "b": AnswerCounts({"x": 12, "y": 8}, 30, 30),
    }
    shown = release(rows, K, ["a", "b"])
    assert {cell: number.count for cell, number in shown.items()} == {
        ("a", "x"): 20, ("a", "y"): 15, ("b", "x"): 12, ("b", "y"): 8,
        (ALL, "x"): 32, (ALL, "y"): 23,
    }  # fmt: skip


# -- what leaves a session, and the share of justice


def votes(world: tuple[int, ...]) -> dict[str, list[str]]:
    """The answers of one role after the other, as a world of counts."""
    return {
        role: [vote for vote, n in zip(VOTES, world[3 * at :], strict=False) for _ in range(n)]
        for at, role in enumerate(("resident", "professional")[: len(world) // 3])
    }


def told_of_votes(world: tuple[int, ...]) -> str:
    """All that leaves: shares, and the interval of what the roles have in common."""
    given = votes(world)
    bridge = bridging(held_by(given, K))
    return repr((agreed(given, K), bridge))


def splits(size: int) -> Iterator[tuple[int, int, int]]:
    for holds in range(size + 1):
        for fails in range(size + 1 - holds):
            yield holds, fails, size - holds - fails


@pytest.mark.parametrize("size", range(K, 26))
def test_no_votes_of_a_group_are_told(size: int) -> None:
    assert certain(splits(size), told_of_votes, K) == []


@pytest.mark.parametrize("sizes", [(5, 5), (5, 7), (6, 6)])
def test_no_votes_come_out_of_two_roles_beside_all_together(sizes: tuple[int, int]) -> None:
    worlds = ((*one, *other) for one, other in product(*map(splits, sizes)))
    assert certain(worlds, told_of_votes, K) == []


@pytest.mark.parametrize("size", [5, 6])
def test_no_predictions_are_told(size: int) -> None:
    """Of no stretch of the scale; a part of the world is how many chose a place."""
    places = range(0, 101, 10)
    worlds = (
        tuple(some.count(place) for place in places)
        for some in combinations_with_replacement(places, size)
    )
    runs = [tuple(range(low, high + 1)) for high in range(11) for low in range(high + 1)]

    def told(world: tuple[int, ...]) -> str:
        given = [place for place, n in zip(places, world, strict=True) for _ in range(n)]
        return repr(predicted({"": given}, K))

    assert certain(worlds, told, K, runs) == []


def test_no_answers_come_out_of_one_share_of_justice_beside_the_next() -> None:
    """A part of the world is how many of the next five said yes."""

    def told(world: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        left: list[tuple[int, int]] = []
        for at in range(len(world)):
            size = K * (at + 1)
            left.append((size, told_next(left, sum(world[: at + 1]), size)))
        return tuple(left)

    assert certain(product(range(K + 1), repeat=4), told, K) == []


def test_the_attacker_knows_the_votes_of_five_where_each_count_has_a_share_of_its_own() -> None:
    def careless(world: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(min(80, max(20, 20 * count)) for count in world)

    assert certain(splits(5), careless, K)


@pytest.mark.parametrize("size", range(3, 80))
def test_a_share_that_is_told_holds_for_all_counts_of_its_step(size: int) -> None:
    steps = steps_of(size)
    assert sum(step.last - step.first + 1 for step in steps) == size + 1
    assert len({step.percent for step in steps}) == len(steps) >= 2
    for step in steps:
        assert step.last > step.first
        low, high = (100 * count / size for count in (step.first, step.last))
        match step.bound:
            case "most":
                assert high <= step.percent
            case "least":
                assert low >= step.percent
            case _:
                assert low - 10 <= step.percent <= high + 10
