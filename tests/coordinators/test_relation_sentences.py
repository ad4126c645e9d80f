"""A relation in words: which way it goes, how sure it is, and where it leads."""

from __future__ import annotations

from typing import Any

import pytest

from bot.coordinators.charts.relations import draw
from bot.coordinators.phrases import words
from bot.coordinators.relation_sentences import asked_about, lines, said
from storage.stories.reading import Answered, Filters
from tests.coordinators.charts.kit import ASKED, invented, named

STRENGTHS, CHAINS = "professional.movement_problems_strengths", "movement_chains_networks"


def test_a_pair_that_the_page_is_about_has_no_link_to_itself() -> None:
    told = invented(280)
    about = [named("resident.door"), named("resident.need_met")]
    made = lines(draw(asked_about(told, ASKED, about)), ASKED, words("nl"), Filters(), about)
    assert made.lines
    assert all(line.link == "" for line in made.lines)
    alone = lines(draw(asked_about(told, ASKED, about[:1])), ASKED, words("nl"), Filters(), about[:1])  # fmt: skip # noqa: E501
    assert all("resident.door" in line.link for line in alone.lines)


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
