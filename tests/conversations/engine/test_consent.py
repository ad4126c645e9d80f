"""The card and the consents: nothing is kept that was not shown and agreed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conversations.checks.probes import SEEN
from conversations.engine.effects import Forget, Keep, Record, Withdraw
from conversations.engine.events import Command, Edited, Tapped
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.model import Guide
from tests.conversations.talk import STORY, Talk, only


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
        step(guide, state, Tapped(state.turn, "o:yes", SEEN))


def test_a_state_goes_to_json_and_back(resident: Guide) -> None:
    state = Talk(resident).to("tell").say(STORY, "1").tap("done").say("Naam", "2").state
    assert State.from_json(state.to_json()) == state
