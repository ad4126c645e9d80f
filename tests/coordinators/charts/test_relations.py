"""Numbers that were published, and those of scipy itself; one verdict for one relation; and words
where nothing can be tested."""

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
from bot.coordinators.charts.statistics import (
    FEWEST,
    RARE,
    alike_tables,
    contingency,
    correlation,
    expected,
    false_discovery,
    groups,
    two_groups,
)
from bot.coordinators.phrases import words
from bot.coordinators.questions import Question, questions
from bot.coordinators.relation_sentences import asked_about, lines, said
from bot.demo.invented import invent
from storage.stories.reading import Answered, Filters
from tests.coordinators.office import library

STRENGTHS, CHAINS = "professional.movement_problems_strengths", "movement_chains_networks"
RNG = np.random.default_rng(7)
ASKED = questions(library(), "nl")


def test_the_worker_knows_where_everything_is_made() -> None:
    for module in WHERE.values():
        assert find_spec(f"bot.coordinators.charts.{module}") is not None


def named(name: str) -> Question:
    found = ASKED.find(name)
    assert found is not None
    return found


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


# -- a family


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


def invented(count: int) -> list[Answered]:
    made = [each.telling for each in invent(library(), [("", "")], "2026-W46", stories=count)]
    return [
        Answered(f"{n:032x}", "2026-W46", t.guide, t.fingerprint, "", t.language, t.answers)
        for n, t in enumerate(made)
    ]


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


def test_a_pair_that_the_page_is_about_has_no_link_to_itself() -> None:
    told = invented(280)
    about = [named("resident.door"), named("resident.need_met")]
    made = lines(draw(asked_about(told, ASKED, about)), ASKED, words("nl"), Filters(), about)
    assert made.lines
    assert all(line.link == "" for line in made.lines)
    alone = lines(draw(asked_about(told, ASKED, about[:1])), ASKED, words("nl"), Filters(), about[:1])  # fmt: skip # noqa: E501
    assert all("resident.door" in line.link for line in alone.lines)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 2)), min_size=30, max_size=80))
@settings(deadline=None, max_examples=40)
def test_an_interval_holds_its_effect(rows: list[tuple[int, int]]) -> None:
    columns = {"a": [place for place, _ in rows], "b": [chosen for _, chosen in rows]}
    for made in family(columns, {"b": "xyz"}, about=["a", "b"])["relations"]:
        inside = made["low"] - 1e-9 <= made["effect"] <= made["high"] + 1e-9
        assert inside or made["kind"] == "epsilon2"
        assert 0 <= made["p"] <= made["q"] <= 1


# -- in words


def result(one: str, other: str, kind: str, effect: float, **more: Any) -> dict[str, Any]:
    return {
        "one": named(one).key, "other": named(other).key, "a": "", "b": "", "kind": kind, "n": 90,
        "effect": effect, "low": 0.1, "high": 0.6, "p": 0.001, "q": 0.001, "groups": [],
        "most": [], "more": True, **more,
    }  # fmt: skip


GLAD = {"groups": [("glad", 40, 72.0), ("", 50, 36.0)]}
NEED = [("yes", 30, 71.6), ("partly", 30, 50.0), ("no", 30, 36.0)]
TOGETHER = {"most": ("worked", "yes")}


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (result(STRENGTHS, CHAINS, "spearman", 0.5), "Hoe meer ‘{a1}’, hoe meer ook ‘{b1}’."),
        (result(STRENGTHS, CHAINS, "spearman", -0.3), "Hoe meer ‘{a1}’, hoe meer ook ‘{b0}’."),
        (
            result(STRENGTHS, "professional.feeling", "biserial", 0.5, b="glad", **GLAD),
            "Bij ‘Blij’ meer ‘{a1}’ (midden 72, bij anderen 36). Een sterk",
        ),
        (
            result("professional.feeling", STRENGTHS, "biserial", -0.5, a="glad",
                   groups=[("", 40, 72.0), ("glad", 50, 36.0)]),
            "Bij ‘Blij’ meer ‘{a0}’ (midden 36, bij anderen 72). Een sterk",
        ),
        (
            result(STRENGTHS, "professional.need_met", "epsilon2", 0.3, groups=NEED),
            "Het meest naar ‘{a1}’ bij ‘Ja’ (midden 72), het minst bij ‘Nee’ (midden 36). Een",
        ),
        (
            result("professional.door", "professional.need_met", "cramer", 0.4, **TOGETHER),
            "‘Wat lukte’ en ‘Ja’ gaan vaker samen dan je zou verwachten. Een duidelijk",
        ),
        (
            result("professional.door", "professional.need_met", "cramer", 0.4, more=False,
                   **TOGETHER),
            "‘Wat lukte’ en ‘Ja’ gaan minder vaak samen",
        ),
        (result(STRENGTHS, CHAINS, "spearman", 0.5, q=0.06), "Dit kan toeval zijn."),
        (result(STRENGTHS, CHAINS, "spearman", 0.05), "Waarschijnlijk geen toeval, maar"),
    ],
)  # fmt: skip
def test_a_relation_says_which_way_it_goes(found: dict[str, Any], says: str) -> None:
    poles = {
        f"{letter}{end}": named(scale).answers[end][1]
        for letter, scale in (("a", STRENGTHS), ("b", CHAINS))
        for end in (0, 1)
    }
    told = said(found, ASKED, words("nl"), Filters()).says
    assert told.startswith(says.format(**poles))


def test_the_direction_is_that_of_the_stories() -> None:
    """Those who are glad lie further to the right: so the words must say; and of three groups the
    one that lies furthest."""
    feeling, met = named("resident.feeling"), named("resident.need_met")
    strengths = named("resident.movement_problems_strengths")
    told = [
        Answered(f"{n:032x}", "2026-W46", "resident", "", "", "nl", {
            strengths.step: 80 - 20 * (n % 3) - n % 2, feeling.step: ["sad" if n % 3 else "glad"],
            met.step: [("yes", "partly", "no")[n % 3]],
        })
        for n in range(60)
    ]  # fmt: skip
    for other, says in (
        (feeling, "Bij ‘Blij’ meer ‘Wat ik zelf goed kan’ (midden 80, bij anderen 50)."),
        (met, "Het meest naar ‘Wat ik zelf goed kan’ bij ‘Ja’ (midden 80), het minst bij ‘Nee’"),
    ):
        about = [strengths, other]
        made = lines(draw(asked_about(told, ASKED, about)), ASKED, words("nl"), Filters(), about)
        assert any(line.says.startswith(says) for line in made.lines), made.lines
