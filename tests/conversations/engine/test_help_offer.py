"""After words that sound heavy help comes first, and nothing is concluded."""

from __future__ import annotations

import pytest

from conversations.engine.events import Command, Edited, Sent, Transcribed
from conversations.engine.state import State
from conversations.guide.model import Guide
from tests.conversations.talk import Talk

HEAVY = "Ik wil niet meer leven."


def test_heavy_words_are_kept_as_told_and_help_comes_first_and_alone(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY)
    assert talk.state.draft[0].text == HEAVY
    card, match = talk.said
    assert card.text == resident.phrase("help_card")
    assert card.text.index("113") < card.text.index("112")
    assert card.buttons == ()
    assert match.text == resident.phrase("help_match")
    assert talk.buttons == ["continue", "later", "stop"]


def test_the_question_that_was_open_comes_when_the_teller_goes_on(resident: Guide) -> None:
    talk = Talk(resident).to("age")
    question = talk.said[-1]
    assert len(talk.say(HEAVY).said) == 3
    assert talk.said[1].text.startswith(resident.phrase("not_kept"))
    assert talk.tap("continue").said[-1].text == question.text


@pytest.mark.parametrize("step", ["age", "start", "consent_keep"])
def test_after_the_card_nothing_is_asked_of_the_question_that_waits(
    resident: Guide, step: str
) -> None:
    talk = Talk(resident).to(step).say(HEAVY)
    card, unkept, match = (each.text for each in talk.said)
    assert card == resident.phrase("help_card")
    assert unkept == resident.phrase("not_kept")
    assert match == resident.phrase("help_match")


def test_the_second_time_at_a_question_the_two_urgent_lines_come_first(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY).say(HEAVY)
    assert talk.said[0].text == resident.phrase("help_card_short")
    assert "113" in talk.said[0].text
    assert talk.said[1].text == resident.phrase("part_more")
    talk.do(Command("help")).say(HEAVY)
    assert talk.said[0].text == resident.phrase("help_card_short")


def test_at_another_question_the_whole_card_comes_again(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(HEAVY).tap("done").to("sentence").say(HEAVY)
    assert talk.said[0].text == resident.phrase("help_card")


def test_what_is_remembered_is_the_same_as_after_asking_for_help(resident: Guide) -> None:
    asked = Talk(resident).to("tell").do(Command("help")).say(HEAVY)
    shown = Talk(resident).to("tell").say(HEAVY)
    assert asked.state == shown.state


def test_an_edit_and_another_answer_count_too(resident: Guide) -> None:
    edited = Talk(resident).to("tell").say("Iets", "1").do(Edited(HEAVY, "1"))
    assert edited.said[0].text == resident.phrase("help_card")
    other = Talk(resident).to("need").tap("other").say("Ik wil dood.")
    assert other.said[0].text == resident.phrase("help_card")


def test_what_was_spoken_counts_too(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1"), Transcribed("b1", HEAVY))
    assert talk.said[0].text == resident.phrase("help_card")
    assert talk.state.draft[0].status == "heard"
    assert talk.tap("continue").state.at == "tell"


def test_what_was_spoken_before_leaving_counts_too(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1"), Command("stop"))
    talk.tap("later").do(Transcribed("b1", HEAVY))
    assert talk.said[0].text == resident.phrase("help_card")
    assert talk.state.mode == "paused"


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


def test_after_the_end_help_comes_first_too(resident: Guide) -> None:
    talk = Talk(resident).to("start").tap("o:no").say(HEAVY)
    assert talk.said[0].text == resident.phrase("help_card")
    assert talk.buttons == ["begin", "stories"]


def test_ordinary_words_show_nothing(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Ik lachte me dood toen hij binnenkwam.")
    assert resident.phrase("help_card") not in talk.words
