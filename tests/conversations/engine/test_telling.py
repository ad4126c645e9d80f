"""Telling the story, and answering the questions about it."""

from __future__ import annotations

import pytest

from conversations.checks.walk.probes import SEEN
from conversations.engine.effects import Keep, Mark, Tick
from conversations.engine.events import Command, Edited, Placed, Said, Sent, SentKind
from conversations.engine.questions import prompt
from conversations.engine.state import Answer
from conversations.guide.model import Guide
from tests.conversations.conftest import MANY_PLACES
from tests.conversations.talk import Talk, only


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
    assert resident.phrase("not_kept") in talk.words
    assert "6000" in talk.words


def test_the_page_hears_how_much_still_fits(resident: Guide) -> None:
    talk = Talk(resident).to("tell")
    rooms = []
    for ref in ("1", "2"):
        rooms.append(talk.said[-1].control)
        talk.say("x" * 2500, ref)
    rooms.append(talk.said[-1].control)
    talk.say("y" * 1001, "3")
    rooms.append(talk.said[-1].control)
    assert [control and (control.kind, control.max) for control in rooms] == [
        ("tell", 6000),
        ("tell", 3500),
        ("tell", 1000),
        ("tell", 1000),
    ]


def test_what_is_too_long_names_its_message_so_that_its_words_can_come_back(
    resident: Guide,
) -> None:
    talk = Talk(resident).to("tell").say("x" * 8000, "1")
    assert talk.said[0].refused == "1"
    talk.say("kort", "2").do(Edited("x" * 7000, "2"))
    assert talk.said[0].refused == "2"
    talk = Talk(resident).to("sentence").say("x" * 161, "3")
    assert talk.said[0].refused == "3"
    assert talk.say("kort", "4").said[0].refused == ""


def test_an_edit_to_nothing_asks_whether_the_part_should_go(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("Een", "1").say("Twee", "2").do(Edited("  ", "1"))
    assert [part.text for part in talk.state.draft] == ["Een", "Twee"]
    assert [button.label for button in talk.said[-1].buttons[:2]] == ["Een", "Twee"]
    assert talk.tap("none").state.mode == "asking"
    talk.do(Edited("", "1")).tap("p:0")
    assert [part.text for part in talk.state.draft] == ["Twee"]


@pytest.mark.parametrize("at", ["sentence", "feeling", "review"])
def test_an_edit_to_nothing_after_the_telling_says_where_the_part_can_go(
    resident: Guide, at: str
) -> None:
    talk = Talk(resident).to("tell").say("Een", "1").say("Twee", "2").to(at)
    told = talk.state.draft
    assert talk.do(Edited(" ", "1")).state.draft == told
    assert "staat nog in het verhaal" in talk.words
    assert talk.state.at == at
    talk.to("review").tap("o:change", "c:tell", "edit", "p:0")
    assert talk.state.draft == told[1:]


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
    talk.do(Placed(talk.state.turn, (37,), SEEN))
    assert talk.state.answers["movement_problems_strengths"].shares == (37,)
    assert isinstance(talk.effects[0], Mark)


def test_the_same_place_twice_counts_once(resident: Guide) -> None:
    talk = Talk(resident).to("movement_problems_strengths")
    placed = Placed(talk.state.turn, (37,), SEEN)
    after = talk.do(placed).state
    assert talk.do(placed).state == after
    assert talk.words == resident.phrase("double_tap")


@pytest.mark.parametrize("shares", [(), (101,), (-1,), (20, 30, 50)])
def test_a_place_that_does_not_exist_changes_nothing(
    resident: Guide, shares: tuple[int, ...]
) -> None:
    talk = Talk(resident).to("movement_problems_strengths")
    before = talk.state
    assert talk.do(Placed(before.turn, shares, SEEN)).state == before


def test_the_shares_of_a_triangle_are_a_hundred(professional: Guide) -> None:
    talk = Talk(professional).to("extra").tap("o:yes").to("essence")
    assert talk.do(Placed(talk.state.turn, (20, 30, 40), SEEN)).state.at == "essence"
    talk.do(Placed(talk.state.turn, (20, 30, 50), SEEN))
    assert talk.state.answers["essence"].shares == (20, 30, 50)


def test_few_letters_find_a_municipality_among_many(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality")
    assert talk.buttons == ["skip"]
    assert talk.say("zw").buttons == ["o:noord", "o:zuid", "o:zwolle+", "o:sluis", "skip"]
    assert talk.say("zwolle").buttons == ["o:noord", "o:zuid", "o:zwolle+", "skip"]
    talk.say("zuid zw")
    assert talk.state.answers["municipality"] == Answer(("zwolle",), labels=("Zwolle",))
    assert talk.state.answers["team"] == Answer(("zuid",), labels=("Zuid",))
    assert talk.state.at == "review"


def test_team_and_municipality_are_one_screen(resident: Guide) -> None:
    talk = Talk(resident).to("municipality")
    labels = {button.id: button.label for button in prompt(talk.guide, talk.state).buttons}
    assert labels["o:noord"] == "Noord (Zwolle)"
    assert labels["o:zwolle+"] == "Zwolle, team weet ik niet"
    assert talk.tap("o:noord").state.at == "review"
    assert "Gemeente: Zwolle\nTeam: Noord" in talk.words
    assert talk.back().state.at == "municipality"
    assert "Uw antwoord was: Noord (Zwolle)" in talk.words
    talk.tap("keep")
    assert (talk.state.at, talk.state.answers["team"].labels) == ("review", ("Noord",))


def test_who_knows_the_municipality_only_is_not_asked_again(resident: Guide) -> None:
    talk = Talk(resident).to("municipality").tap("o:zwolle+")
    assert talk.state.at == "review"
    assert "Gemeente: Zwolle" in talk.words
    assert talk.state.answers["team"].skipped
    talk.tap("o:change", "c:municipality", "o:noord")
    assert "Gemeente: Zwolle\nTeam: Noord" in talk.words


def test_a_municipality_that_an_earlier_question_offered_still_counts(resident: Guide) -> None:
    talk = Talk(resident).to("municipality").tap("o:zwolle")
    assert talk.state.at == "team"
    assert talk.tap("o:zuid").state.answers["team"].options == ("zuid",)


def test_letters_that_find_nothing_or_too_much_are_asked_again(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality")
    assert "vind ik niets" in talk.say("qqq").words
    assert "te veel" in talk.say("d").words
    assert talk.state.at == "municipality"


def test_a_tap_on_a_found_place_counts(resident: Guide) -> None:
    talk = Talk(resident.with_places(MANY_PLACES)).to("municipality").say("zw").tap("o:sluis")
    assert talk.state.answers["team"].options == ("sluis",)
    assert talk.state.at == "review"


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
    talk = Talk(resident, **known).to("review")
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


def test_every_row_of_the_card_is_changed_by_a_tap_on_it(resident: Guide) -> None:
    talk = Talk(resident).to("review")
    control = talk.said[-1].control
    assert control
    assert control.card
    steps = [*(row.step for row in control.card.rows), control.card.name_step]
    for step in filter(None, (*steps, control.card.text_step)):
        again = Talk(resident).to("review").tap(f"c:{step}")
        assert (again.state.at, again.state.fixing) == (step, True)
        assert again.to("review").state.at == "review"
