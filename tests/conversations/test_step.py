"""What happens in a conversation, one event at a time; the longer ways are in the transcripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from conversations.effects import Begin, Effect, Forget, Keep, Mark, Record, Say, Tick, Withdraw
from conversations.events import (
    Asked,
    Command,
    Due,
    Edited,
    Event,
    LanguageChosen,
    Placed,
    Returned,
    Said,
    Sent,
    SentKind,
    Start,
    Tapped,
)
from conversations.guide import Guide
from conversations.state import Answer, State
from conversations.step import step
from tests.conversations.conftest import MANY_PLACES, facts_of

STORY = "Er kwam een mevrouw langs en die luisterde een uur."


class Talk:
    """A conversation of a test: what was done so far, and what was said last."""

    def __init__(self, guide: Guide, **facts: str) -> None:
        self.guide = guide
        self.effects: tuple[Effect, ...] = ()
        self.state, self.effects = step(guide, None, Start({**facts_of(guide), **facts}))

    def do(self, *events: Event) -> Talk:
        for event in events:
            self.state, self.effects = step(self.guide, self.state, event)
        return self

    def tap(self, *buttons: str) -> Talk:
        for button in buttons:
            self.do(Tapped(self.state.turn, button))
        return self

    def say(self, text: str, ref: str = "") -> Talk:
        return self.do(Said(text, ref))

    def back(self, times: int = 1) -> Talk:
        return self.do(*[Command("back")] * times)

    def to(self, step_id: str) -> Talk:
        """Go on, skipping where possible, to a question."""
        while self.state.at != step_id:
            asked = self.guide.steps[self.state.at]
            if asked.kind == "tell":
                self.say(STORY, "story").tap("done")
            elif asked.skip:
                self.tap("skip")
            elif asked.kind == "review":
                self.tap("o:ok")
            else:
                last = "no" if asked.id == "extra" else "yes"
                self.tap(f"o:{last}")
        return self

    @property
    def said(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]

    @property
    def words(self) -> str:
        return "\n".join(said.text for said in self.said)

    @property
    def buttons(self) -> list[str]:
        return [button.id for button in self.said[-1].buttons]


def only(kind: type, effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]


# the beginning and the end


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


# telling


def test_several_messages_are_one_story(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Eerst dit.").say("Toen dat.").say("En klaar.")
    assert [part.text for part in talk.state.draft] == ["Eerst dit.", "Toen dat.", "En klaar."]
    talk.say("En nog iets om te vertellen.").tap("done").to("review")
    assert "Eerst dit.\n\nToen dat.\n\nEn klaar." in talk.words


def test_an_edit_amends_its_own_part(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een", "1").say("Twee", "2").do(Edited("Drie", "1"))
    assert [part.text for part in talk.state.draft] == ["Drie", "Twee"]


def test_an_edit_that_makes_the_story_too_long_is_refused(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een", "1").do(Edited("x" * 7000, "1"))
    assert talk.state.draft[0].text == "Een"
    assert "vol" in talk.words


def test_an_edit_to_nothing_leaves_the_part(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een", "1").do(Edited("  ", "1"))
    assert talk.state.draft[0].text == "Een"


def test_an_edit_of_an_unknown_message_is_answered_and_changes_nothing(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een", "1")
    before = talk.state
    assert talk.do(Edited("Twee", "9")).state == before
    assert talk.said


def test_the_parts_of_an_album_share_one_answer(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Sent("photo", "1", "album"))
    assert talk.said
    assert talk.do(Sent("photo", "2", "album")).effects == ()
    assert talk.do(Said("De tuin", "3", "album")).state.draft
    assert talk.do(Sent("photo", "4", "other album")).said


@pytest.mark.parametrize(
    "kind", ["sticker", "photo", "voice", "video", "document", "location", "contact", "other"]
)
def test_what_is_not_text_gets_a_kind_no_and_the_question(resident: Guide, kind: SentKind) -> None:
    talk = Talk(resident)
    before, question = talk.state, talk.said[-1]
    talk.do(Sent(kind))
    assert talk.state == before
    assert len(talk.said) == 2
    assert talk.said[-1] == question


def test_an_empty_message_is_answered(resident: Guide) -> None:
    talk = Talk(resident).do(Said(" \n "))
    assert talk.buttons == ["o:yes", "o:more", "o:no"]


def test_a_citizen_service_number_is_refused_and_the_rest_kept(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Said("Mijn nummer was ▇.", "1", masked=True))
    assert "BSN" in talk.said[0].text
    assert talk.state.draft[0].text == "Mijn nummer was ▇."


def test_a_story_that_is_full_can_lose_a_part(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een").say("x" * 5990).say("y" * 100)
    assert talk.buttons == ["done", "edit"]
    talk.tap("edit", "p:1")
    assert [part.text for part in talk.state.draft] == ["Een"]


def test_done_without_a_story_asks_for_one_sentence(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Command("done"))
    assert talk.buttons == ["later", "decline"]
    talk.tap("decline")
    assert talk.state.at == "end_not_kept"


# answering


def test_a_word_that_equals_a_button_is_a_tap(resident: Guide) -> None:
    talk = Talk(resident).to("feeling").say("BLIJ!")
    assert talk.state.picked == ("glad",)
    assert only(Tick, talk.effects)


def test_a_yes_with_a_but_is_no_yes(resident: Guide) -> None:
    talk = Talk(resident).to("consent_keep").say("ja, maar niet alles")
    assert talk.state.at == "consent_keep"
    assert not only(Keep, talk.effects)


def test_no_more_can_be_picked_than_may(resident: Guide) -> None:
    talk = Talk(resident).to("feeling").tap("o:glad", "o:sad", "o:proud")
    assert talk.state.picked == ("glad", "sad")
    assert "hooguit 2" in talk.words


def test_the_words_after_other_stand_on_the_button_cut_to_fit(resident: Guide) -> None:
    talk = Talk(resident).to("feeling").tap("other").say("een beetje van alles door elkaar heen")
    label = next(button.label for button in talk.said[-1].buttons if button.id == "other")
    assert label == "een beetje van alles do…"


def test_other_can_be_left_by_a_button(resident: Guide) -> None:
    talk = Talk(resident).to("need").tap("other", "back")
    assert talk.state.mode == "asking"
    assert talk.state.at == "need"


def test_a_place_on_a_scale_is_an_answer(resident: Guide) -> None:
    talk = Talk(resident).to("movement_problems_strengths")
    talk.do(Placed(talk.state.turn, (37,)))
    assert talk.state.answers["movement_problems_strengths"].shares == (37,)
    assert isinstance(talk.effects[0], Mark)


def test_the_same_place_twice_counts_once(resident: Guide) -> None:
    talk = Talk(resident).to("movement_problems_strengths")
    placed = Placed(talk.state.turn, (37,))
    after = talk.do(placed).state
    assert talk.do(placed).state == after
    assert talk.words == resident.phrase("double_tap")


@pytest.mark.parametrize("shares", [(), (101,), (-1,), (20, 30, 50)])
def test_a_place_that_does_not_exist_changes_nothing(
    resident: Guide, shares: tuple[int, ...]
) -> None:
    talk = Talk(resident).to("movement_problems_strengths")
    before = talk.state
    assert talk.do(Placed(before.turn, shares)).state == before


def test_the_shares_of_a_triangle_are_a_hundred(professional: Guide) -> None:
    talk = Talk(professional).to("extra").tap("o:yes").to("essence")
    assert talk.do(Placed(talk.state.turn, (20, 30, 40))).state.at == "essence"
    talk.do(Placed(talk.state.turn, (20, 30, 50)))
    assert talk.state.answers["essence"].shares == (20, 30, 50)


def test_few_letters_find_a_municipality_among_many(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality")
    assert talk.buttons == ["skip"]
    assert talk.say("zw").buttons == ["o:zwolle", "o:zwartsluis", "skip"]
    talk.say("zwol")
    assert talk.state.answers["municipality"] == Answer(("zwolle",), labels=("Zwolle",))
    assert talk.state.at == "team"


def test_letters_that_find_nothing_or_too_much_are_asked_again(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality")
    assert "vind ik niets" in talk.say("qqq").words
    assert "te veel" in talk.say("d").words
    assert talk.state.at == "municipality"


def test_a_tap_on_a_found_place_counts(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality").say("zw").tap("o:zwartsluis")
    assert talk.state.answers["team"].options == ("sluis",)
    assert talk.state.at == "group"


def test_another_municipality_takes_the_team_away(resident: Guide) -> None:
    talk = Talk(resident).to("municipality").tap("o:zwolle", "o:noord").to("review")
    talk.tap("o:change", "c:municipality", "o:raalte")
    assert talk.state.at == "review"
    assert "Noord" not in talk.words
    assert talk.state.answers["team"].skipped


def test_the_invitation_answers_for_municipality_and_team(resident: Guide) -> None:
    known = {
        "municipality_id": "zwolle",
        "municipality_name": "Zwolle",
        "team_id": "noord",
        "team_name": "Noord",
    }
    talk = Talk(resident, **known).to("group")
    assert talk.back().state.at == "extra"
    talk.to("review")
    assert "Gemeente: Zwolle\nTeam: Noord" in talk.words


def test_who_takes_the_invited_team_off_the_card_is_not_counted_with_it(resident: Guide) -> None:
    talk = Talk(resident, municipality_id="zwolle", team_id="noord").to("review")
    talk.tap("o:change", "c:team", "skip", "o:ok", "o:yes")
    [keep] = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert keep.telling.team == ""
    assert keep.telling.municipality == "zwolle"


# old buttons, timers, coming back


def test_an_old_button_changes_nothing_and_says_so(resident: Guide) -> None:
    talk = Talk(resident).tap("o:yes")
    before = talk.state
    talk.do(Tapped(before.turn - 1, "o:no"))
    assert talk.state == before
    assert talk.said[0].text == resident.phrase("old_button")
    assert talk.said[-1].turn == before.turn


def test_a_double_tap_counts_once(resident: Guide) -> None:
    talk = Talk(resident)
    tap = Tapped(talk.state.turn, "o:yes")
    before = talk.do(tap).state
    assert talk.do(tap).state == before
    assert talk.words == resident.phrase("double_tap")


def test_one_reminder_and_no_second(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY)
    turn = talk.state.turn
    assert talk.do(Due("remind", turn)).buttons == ["continue", "erase"]
    assert talk.do(Due("remind", turn)).effects == ()


def test_no_reminder_for_who_has_kept_a_story(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team")
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
    talk = Talk(resident).to("consent_team")
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


# back


def test_back_at_the_first_question_says_so(resident: Guide) -> None:
    talk = Talk(resident).back()
    assert talk.said[0].text == resident.phrase("back_first")


def test_back_to_the_start_and_on_again_keeps_every_answer(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY, "1").tap("done").say("De keuken", "2")
    talk.tap("o:glad", "picked", "o:practical", "o:partly").back(7)
    assert talk.state.path == ("start",)
    talk.tap("o:yes", "keep", "done", "keep", "picked", "keep", "keep")
    assert talk.state.at == "movement_problems_strengths"
    assert talk.state.answers["feeling"].options == ("glad",)
    assert talk.state.answers["need"].options == ("practical",)
    assert talk.state.answers["name"].text == "De keuken"


def test_keeping_a_skipped_answer_passes_over_what_hangs_on_it(resident: Guide) -> None:
    talk = Talk(resident).to("movement_problems_strengths").back()
    assert talk.state.at == "need"
    assert talk.tap("keep").state.at == "movement_problems_strengths"


def test_back_from_a_question_that_a_change_brought_leads_to_the_change(resident: Guide) -> None:
    talk = Talk(resident).to("review").tap("o:change", "c:need", "o:practical")
    assert talk.state.at == "need_met"
    assert talk.back().state.at == "need"


# the card and the consents


def test_the_card_shows_exactly_what_is_kept(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say(STORY).tap("done").say("De keuken").to("review")
    control = talk.said[-1].control
    assert control is not None
    assert control.card is not None
    talk.tap("o:ok", "o:yes")
    [keep] = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert (keep.telling.name, keep.telling.text) == (control.card.name, control.card.text)


def test_the_record_of_a_yes_holds_the_words_that_were_shown(resident: Guide) -> None:
    talk = Talk(resident).to("consent_keep")
    shown = talk.said[-1].text
    assert talk.tap("o:yes").effects[1] == Record("keep", "yes", shown)


def test_a_no_to_keeping_keeps_nothing_and_ends(resident: Guide) -> None:
    talk = Talk(resident).to("consent_keep").tap("o:no")
    assert not only(Keep, talk.effects)
    assert talk.state.at == "end_not_kept"


def test_a_no_to_the_team_after_a_yes_to_others_closes_those_too(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team").tap("o:yes", "o:yes", "o:yes").back(3)
    assert talk.state.at == "consent_team"
    talk.tap("o:no")
    records = [(r.purpose, r.answer) for r in talk.effects if isinstance(r, Record)]
    assert records == [("team", "no"), ("network", "no"), ("quote", "no")]


def test_a_change_after_keeping_needs_the_card_and_consent_again(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team").back(2)
    assert talk.state.at == "review"
    talk.tap("o:change", "c:name").say("Nieuwe naam")
    assert talk.state.at == "review"
    assert talk.state.consents == {}
    talk.tap("o:ok", "o:yes")
    [keep] = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert keep.telling.name == "Nieuwe naam"


def test_discarding_a_kept_story_withdraws_it(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team").back(2).tap("o:discard")
    assert only(Withdraw, talk.effects)
    assert not talk.state.kept


def test_saying_no_at_the_start_after_keeping_withdraws_the_story(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team").back(30)
    assert talk.state.at == "start"
    talk.tap("o:no")
    assert only(Withdraw, talk.effects)
    assert "niets bewaard" in talk.words


def test_there_is_no_card_without_a_story(resident: Guide) -> None:
    talk = Talk(resident).to("review").tap("o:change", "c:tell", "edit", "p:0").back()
    assert talk.state.at == "tell"
    assert resident.phrase("tell_empty") in talk.words


def test_an_edit_at_an_earlier_question_after_the_card_loses_no_answer(resident: Guide) -> None:
    talk = Talk(resident).to("name").say("De keuken", "2").tap("o:glad", "picked").to("review")
    talk.back(6).do(Edited(f"{STORY} Echt.", "story"))
    assert talk.state.at == "review"
    assert "Gevoel: Blij" in talk.words
    assert "Echt." in talk.words


def test_a_question_that_hangs_on_a_skipped_one_is_not_asked(
    guides: Callable[[str, str], Guide],
) -> None:
    talk = Talk(guides("after_visit_guest", "nl")).to("consent_quote").tap("o:yes")
    assert talk.state.at == "consent_contact"


def test_erasing_after_keeping_withdraws_and_forgets(resident: Guide) -> None:
    talk = Talk(resident).to("consent_team").do(Command("stop")).tap("erase")
    assert only(Withdraw, talk.effects)
    assert only(Forget, talk.effects)
    assert not talk.state.kept


def test_a_step_without_a_purpose_is_no_consent(resident: Guide) -> None:
    broken = replace(resident.steps["consent_keep"], purpose=None)
    guide = replace(resident, steps={**resident.steps, "consent_keep": broken})
    state = Talk(resident).to("consent_keep").state
    with pytest.raises(ValueError, match="no consent"):
        step(guide, state, Tapped(state.turn, "o:yes"))


def test_a_state_goes_to_json_and_back(resident: Guide) -> None:
    state = Talk(resident).to("tell").say(STORY, "1").tap("done").say("Naam", "2").state
    assert State.from_json(state.to_json()) == state
