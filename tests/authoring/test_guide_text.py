"""What is renamed or taken out of a guide is followed by the conditions that look at it."""

from __future__ import annotations

import pytest

from conversations.authoring.guide_text import GuideText
from conversations.guide.condition import named_steps

GUIDE = """
id = "proef"
title = "Proef"

[[step]]
id = "need"
say = "Vraag need?"
kind = "choice"
options = [{ id = "rust", label = "Rust" }, { id = "geld", label = "Geld" }]

[[step]]
id = "door"
say = "Vraag door?"
kind = "choice"
options = [{ id = "open", label = "Open" }, { id = "dicht", label = "Dicht" }]

[[step]]
id = "why"
say = "Vraag why?"
kind = "text"
when = "WHEN"

[[step]]
id = "agreed"
say = "Vraag agreed?"
kind = "switches"
options = [{ id = "quote", label = "Citaat", when = "WHEN" }]
"""
CONDITIONS = {
    # the condition: with need renamed, without need, with its answer rust renamed
    "need": ("needs", None, "need"),
    "need = rust": ("needs = rust", None, "need = kalm"),
    "door != open": ("door != open", "door != open", "door != open"),
    "need = rust and door != rust": (
        "needs = rust and door != rust",
        "door != rust",
        "need = kalm and door != rust",
    ),
    "door or need != rust and door = open": (
        "door or needs != rust and door = open",
        "door or door = open",
        "door or need != kalm and door = open",
    ),
    "need = geld or need = rust": (
        "needs = geld or needs = rust",
        None,
        "need = geld or need = kalm",
    ),
}


def conditions(text: GuideText) -> set[str | None]:
    """Of the step and of the switch that have one; read again, as it is saved."""
    again = GuideText.read(text.text)
    switches = again.step("agreed") or {}
    return {(again.step("why") or {}).get("when"), switches["options"][0].get("when")}


@pytest.mark.parametrize("when", CONDITIONS)
def test_a_condition_follows_what_is_renamed_and_forgets_what_is_gone(when: str) -> None:
    text = GuideText.read(GUIDE.replace("WHEN", when))
    renamed, without, other = CONDITIONS[when]
    assert conditions(text.with_id("need", "needs")) == {renamed}
    assert conditions(text.remove("need")) == {without}
    assert conditions(text.with_item_id("need", "rust", "kalm")) == {other}
    assert "need" not in named_steps(without or "")
    for made in (text.with_id("need", "needs"), text.with_item_id("need", "rust", "kalm")):
        assert made.ids == ["needs" if made.step("needs") else "need", "door", "why", "agreed"]


def test_what_is_no_condition_stays_as_it_was_written() -> None:
    text = GuideText.read(GUIDE.replace("WHEN", "need ==> ?"))
    assert conditions(text.with_id("need", "needs")) == {"need ==> ?"}
    assert conditions(text.remove("need")) == {"need ==> ?"}
