"""The card and the consents: nothing is kept that was not shown and agreed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conversations.checks.walk.probes import SEEN
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
    assert (keep.telling.headline, keep.telling.text) == (control.card.name, control.card.text)


def test_the_record_of_a_yes_holds_the_words_that_were_shown(resident: Guide) -> None:
    talk = Talk(resident).to("consent_keep")
    shown = talk.said[-1].text
    assert talk.tap("o:yes").effects[1] == Record("keep", "yes", shown)


def test_a_no_to_keeping_keeps_nothing_and_ends(resident: Guide) -> None:
    talk = Talk(resident).to("consent_keep").tap("o:no")
    assert not only(Keep, talk.effects)
    assert talk.state.at == "end_not_kept"


def _answers(talk: Talk) -> list[tuple[str, str]]:
    return [(r.purpose, r.answer) for r in talk.effects if isinstance(r, Record)]


def _told(guide: Guide) -> Talk:
    """A story of the team Noord, at the switches."""
    return Talk(guide, team_id="noord", municipality_id="zwolle").to("consent_more")


def test_all_switches_are_off_and_the_story_is_kept_already(resident: Guide) -> None:
    talk = _told(resident)
    assert talk.state.kept
    assert talk.buttons == ["o:team", "o:coordinator", "o:network", "o:contact", "confirm"]
    assert not any(button.picked for button in talk.said[-1].buttons)
    talk.tap("confirm")
    assert _answers(talk) == [("team", "no"), ("network", "no"), ("contact", "no")]


def test_nothing_is_recorded_before_the_switches_are_confirmed(resident: Guide) -> None:
    talk = _told(resident)
    for purpose in ("team", "network", "contact"):
        assert not only(Record, talk.tap(f"o:{purpose}").effects)
    talk.tap("confirm")
    assert _answers(talk) == [("team", "yes"), ("network", "yes"), ("contact", "yes")]
    assert talk.state.at == "end_kept"


def test_switching_the_team_off_switches_off_what_needs_it(resident: Guide) -> None:
    talk = _told(resident).tap("o:team", "o:network", "o:contact", "o:team")
    assert talk.state.picked == ("contact",)


@pytest.mark.parametrize("purpose", ["coordinator", "network"])
def test_what_needs_the_team_does_not_go_on_without_it(resident: Guide, purpose: str) -> None:
    talk = _told(resident).tap(f"o:{purpose}")
    assert talk.state.picked == ()
    assert talk.words == resident.phrase("switches_team_first")


def test_only_the_coordinator_leaves_everybody_else_out(resident: Guide) -> None:
    talk = _told(resident).tap("o:team", "o:network", "o:coordinator")
    assert talk.state.picked == ("team", "coordinator")
    assert talk.tap("o:network").words == resident.phrase("switches_coordinator_only")
    talk.tap("confirm")
    assert _answers(talk)[:2] == [("team", "coordinator"), ("network", "no")]


def test_the_words_of_each_purpose_are_kept_as_they_were_shown(resident: Guide) -> None:
    talk = _told(resident)
    screen = talk.words
    step = resident.steps["consent_more"]
    records = only(Record, talk.tap("o:team", "o:coordinator", "confirm").effects)
    for record in records:
        assert isinstance(record, Record)
        assert all(part in screen for part in record.shown.split("\n\n"))
    team = records[0]
    assert isinstance(team, Record)
    sentences = [option.say for option in step.options if option.id in ("team", "coordinator")]
    assert all(sentence in team.shown for sentence in sentences)


def test_a_teller_without_a_team_is_asked_nothing_about_it(
    resident: Guide, guides: Callable[[str, str], Guide]
) -> None:
    assert Talk(resident).to("consent_more").buttons == ["o:contact", "confirm"]
    guest = Talk(guides("after_visit_guest", "nl"), team_id="").to("consent_more")
    assert guest.buttons == ["o:contact", "confirm"]


def test_words_switch_and_confirm_and_a_bare_yes_does_not(resident: Guide) -> None:
    talk = _told(resident).say("ja")
    assert (talk.state.picked, talk.state.at) == ((), "consent_more")
    talk.say("het team").say("Ik hoor ervan")
    assert talk.state.picked == ("team", "contact")
    assert _answers(talk.say("zo is het goed")) == [
        ("team", "yes"),
        ("network", "no"),
        ("contact", "yes"),
    ]


def test_going_back_to_keeping_switches_everything_off(resident: Guide) -> None:
    talk = _told(resident).tap("o:team").back().tap("o:yes")
    assert (talk.state.at, talk.state.picked) == ("consent_more", ())


def test_a_change_after_keeping_needs_the_card_and_consent_again(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more").back(2)
    assert talk.state.at == "review"
    talk.tap("o:change", "c:sentence").say("Nieuwe naam")
    assert talk.state.at == "review"
    assert talk.state.consents == {}
    talk.tap("o:ok", "o:yes")
    [keep] = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert keep.telling.sentence == "Nieuwe naam"


def test_discarding_a_kept_story_withdraws_it(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more").back(2).tap("o:discard")
    assert only(Withdraw, talk.effects)
    assert not talk.state.kept


def test_saying_no_at_the_start_after_keeping_withdraws_the_story(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more").back(30)
    assert talk.state.at == "start"
    talk.tap("o:no")
    assert only(Withdraw, talk.effects)
    assert "niets bewaard" in talk.words


def test_there_is_no_card_without_a_story(resident: Guide) -> None:
    talk = Talk(resident).to("review").tap("o:change", "c:tell", "edit", "p:0").back()
    assert talk.state.at == "tell"
    assert resident.phrase("tell_empty") in talk.words


def test_an_edit_at_an_earlier_question_after_the_card_loses_no_answer(resident: Guide) -> None:
    talk = Talk(resident).to("sentence").say("De keuken", "2").tap("o:glad", "picked").to("review")
    talk.back(6).do(Edited(f"{STORY} Echt.", "story"))
    assert talk.state.at == "review"
    assert "Gevoel: Blij" in talk.words
    assert "Echt." in talk.words


def test_a_question_that_was_not_left_does_not_travel(
    guides: Callable[[str, str], Guide],
) -> None:
    guide = guides("after_visit_guest", "nl")
    assert "o:relay" not in Talk(guide).to("consent_more").buttons
    left = Talk(guide).to("question_left").say("Wie beslist er?").to("consent_more")
    assert "o:relay" in left.buttons


def test_erasing_after_keeping_withdraws_and_forgets(resident: Guide) -> None:
    talk = Talk(resident).to("consent_more").do(Command("stop")).tap("erase")
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
