"""The help card is shown once more after words that sound heavy, and nothing is concluded."""

from __future__ import annotations

import pytest

from conversations.events import Command, Edited, Sent, Transcribed
from conversations.guide import Guide
from conversations.state import State
from tests.conversations.talk import Talk

HEAVY = "Ik wil niet meer leven."


def test_heavy_words_are_kept_as_told_and_help_is_shown_beside(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY)
    assert talk.state.draft[0].text == HEAVY
    assert talk.said[0].text == resident.phrase("part_received")
    assert talk.said[-1].text.startswith(resident.phrase("help_match"))
    assert resident.phrase("help_card") in talk.said[-1].text
    assert talk.buttons == ["continue", "later", "stop"]


def test_it_is_shown_once_in_a_conversation(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY).say(HEAVY)
    assert resident.phrase("help_match") not in talk.words


def test_not_after_the_teller_asked_for_help(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Command("help")).say(HEAVY)
    assert resident.phrase("help_match") not in talk.words


def test_what_is_remembered_is_the_same_as_after_asking_for_help(resident: Guide) -> None:
    asked = Talk(resident).to("tell").do(Command("help")).say(HEAVY)
    shown = Talk(resident).to("tell").say(HEAVY)
    assert asked.state == shown.state


def test_an_edit_and_another_answer_count_too(resident: Guide) -> None:
    edited = Talk(resident).to("tell").say("Iets", "1").do(Edited(HEAVY, "1"))
    assert resident.phrase("help_match") in edited.words
    other = Talk(resident).to("need").tap("other").say("Ik wil dood.")
    assert resident.phrase("help_match") in other.words


def test_what_was_spoken_counts_too(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1"), Transcribed("b1", HEAVY))
    assert talk.said[-1].text.startswith(resident.phrase("help_match"))
    assert talk.state.draft[0].status == "heard"
    assert talk.tap("continue").state.at == "tell"


def test_who_left_for_later_is_not_called_back_by_what_was_spoken(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1"), Command("stop"))
    assert talk.tap("later").do(Transcribed("b1", HEAVY)).effects == ()


@pytest.mark.parametrize(("button", "mode"), [("continue", "asking"), ("later", "paused")])
def test_the_teller_goes_on_or_later(resident: Guide, button: str, mode: str) -> None:
    assert Talk(resident).to("tell").say(HEAVY).tap(button).state.mode == mode


def test_the_teller_can_stop(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY).tap("stop")
    assert talk.state.mode == "stopping"


def test_after_the_end_nothing_of_it_is_left(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY).tap("stop", "erase")
    assert not talk.state.helped
    again = State.from_json(talk.state.to_json())
    assert not again.helped


def test_after_the_end_help_is_shown_without_buttons(resident: Guide) -> None:
    talk = Talk(resident).to("start").tap("o:no").say(HEAVY)
    assert talk.said[-1].buttons == ()
    assert resident.phrase("help_card") in talk.said[-1].text


def test_ordinary_words_show_nothing(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Ik lachte me dood toen hij binnenkwam.")
    assert resident.phrase("help_match") not in talk.words
