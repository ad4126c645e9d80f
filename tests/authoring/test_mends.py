"""A mend takes its problem away, and brings no other one."""

from __future__ import annotations

import pytest

from bot.authoring.guide_desk import shipped_texts
from conversations.authoring.guide_text import GuideText, NotEditable
from conversations.authoring.mends import Mend, mend_of, mended
from conversations.checks.lint_guide import check_guide
from conversations.guide.loading import load_guides
from conversations.guide.problems import Problem

LIBRARY = load_guides()
TEXT = GuideText.read(shipped_texts()["resident"])
CHOICE = next(
    each.id for each in TEXT.steps if each.data["kind"] == "choice" and each.data.get("short")
)


def wrong(**more: object) -> GuideText:
    return TEXT.put({**(TEXT.step(CHOICE) or {}), **more})


def found(text: GuideText) -> tuple[Problem, ...]:
    return check_guide("guides/resident.toml", text.text, language="nl", library=LIBRARY).problems


def later() -> str:
    return TEXT.ids[TEXT.ids.index(CHOICE) + 1]


@pytest.mark.parametrize(
    ("more", "act", "to"),
    [
        ({"kleur": "rood"}, "drop", ""),
        ({"skipp": False}, "rename", "skip"),
        ({"goto": f"{later()}x"}, "lead", later()),
    ],
)
def test_a_mend_takes_its_problem_away(more: dict[str, object], act: str, to: str) -> None:
    text = wrong(**more)
    if act == "rename":
        text = text.put({k: v for k, v in (text.step(CHOICE) or {}).items() if k != "skip"})
    problems = found(text)
    mends = [each for each in (mend_of(text, problem) for problem in problems) if each]
    assert [(each.act, each.to) for each in mends] == [(act, to)]
    assert found(mended(text, mends[0])) == found(TEXT)


def test_a_key_that_is_right_elsewhere_stays_there() -> None:
    options = [
        {**each, "say_": 1, "short": "Kort"} for each in (TEXT.step(CHOICE) or {})["options"]
    ]
    text = wrong(options=options)
    for _ in range(2):
        mends = [each for each in (mend_of(text, problem) for problem in found(text)) if each]
        text = mended(text, mends[0])
    assert (text.step(CHOICE) or {})["short"] == (TEXT.step(CHOICE) or {})["short"]
    assert all("short" not in each for each in (text.step(CHOICE) or {})["options"])


@pytest.mark.parametrize(
    "more",
    [{"opmerking": "Hier nog iets over vragen."}, {"goto": "nergens_zo"}, {"say": "x" * 2000}],
)
def test_where_words_would_be_lost_or_two_ways_are_open_nothing_is_offered(
    more: dict[str, object],
) -> None:
    text = wrong(**more)
    problems = found(text)
    assert problems
    assert {mend_of(text, problem) for problem in problems if problem.step == CHOICE} == {None}


def test_a_mend_of_nothing_is_refused() -> None:
    for mend in (Mend("nergens", "drop", "say"), Mend(CHOICE, "drop", "nergens")):
        with pytest.raises(NotEditable):
            mended(TEXT, mend)
