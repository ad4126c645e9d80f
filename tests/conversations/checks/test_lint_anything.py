"""Whatever someone writes in a guide, the checks give an answer and never break."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.checks.lint_paths import path_findings
from conversations.checks.lint_steps import step_findings
from conversations.checks.lint_words import SLOTS, guide_word_findings
from conversations.guide.builder import build_guide, fields
from conversations.guide.loading import HOME, load_guides, read_guides
from conversations.guide.schema import shape_problems

GUIDES = {guide.id: guide.data for guide in read_guides(HOME)[0]}
PHRASES = load_guides().phrases("nl")

plain = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def check(data: dict[str, Any]) -> None:
    if shape_problems(f"guides/{data.get('id')}.toml", "", data):
        return
    guide = build_guide(data, {}, PHRASES)
    list(path_findings(guide))
    list(step_findings(guide))
    list(guide_word_findings(fields(data), PHRASES, SLOTS))


def tables(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


@given(st.dictionaries(st.sampled_from(["id", "form", "step", "title", "x"]), anything))
@settings(max_examples=60)
def test_anything_that_is_no_guide_is_said_to_be_none(data: dict[str, Any]) -> None:
    assert shape_problems("guides/x.toml", "", data)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_guide_with_any_change_gets_an_answer(data: st.DataObject) -> None:
    guide = copy.deepcopy(data.draw(st.sampled_from(sorted(GUIDES.items())))[1])
    steps = guide["step"]
    for _ in range(data.draw(st.integers(1, 4))):
        step = data.draw(st.sampled_from(steps))
        ids = [one["id"] for one in steps]
        match data.draw(st.sampled_from(["drop", "move", "lose", "jump", "other", "break"])):
            case "drop" if len(steps) > 1:
                steps.remove(step)
            case "move":
                steps.remove(step)
                steps.insert(data.draw(st.integers(0, len(steps))), step)
            case "lose" if len(step) > 1:
                del step[data.draw(st.sampled_from(sorted(step.keys() - {"id"})))]
            case "jump":
                target = data.draw(st.sampled_from(ids))
                places = [step, *tables(step.get("options"))]
                data.draw(st.sampled_from(places))["goto"] = target
            case "other":
                step["kind"] = data.draw(st.sampled_from(["say", "choice", "scale", "consent"]))
            case "break":
                step[data.draw(st.sampled_from(["say", "options", "skip", "max"]))] = data.draw(
                    anything
                )
            case _:
                pass
    check(guide)


def test_our_own_guides_pass_this_way_too() -> None:
    for guide in GUIDES.values():
        check(guide)
