"""Recordings and pictures in a story: taken, transcribed, checked, agreed to, kept or erased."""

from __future__ import annotations

import pytest

from conversations.engine.card import reopened
from conversations.engine.effects import Keep, Record
from conversations.engine.events import (
    Command,
    Edited,
    LanguageChosen,
    Sent,
    SentProblem,
    Transcribed,
)
from conversations.engine.state import Part
from conversations.guide.model import Guide
from conversations.redaction.find import find
from tests.conversations.conftest import facts_of
from tests.conversations.talk import STORY, Talk, only

VOICE = Sent("voice", "v1", blob="b1")
PHOTO = Sent("photo", "p1", blob="b9")
HEARD = Transcribed("b1", "Ze kwam op dinsdag en bleef een uur.")


def spoken(guide: Guide) -> Talk:
    """Someone who spoke the story and is at the card."""
    talk = Talk(guide).to("tell").do(VOICE).tap("done")
    return talk.to("review")


def test_a_recording_is_a_part_of_the_story_and_the_conversation_goes_on(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(VOICE)
    assert talk.state.draft == (Part("voice", "", "v1", "b1", "waiting"),)
    assert "schrijf hem uit" in talk.words
    assert talk.tap("done").state.at == "sentence"


def test_the_question_says_that_speaking_is_possible_only_where_it_is(resident: Guide) -> None:
    assert "spreek in" not in Talk(resident).to("tell").words
    assert "Typ of spreek in." in Talk(resident, attach="voice").to("tell").words
    assert "foto of tekening" in Talk(resident, attach="voice photo").to("tell").words


def test_the_card_waits_for_the_text_and_comes_by_itself(resident: Guide) -> None:
    talk = spoken(resident)
    assert "De kaart komt vanzelf" in talk.words
    assert talk.buttons == ["type", "later"]
    talk.do(HEARD)
    assert "Ze kwam op dinsdag" in talk.words
    assert talk.buttons == ["yes", "no", "drop"]
    talk.tap("yes")
    assert "Mag de opname zelf ook blijven?" in talk.words
    talk.tap("no")
    assert talk.said[-1].control is not None
    assert talk.said[-1].control.card is not None
    assert talk.state.draft == (Part("voice", "Ze kwam op dinsdag en bleef een uur."),)


def test_who_is_not_the_first_hears_how_many_are_before(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1", ahead=3))
    assert "In de rij ervoor: 3." in talk.words
    assert talk.buttons == ["done"]


def test_a_text_that_comes_while_telling_is_taken_without_a_word(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(VOICE, HEARD)
    assert talk.effects == ()
    assert talk.state.draft[0].status == "heard"


def test_what_is_typed_takes_the_place_of_what_was_heard(resident: Guide) -> None:
    talk = spoken(resident).do(HEARD).tap("no")
    assert "Typ hoe het wel moet" in talk.words
    talk.say("Ze kwam op donderdag en bleef een uur.")
    assert talk.state.draft[0].text == "Ze kwam op donderdag en bleef een uur."
    assert talk.state.draft[0].blob == "b1"


def test_the_message_with_the_correction_can_be_edited(resident: Guide) -> None:
    talk = spoken(resident).do(HEARD).say("Ze kwam op donderdag.", "m7").tap("yes")
    talk.do(Edited("Ze kwam op vrijdag.", "m7"))
    assert talk.state.draft == (Part("voice", "Ze kwam op vrijdag.", "m7", "b1"),)
    assert "Ze kwam op vrijdag." in str(talk.said[-1].control)


def test_what_was_written_out_stands_in_no_message_of_the_teller(resident: Guide) -> None:
    talk = spoken(resident).do(HEARD).tap("yes")
    assert talk.state.draft == (Part("voice", HEARD.text, "", "b1"),)
    talk.do(Edited("Een bijschrift.", "v1"))
    assert talk.state.draft[0].text == HEARD.text


def test_recordings_are_checked_one_by_one(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(VOICE, Sent("voice", "v2", blob="b2")).tap("done")
    talk.to("review").do(HEARD)
    assert "Ze kwam op dinsdag" in talk.words
    talk.tap("yes")
    assert "De kaart komt vanzelf" in talk.words
    talk.do(Transcribed("b2", "Daarna belde ze nog."))
    assert "Daarna belde ze nog." in talk.words
    assert "Ze kwam op dinsdag" not in talk.words


def test_a_recording_without_words_can_stay_as_it_is_or_be_typed(resident: Guide) -> None:
    talk = spoken(resident).do(Transcribed("b1", "", "silence"))
    assert talk.buttons == ["leave", "drop"]
    stays = talk.tap("leave", "yes")
    assert stays.state.draft == (Part("voice", "", "v1", "b1"),)
    assert "Opname: 1 erbij" in stays.words
    typed = spoken(resident).do(Transcribed("b1", "", "silence")).say("Ik zei dat het goed ging.")
    assert typed.state.draft[0].text == "Ik zei dat het goed ging."


def test_a_recording_without_words_that_may_not_stay_leaves_no_story(resident: Guide) -> None:
    talk = spoken(resident).do(Transcribed("b1", "", "silence")).tap("leave", "no")
    assert talk.state.draft == ()
    assert talk.state.at == "tell"
    assert "Ik heb nog geen verhaal" in talk.words


def test_who_does_not_want_to_wait_types_it(resident: Guide) -> None:
    talk = spoken(resident).tap("type")
    assert "Typ wat u zei" in talk.words
    talk.say("Ze kwam, en ze luisterde een uur.")
    assert "Mag de opname zelf" in talk.words
    assert talk.do(HEARD).effects == ()


def test_where_nothing_is_written_out_the_teller_may_type_or_send_the_sound(
    resident: Guide,
) -> None:
    talk = Talk(resident).to("tell").do(Sent("voice", "v1", blob="b1", heard=False))
    assert "blijft geluid" in talk.words
    assert talk.state.draft[0].status == "unheard"


def test_a_number_that_was_spoken_takes_the_recording_along(resident: Guide) -> None:
    talk = spoken(resident).do(Transcribed("b1", "Mijn nummer is [BSN].", masked=True))
    assert "Er stond een BSN" in talk.words
    assert talk.state.draft[0].blob == ""
    assert "Mag de opname" not in talk.tap("yes").words


def test_a_picture_needs_a_consent_of_its_own(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(PHOTO)
    assert "gezicht" in talk.words
    talk.say(STORY).tap("done").to("review")
    assert "Mag de foto bij uw verhaal blijven?" in talk.words
    shown = talk.said[-1].text
    talk.tap("yes", "o:ok", "o:yes")
    (keep,) = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert [part["blob"] for part in keep.telling.parts] == ["b9", ""]
    assert Record("photo", "yes", shown) in talk.effects


def test_no_picture_is_kept_after_a_no(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(PHOTO).say(STORY).tap("done").to("review").tap("no")
    talk.tap("o:ok", "o:yes")
    (keep,) = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert [part["kind"] for part in keep.telling.parts] == ["text"]
    recorded = [effect.purpose for effect in talk.effects if isinstance(effect, Record)]
    assert recorded == ["keep"]


def test_an_album_of_pictures_shares_one_answer(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("photo", "p1", "album", "b1"))
    assert talk.said
    assert talk.do(Sent("photo", "p2", "album", "b2")).effects == ()
    assert [part.blob for part in talk.state.draft] == ["b1", "b2"]


def test_another_recording_asks_for_consent_again(resident: Guide) -> None:
    talk = spoken(resident).do(HEARD).tap("yes", "yes")
    assert talk.state.agreed
    talk.tap("o:change", "c:tell").do(Sent("voice", "v2", blob="b2"))
    assert talk.state.agreed == {}


def test_the_words_that_were_shown_are_kept_through_a_change_of_language(
    resident: Guide, guides: object
) -> None:
    talk = spoken(resident).do(HEARD).tap("yes")
    shown = talk.said[-1].text
    talk.tap("yes").do(LanguageChosen(facts_of(resident)))
    assert talk.state.agreed == {"voice": shown}


@pytest.mark.parametrize("kind", ["voice", "photo"])
def test_at_another_question_nothing_is_attached(resident: Guide, kind: str) -> None:
    talk = Talk(resident).to("feeling").do(VOICE if kind == "voice" else PHOTO)
    assert talk.state.draft[0].kind == "text"
    assert "kan alleen bij het verhaal zelf" in talk.words
    assert talk.said[-1].turn == talk.state.turn


PROBLEMS: dict[SentProblem, str] = {
    "too_long": "te lang",
    "too_big": "te groot",
    "too_many": "passen er niet bij",
    "unreadable": "niet openen",
    "lost": "kwam niet goed aan",
    "busy": "wachten nu veel opnamen",
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_cannot_be_taken_gets_a_kind_word(resident: Guide, problem: SentProblem) -> None:
    talk = Talk(resident, voice_minutes="5").to("tell")
    talk.do(Sent("voice", "v1", problem=problem))
    assert PROBLEMS[problem] in talk.words
    assert talk.state.draft == ()


def test_a_recording_that_could_not_be_made_out_is_said_while_telling(resident: Guide) -> None:
    talk = Talk(resident, voice_minutes="5").to("tell").do(VOICE)
    assert "niet verstaan" in talk.do(Transcribed("b1", "", "silence")).words
    talk.do(Sent("voice", "v2", blob="b2"), Transcribed("b2", "", "too_long"))
    assert "tot 5 minuten" in talk.words


def test_while_stopped_nothing_is_said_and_the_card_comes_on_return(resident: Guide) -> None:
    talk = spoken(resident).do(Command("stop")).tap("later")
    assert talk.do(HEARD).effects == ()
    assert "Ze kwam op dinsdag" in talk.tap("continue").words


def test_an_edited_caption_does_not_take_the_place_of_a_recording(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(VOICE).say("Dit is wat ik zei.", "v1")
    talk.do(Edited("Dit zei ik.", "v1"))
    assert [(part.kind, part.text) for part in talk.state.draft] == [
        ("voice", ""),
        ("text", "Dit zei ik."),
    ]


def test_a_recording_can_be_taken_out_of_a_story(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(VOICE).say(STORY).tap("edit")
    assert talk.said[-1].buttons[0].label == "Opname"
    assert [part.kind for part in talk.tap("p:0").state.draft] == ["text"]


def test_a_kept_story_that_is_changed_keeps_its_kinds_and_asks_again(resident: Guide) -> None:
    talk = spoken(resident).do(HEARD).tap("yes", "yes", "o:ok", "o:yes")
    (keep,) = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    again = Talk(resident)
    again.state = reopened(resident, keep.telling, facts_of(resident)).but(turn=9)
    again.tap("none")
    assert "Mag de opname zelf" in again.words


def test_a_recording_that_says_more_than_its_text_is_asked_about_plainly(resident: Guide) -> None:
    talk = spoken(resident.with_finder(find)).do(
        Transcribed("b1", "Mijn buurvrouw Fatima belde. Ze bleef een uur.")
    )
    talk.tap("yes")
    assert talk.buttons == ["all", "one_by_one", "none"]
    talk.tap("all")
    asked = talk.said[-1].text
    assert "In de opname zijn ze nog te horen." in asked
    assert talk.buttons == ["yes", "no"]
    stays = talk.tap("yes", "o:ok", "o:yes")
    assert Record("voice", "yes", asked) in stays.effects


def test_a_recording_of_which_no_word_was_replaced_is_asked_about_as_always(
    resident: Guide,
) -> None:
    talk = spoken(resident.with_finder(find)).do(Transcribed("b1", "Mijn buurvrouw Fatima belde."))
    talk.tap("yes", "none")
    assert "Mag de opname zelf ook blijven?" in talk.words


def test_a_word_that_is_replaced_later_asks_about_the_recording_again(resident: Guide) -> None:
    guide = resident.with_finder(find)
    talk = spoken(guide).do(Transcribed("b1", "Ze kwam met Fatima op dinsdag langs."))
    talk.tap("yes", "none", "yes")
    assert talk.state.agreed
    talk.state = talk.state.but(clues=())
    talk.tap("o:change", "c:sentence").say("Thuis bij Youssef").tap("all")
    assert talk.state.agreed == {}
    assert "In de opname zijn ze nog te horen." in talk.words
    talk.tap("no")
    assert [part.blob for part in talk.state.draft] == [""]
    assert "Ze kwam met [naam 1] op dinsdag langs." in talk.words
