"""Conversations that began with a guide of before go on: every consent a question of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.checks.walk.explore import explore
from conversations.engine.effects import Keep, Record
from conversations.engine.state import State
from tests.conversations.conftest import OLDER, ONE_BY_ONE, older_guide
from tests.conversations.talk import Talk


@pytest.mark.parametrize("path", ONE_BY_ONE, ids=lambda path: path.stem)
def test_every_consent_is_still_asked_by_itself(path: Path) -> None:
    talk = Talk(older_guide(path)).to("consent_keep")
    given: list[str] = []
    for _ in range(5):
        talk.state = State.from_json(talk.state.to_json())
        talk.tap("o:yes")
        given += [effect.purpose for effect in talk.effects if isinstance(effect, Record)]
        given += ["kept"] * any(isinstance(effect, Keep) for effect in talk.effects)
    assert given == ["keep", "kept", "team", "network", "quote", "contact"]
    assert not talk.state.open


def test_a_guide_of_before_with_switches_keeps_the_story_and_records_what_was_switched() -> None:
    paths = sorted({*OLDER} - {*ONE_BY_ONE})
    assert paths
    for path in paths:
        talk = Talk(older_guide(path)).to("consent_keep").tap("o:yes")
        assert any(isinstance(effect, Keep) for effect in talk.effects)
        talk.state = State.from_json(talk.state.to_json())
        talk.tap("o:contact", "confirm")
        given = {r.purpose: r.answer for r in talk.effects if isinstance(r, Record)}
        assert given["contact"] == "yes"
        assert {answer for purpose, answer in given.items() if purpose != "contact"} <= {"no"}
        assert not talk.state.open


@pytest.mark.parametrize("path", ONE_BY_ONE, ids=lambda path: path.stem)
def test_a_no_to_the_team_after_a_yes_to_others_closes_those_too(path: Path) -> None:
    talk = Talk(older_guide(path)).to("consent_team").tap("o:yes", "o:yes", "o:yes").back(3)
    assert talk.state.at == "consent_team"
    talk.tap("o:no")
    records = [(r.purpose, r.answer) for r in talk.effects if isinstance(r, Record)]
    assert records == [("team", "no"), ("network", "no"), ("quote", "no")]


def test_the_promises_hold_in_every_state_of_an_older_guide(torture: bool) -> None:
    for path in OLDER if torture else OLDER[1:2]:  # the shortest
        assert explore(older_guide(path)).problems == ()
