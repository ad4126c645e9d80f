"""A step hangs on earlier choices: it is asked when they hold, and passed by when they do not."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.engine.effects import Say
from conversations.engine.state import Answer, State
from conversations.engine.way.progress import hangs_on_answered
from conversations.guide.builder import build_guide
from conversations.guide.condition import named_steps, parse_condition, write_condition
from conversations.guide.loading import load_guides
from tests.conversations.talk import Talk

GIVEN = {"door": Answer(options=("worked",)), "feeling": Answer(options=("glad", "proud"))}


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (None, True),
        ("door", True),
        ("need", False),
        ("door = worked", True),
        ("door = stuck", False),
        ("door != stuck", True),
        ("need != money", True),
        ("feeling = proud", True),
        ("door = stuck or feeling = glad", True),
        ("door = worked and feeling = sad", False),
        ("door = stuck and feeling = glad or feeling = proud", True),
        ("skipped", False),
    ],
)
def test_a_condition_looks_at_what_was_answered(when: str | None, holds: bool) -> None:
    state = State(
        guide="follow_up",
        fingerprint="",
        language="nl",
        at="review",
        path=("door", "feeling", "skipped"),
        answers={**GIVEN, "skipped": Answer()},
    )
    assert hangs_on_answered(state, when) is holds


@pytest.mark.parametrize("text", ["door", "a = b", "a != b and c", "a = b and c = d or e"])
def test_a_condition_is_written_as_it_was_read(text: str) -> None:
    assert write_condition(parse_condition(text)) == text


@pytest.mark.parametrize("text", ["", "a =", "a == b", "a > 3", "a and", "(a)"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no condition"):
        parse_condition(text)
    assert named_steps(text) == ()


def conditioned(when: str) -> dict[str, Any]:
    """A guide in which the last question, and a sentence before it, hang on a condition."""
    data: dict[str, Any] = load_guides().sources["follow_up"]["guide"]
    steps = []
    for step in data["step"]:
        if step["id"] == "factor":
            steps.append({"id": "between", "kind": "say", "say": "Nog één ding.", "when": when})
            steps.append({**step, "when": when})
        else:
            steps.append(step)
    return {**data, "step": steps}


@pytest.mark.parametrize(
    ("door", "asked"), [("changed", True), ("stuck", True), ("different", False)]
)
def test_a_step_is_asked_when_its_condition_holds(door: str, asked: bool) -> None:
    data = conditioned("door = changed and feeling = glad or door = stuck")
    guide = build_guide(data, {}, load_guides().phrases("nl"))
    talk = Talk(guide).to("door").tap(f"o:{door}").to("feeling").tap("o:glad", "picked")
    assert (talk.state.at == "factor") is asked
    said = [each.text for each in talk.effects if isinstance(each, Say)]
    assert ("Nog één ding." in said) is asked
    if not asked:
        assert talk.state.at == "review"
