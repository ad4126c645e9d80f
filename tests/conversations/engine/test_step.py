"""How a conversation begins, ends, waits, and goes back; the longer ways are in the transcripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversations.checks.walk.probes import SEEN
from conversations.engine.card import listed
from conversations.engine.effects import Begin, Forget, Mark, Say
from conversations.engine.events import (
    Asked,
    Command,
    Due,
    LanguageChosen,
    Returned,
    Said,
    Start,
    Tapped,
)
from conversations.engine.intent import button
from conversations.engine.state import Answer
from conversations.engine.step import step
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide, Option, Places, Town
from tests.conversations.conftest import facts_of
from tests.conversations.talk import STORY, Talk, only


def test_a_conversation_begins_with_start(resident: Guide) -> None:
    with pytest.raises(ValueError, match="begins with Start"):
        step(resident, None, Said("hallo"))


def test_turns_rise_from_those_of_an_earlier_conversation(resident: Guide) -> None:
    state, effects = step(resident, None, Start(facts_of(resident), turn=40))
    assert state.turn == 41
    assert [said.turn for said in effects if isinstance(said, Say)][-1] == 41


def test_who_is_under_sixteen_is_thanked_and_forgotten(resident: Guide) -> None:
    talk = Talk(resident).tap("o:yes", "o:no")
    assert "Kindertelefoon" in talk.words
    assert only(Forget, talk.effects) == [Forget(person=True)]


def test_a_message_after_the_end_is_answered(resident: Guide) -> None:
    talk = Talk(resident).tap("o:no").say("hallo?")
    assert talk.buttons == ["begin", "stories"]


def test_help_after_the_end_has_no_buttons_that_lead_nowhere(resident: Guide) -> None:
    talk = Talk(resident).tap("o:no").do(Command("help"))
    assert "112" in talk.words
    assert not talk.said[-1].buttons


def test_beginning_again_is_asked_of_the_runner(resident: Guide) -> None:
    over = Talk(resident).tap("o:no")
    assert only(Begin, over.do(Returned()).effects)
    assert only(Begin, over.tap("begin").effects)


def test_who_answers_yes_to_another_story_begins_again(resident: Guide) -> None:
    talk = Talk(resident).to("end_kept").say("ja graag")
    assert only(Begin, talk.effects)


def test_an_old_button_changes_nothing_and_says_so(resident: Guide) -> None:
    talk = Talk(resident).tap("o:yes")
    before = talk.state
    talk.do(Tapped(before.turn - 1, "o:no", SEEN))
    assert talk.state == before
    assert talk.said[0].text == resident.phrase("old_button")
    assert talk.said[-1].turn == before.turn


def test_a_double_tap_counts_once(resident: Guide) -> None:
    talk = Talk(resident)
    tap = Tapped(talk.state.turn, "o:yes", SEEN)
    before = talk.do(tap).state
    assert talk.do(tap).state == before
    assert talk.words == resident.phrase("double_tap")


def test_one_reminder_and_no_second(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY)
    turn = talk.state.turn
    assert talk.do(Due("remind", turn)).buttons == ["continue", "erase"]
    assert talk.do(Due("remind", turn)).effects == ()


def test_no_reminder_for_who_has_kept_a_story(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more")
    assert talk.do(Due("remind", talk.state.turn)).effects == ()


def test_a_stale_timer_is_silent(resident: Guide) -> None:
    talk = Talk(resident).tap("o:yes")
    before = talk.state
    talk.do(Due("forget", before.turn - 1))
    assert (talk.state, talk.effects) == (before, ())


def test_after_seven_days_the_draft_is_forgotten_without_a_word(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY)
    talk.do(Due("forget", talk.state.turn))
    assert talk.effects == (Forget(expired=True),)
    assert not talk.state.open
    assert STORY not in talk.state.to_json()


def test_forgetting_leaves_a_kept_story(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more")
    talk.do(Due("forget", talk.state.turn))
    assert talk.effects == (Forget(),)


def test_coming_back_offers_the_open_story(resident: Guide) -> None:
    talk = Talk(resident).to("feeling").do(Returned())
    assert talk.buttons == ["continue", "restart", "erase"]
    assert talk.tap("continue").state.at == "feeling"


def test_coming_back_before_anything_was_told_asks_the_first_question(resident: Guide) -> None:
    talk = Talk(resident).do(Returned())
    assert talk.buttons == ["o:yes", "o:more", "o:no"]


def test_a_message_while_paused_offers_to_go_on(resident: Guide) -> None:
    talk = Talk(resident).to("feeling").do(Command("stop")).tap("later").say("hoi")
    assert talk.state.mode == "resuming"


def test_after_an_account_command_the_question_comes_again(resident: Guide) -> None:
    talk = Talk(resident).to("feeling")
    question = talk.said[-1]
    assert talk.do(Asked()).said == [question]


def test_another_language_asks_the_open_question_in_it(
    guides: Callable[[str, str], Guide],
) -> None:
    talk = Talk(guides("resident", "nl")).to("feeling").tap("o:glad")
    talk.guide = guides("resident", "en")
    talk.do(LanguageChosen({"team": "the local team"}))
    assert talk.state.language == "en"
    assert "[" not in talk.words
    assert [b.label for b in talk.said[-1].buttons if b.picked] == ["Glad"]


def test_back_at_the_first_question_says_so(resident: Guide) -> None:
    talk = Talk(resident).back()
    assert talk.said[0].text == resident.phrase("back_first")


def test_back_to_the_start_and_on_again_keeps_every_answer(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY, "1").tap("done").say("De keuken", "2")
    talk.tap("o:glad", "picked", "o:together").back(6)
    assert talk.state.path == ("start",)
    talk.tap("o:yes", "keep", "done", "keep", "picked", "keep")
    assert talk.state.at == "extra"
    assert talk.state.answers["feeling"].options == ("glad",)
    assert talk.state.answers["decided"].options == ("together",)
    assert talk.state.answers["sentence"].text == "De keuken"


def test_keeping_a_skipped_answer_passes_over_what_hangs_on_it(resident: Guide) -> None:
    talk = Talk(resident).to("movement_problems_strengths").back()
    assert talk.state.at == "need"
    assert talk.tap("keep").state.at == "movement_problems_strengths"


def test_back_from_a_question_that_a_change_brought_leads_to_the_change(resident: Guide) -> None:
    talk = Talk(resident).to("need").to("review").tap("o:change", "c:need", "o:practical")
    assert talk.state.at == "need_met"
    assert talk.back().state.at == "need"


def test_what_was_chosen_is_shown_also_in_a_question_about_the_conversation(
    professional: Guide,
) -> None:
    talk = Talk(professional).to("need")
    talk.tap("other")
    assert Mark(talk.state.turn - 1, "Anders, namelijk") in talk.effects
    talk.do(Command("stop")).tap("later")
    assert talk.effects[0] == Mark(talk.state.turn - 1, "Later verder")


@pytest.mark.parametrize(("said", "at"), [("Wie leest dit?", "start_after_info"), ("nou", "start")])
def test_who_asks_something_before_beginning_is_told_more(
    resident: Guide, said: str, at: str
) -> None:
    talk = Talk(resident).do(Said(said))
    assert talk.state.at == at
    assert (resident.say(resident.steps["more_info"], talk.state.facts) in talk.words) == (
        at == "start_after_info"
    )
    assert Talk(resident).do(Said("ja"), Said(said)).state.at == "age"


def test_words_that_stand_on_no_button_are_offered_as_another_answer(professional: Guide) -> None:
    talk = Talk(professional).to("need").say("even rust", "m7")
    assert "‘even rust’" in talk.words
    assert talk.buttons == ["yes", "no"]
    talk.say("Ja, schrijf het op")
    assert talk.state.answers["need"] == Answer(text="even rust", ref="m7")
    assert talk.state.pending == ("", "")


def test_words_that_were_offered_and_refused_are_forgotten(professional: Guide) -> None:
    talk = Talk(professional).to("need").say("even rust", "m7").tap("no")
    assert (talk.state.at, talk.state.mode) == ("need", "asking")
    assert "even rust" not in talk.state.to_json()


def test_other_words_that_are_too_long_are_not_offered(professional: Guide) -> None:
    talk = Talk(professional).to("need").say("x" * 121)
    assert "te lang" in talk.words
    assert talk.state.mode == "asking"


def test_a_place_is_found_however_it_is_hyphenated(resident: Guide) -> None:
    towns = tuple(Town(Option(f"t{n}", f"Dorp {n}")) for n in range(9))
    bergen = Town(Option("boz", "Bergen-op-Zoom"), (Option("n", "Noord"), Option("z", "Zuid")))
    talk = Talk(resident.with_places(Places((*towns, bergen)))).to("municipality")
    assert talk.say("bergen op z").buttons == ["o:n", "o:z", "o:boz+", "skip"]
    assert talk.tap("o:boz+").state.at == "review"
    assert talk.state.answers["team"].skipped


def test_words_in_a_row_have_the_comma_of_their_script() -> None:
    assert listed(["Blij", "Trots"]) == "Blij, Trots"
    assert listed(["سعيد", "غاضب"]) == "سعيد، غاضب"


@pytest.mark.parametrize("guide_id", sorted(load_guides().ids))
def test_a_typed_no_is_a_no_beside_more_that_could_be_one(guide_id: str) -> None:
    guide = load_guides().get(guide_id, "nl")
    start = guide.steps["start"]
    assert {"yes", "more", "no"} == {option.id for option in start.options}
    talk = Talk(guide).to("start")
    buttons = talk.said[-1].buttons
    for words, meant in (("nee", "o:no"), ("Nee, dank u", "o:no"), ("ja hoor", "o:yes")):
        assert button(guide, buttons, words) == meant
