"""A sign without words (a thumb, a heart, dots) begins no story, and answers nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversations.engine.effects import Button
from conversations.engine.events import Edited, Said
from conversations.engine.intent import button
from conversations.engine.step import step
from conversations.guide.library import Library
from conversations.guide.model import Guide
from tests.conversations.talk import STORY, Talk

SIGNS = ["👍", "👍🏽", "❤️", "😢😢", "👨‍👩‍👧", "🇳🇱", "...", "?!", ":-)"]
IN_WORDS = ("text", "name", "sentence", "tell")


def test_a_sign_begins_no_story_in_any_guide_and_any_language(
    library: Library, guides: Callable[[str, str], Guide]
) -> None:
    for name in library.ids:
        for language in library.languages(name):
            guide = guides(name, language)
            telling = next(each.id for each in guide.steps.values() if each.kind == "tell")
            talk = Talk(guide).to(telling)
            question = talk.said[-1].text
            for sign in SIGNS:
                state, effects = step(guide, talk.state, Said(sign, "first"))
                assert state.draft == (), sign
                said = [each.text for each in effects if hasattr(each, "text")]
                assert guide.phrase("only_a_sign") in said[0]
                assert said[-1] == question
                state, _ = step(guide, state, Edited(f"{sign} {STORY}", "first"))
                assert [part.text for part in state.draft] == [f"{sign} {STORY}"]


def test_a_sign_answers_no_question_that_has_buttons(resident: Guide) -> None:
    talk, asked = Talk(resident), list[str]()
    while talk.state.open and talk.state.at != "review":
        at = resident.steps[talk.state.at]
        if at.kind not in IN_WORDS:
            asked.append(at.kind)
            for sign in SIGNS:
                state, effects = step(resident, talk.state, Said(sign))
                assert (state.at, state.answers) == (at.id, talk.state.answers), at.id
                assert effects
        following = list(resident.steps)[list(resident.steps).index(at.id) + 1 :]
        talk.to(next(each for each in following if _is_next(talk, each)))
    assert {"choice", "choices", "scale"} <= {*asked}


def _is_next(talk: Talk, step_id: str) -> bool:
    trial = Talk(talk.guide)
    trial.state = talk.state
    try:
        return trial.to(step_id).state.at == step_id
    except AssertionError:
        return False


def test_a_sign_within_a_story_belongs_to_it(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY).say("😢")
    assert [part.text for part in talk.state.draft] == [STORY, "😢"]


@pytest.mark.parametrize(("sign", "meant"), [("😀", "o:good"), ("☹️", "o:bad"), ("👍", None)])
def test_a_sign_is_a_button_only_as_itself(resident: Guide, sign: str, meant: str | None) -> None:
    faces = (Button("o:good", "😀"), Button("o:bad", "☹️"))
    assert button(resident, faces, sign) == meant
    assert button(resident, faces[:1], "☹️") is None
