"""One verdict for one relation; and words where nothing can be tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bot.coordinators.charts.drawing import WHERE
from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.relations import Pair, draw
from bot.coordinators.charts.relations import family as pairs_of
from bot.coordinators.charts.statistics import FEWEST, RARE
from bot.coordinators.relation_sentences import asked_about
from tests.coordinators.charts.kit import ASKED, invented, named

RNG = np.random.default_rng(7)


def test_the_worker_knows_where_everything_is_made() -> None:
    for module in WHERE.values():
        assert find_spec(f"bot.coordinators.charts.{module}") is not None


def family(
    columns: Mapping[str, Sequence[int]],
    answers: Mapping[str, Sequence[str]] | None = None,
    several: Sequence[str] = (),
    about: Sequence[str] = (),
) -> dict[str, Any]:
    return draw(Relations(columns, answers or {}, several, about))


def places(values: Any) -> list[int]:
    return [int(value) for value in values]


@pytest.mark.parametrize("n", [1, 12, FEWEST - 1])
def test_below_thirty_stories_nothing_is_tested_and_it_says_so(n: int) -> None:
    columns = {"a": [*range(n), *[-1] * 40], "b": [*range(n), *[50] * 40]}
    made = family(columns, about=["a", "b"])
    assert (made["relations"], made["tested"], made["why"]) == ([], 0, "few")
    assert family({"a": [5] * n + [-1] * n, "b": [-1] * n + [5] * n}, about=["a", "b"])[
        "why"
    ] == "apart"  # fmt: skip


def test_a_question_that_everybody_answers_alike_cannot_be_tested() -> None:
    made = family({"a": [0] * 60, "b": list(range(60))}, {"a": ["x"]}, about=["a", "b"])
    assert (made["relations"], made["why"]) == ([], "alike")
    assert family({"a": [50] * 60, "b": list(range(60))})["untested"] == [("a", "b", "alike")]


def test_chance_is_called_chance() -> None:
    """Unrelated questions: with the correction hardly ever anything stands out."""
    columns = {f"q{n}": places(RNG.integers(0, 101, 200)) for n in range(12)}
    made = family(columns)
    assert made["tested"] == 66
    assert len(made["relations"]) <= 1
    alone = [family(columns, about=pair)["relations"] for pair in combinations(columns, 2)]
    assert sum(each[0]["p"] <= 0.05 for each in alone) >= 1
    assert sum(each[0]["q"] <= 0.05 for each in alone) == len(made["relations"])


def test_what_goes_together_stands_out_strongest_first() -> None:
    base = RNG.integers(0, 101, 120)
    columns = {
        "one": places(base),
        "near": places((base + RNG.integers(-10, 11, 120)).clip(0, 100)),
        "far": places((base + RNG.integers(-60, 61, 120)).clip(0, 100)),
    }
    made = family(columns, about=["one"])["relations"]
    assert [result["other"] for result in made] == ["near", "far"]
    assert all(result["q"] <= 0.05 for result in made)


REST_AT = -1


def with_tests(asked: Relations) -> list[tuple[str, str, Pair]]:
    return [(pair.one, pair.other, pair) for pair in pairs_of(asked) if pair.tests]


def _alone(asked: Relations, name: str, answer: str, at: Sequence[int]) -> list[int]:
    """Of these stories the places on a scale; whether they gave an answer; or which one they gave,
    rare ones as one."""
    given = [asked.columns[name][n] for n in at]
    if answer:
        bit = list(asked.answers[name]).index(answer)
        return [each >> bit & 1 for each in given]
    if not asked.answers.get(name):
        return given
    return [each if given.count(each) >= RARE else REST_AT for each in given]


def _crossed(one: Sequence[int], other: Sequence[int]) -> Any:
    both = list(zip(one, other, strict=True))
    return np.array([[both.count((a, b)) for b in set(other)] for a in set(one)])


def test_a_relation_has_the_same_verdict_on_every_page() -> None:
    """The overview, the page of a question and the page of a pair say the same of it; small tables
    are tested too."""
    told = invented(280)
    said_of: dict[tuple[str, ...], set[tuple[float, float]]] = {}
    overview = draw(asked_about(told, ASKED, []))
    names = ["resident.door", "resident.feeling", "speed", "resident.need_met", "permission"]
    pages = [overview, *(draw(asked_about(told, ASKED, [named(name)])) for name in names)]
    pages += [
        draw(asked_about(told, ASKED, [named(one), named(other)]))
        for one, other in combinations(names, 2)
    ]
    for page in pages:
        assert page["tested"] == overview["tested"]
        for each in page["relations"]:
            key = each["one"], each["other"], each["a"], each["b"]
            said_of.setdefault(key, set()).add((each["p"], each["q"]))
    assert len(said_of) > 20
    assert all(len(verdicts) == 1 for verdicts in said_of.values())
    assert overview["relations"]
    doors = draw(asked_about(told, ASKED, [named("resident.door"), named("resident.need_met")]))
    assert doors["relations"]
    assert doors["why"] is None


def test_what_is_counted_at_once_is_what_each_test_counts_alone() -> None:
    """Every test of a family, once more by scipy, out of the stories one by one."""
    asked = asked_about(invented(280), ASKED, [])
    tried = {"spearman": 0, "biserial": 0, "epsilon2": 0, "cramer": 0}
    for pair in with_tests(asked):
        at = [n for n in range(280) if min(asked.columns[each][n] for each in pair[:2]) >= 0]
        assert len(at) == pair[2].n
        for test in pair[2].tests:
            one, other = (
                _alone(asked, name, answer, at)
                for name, answer in zip(pair[:2], (test.a, test.b), strict=True)
            )
            tried[test.made.kind] += 1
            match test.made.kind:
                case "spearman":
                    assert test.made.effect == pytest.approx(stats.spearmanr(one, other)[0])
                case "cramer":
                    table = _crossed(one, other)
                    chi2 = stats.chi2_contingency(table, correction=False).statistic
                    most = len(at) * (min(table.shape) - 1)
                    assert test.made.effect == pytest.approx((chi2 / most) ** 0.5, abs=1e-9)
                case kind:
                    scale, chosen = (one, other) if asked.answers.get(pair[1]) else (other, one)
                    samples: list[Any] = [
                        [s for s, c in zip(scale, chosen, strict=True) if c == each]
                        for each in sorted(set(chosen), reverse=True)
                        if each != REST_AT
                    ]
                    u = (
                        stats.mannwhitneyu(*samples)
                        if kind == "biserial"
                        else stats.kruskal(*samples)
                    )
                    assert test.made.p == pytest.approx(u.pvalue, rel=1e-6)
    assert all(tried.values()), tried


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 2)), min_size=30, max_size=80))
@settings(deadline=None, max_examples=40)
def test_an_interval_holds_its_effect(rows: list[tuple[int, int]]) -> None:
    columns = {"a": [place for place, _ in rows], "b": [chosen for _, chosen in rows]}
    for made in family(columns, {"b": "xyz"}, about=["a", "b"])["relations"]:
        inside = made["low"] - 1e-9 <= made["effect"] <= made["high"] + 1e-9
        assert inside or made["kind"] == "epsilon2"
        assert 0 <= made["p"] <= made["q"] <= 1
