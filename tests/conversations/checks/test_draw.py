"""A guide as a diagram that Mermaid can read."""

from __future__ import annotations

import re

import pytest

from conversations.checks.draw import draw
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide

GUIDES = load_guides()


@pytest.mark.parametrize("guide_id", GUIDES.ids)
def test_every_step_of_a_guide_is_a_box_and_is_reached_by_an_arrow(
    guide_id: str, library: Library
) -> None:
    guide = library.get(guide_id, "nl")
    drawn = draw(guide)
    reached = set(re.findall(r"(?:-->|-\.->)(?:\|[^|]*\|)? s_(\w+)", drawn))
    assert drawn.startswith("flowchart TD\n")
    assert reached == set(guide.steps) - {guide.first.id}


def test_a_branch_carries_the_words_on_its_button(resident: Guide) -> None:
    drawn = draw(resident)
    assert 's_start -->|"Ja, ik doe mee"| s_age' in drawn
    assert 's_need -.->|"Weet ik niet"| s_movement_problems_strengths' in drawn


def test_the_words_of_a_guide_cannot_break_the_diagram(resident: Guide) -> None:
    lines = draw(resident).splitlines()
    boxes = [line for line in lines if "<br/>" in line]
    assert all(line.count('"') == 2 for line in boxes)
    assert not any(mark in line.split('"')[1] for line in boxes for mark in "{}[]")


def test_consents_and_ends_stand_out(resident: Guide) -> None:
    assert "class s_consent_keep,s_consent_more" in draw(resident)
    assert "s_end_declined,s_end_under_16 goodbye" in draw(resident)
