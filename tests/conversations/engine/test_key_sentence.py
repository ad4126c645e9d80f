"""The sentence a story turns on: three of the teller's own are proposed, one is chosen, shortened
or written, and what may be quoted is that sentence and nothing else."""

from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checks.burden import READ_A_MINUTE, burden
from conversations.checks.walk.explore import canonical
from conversations.engine.effects import Keep, Record, Say
from conversations.engine.events import Edited
from conversations.engine.way.key_sentence import LONGEST, PROPOSED, proposals
from conversations.guide.library import Library
from conversations.guide.model import Guide
from conversations.redaction.find import find
from tests.conversations.talk import Talk, only

STORY = (
    "Ik belde het wijkteam omdat ik de huur niet kon betalen. Dhr. Bos van het wijkteam kwam. "
    "Hij luisterde eerst een uur. Mijn buurvrouw paste op de kinderen. "
    "Samen met het wijkteam en de buurvrouw kwam er een plan voor de huur. Nu sta ik er weer."
)
OTHERS = {
    "en": "I called the team about the rent. The team came the same week. We made a plan for the "
    "rent together. My neighbour looked after the children. Now I manage again.",
    "tr": "Kira için ekibi aradım. Ekip aynı hafta geldi. Kira için birlikte bir plan yaptık. "
    "Komşum çocuklara baktı. Şimdi yine idare ediyorum.",
    "ar": "اتصلت بالفريق بسبب الإيجار. جاء الفريق في نفس الأسبوع. وضعنا مع الفريق خطة للإيجار. "
    "اعتنت جارتي بالأطفال. الآن أتدبر أمري من جديد.",
}


def at_sentence(guide: Guide, story: str = STORY) -> Talk:
    return (
        Talk(guide, team_id="zuid", municipality_id="zwolle")
        .to("tell")
        .say(story, "told")
        .tap("done")
    )


def own(text: str) -> str:
    return " ".join(text.split())


@given(st.text(st.sampled_from("ab de.!? \n،؟1é"), max_size=400), st.sampled_from(["nl", "ar"]))
@settings(max_examples=60, deadline=None)
def test_what_is_proposed_stands_in_the_story(text: str, language: str) -> None:
    found = proposals(text, language)
    assert len(found) <= PROPOSED
    assert len(set(found)) == len(found)
    places = [own(text).find(each) for each in found]
    assert -1 not in places
    assert places == sorted(places)
    assert all(len(each) <= LONGEST for each in found)
    assert proposals(text, language) == found


@pytest.mark.parametrize(("language", "story"), [("nl", STORY), *OTHERS.items()])
def test_three_sentences_are_proposed_that_say_most_of_the_whole(language: str, story: str) -> None:
    found = proposals(story, language)
    assert len(found) == PROPOSED
    assert not any(each.startswith(("Nu", "Now", "Şimdi", "الآن")) for each in found)
    assert all(each[-1] in ".!?" for each in found)
    assert "Dhr." not in found  # a point that ends no sentence


def test_the_number_of_a_proposal_chooses_it(resident: Guide) -> None:
    talk = at_sentence(resident)
    [asked] = [each for each in talk.effects if isinstance(each, Say) and each.control]
    assert asked.control is not None
    assert [(each.id, each.label) for each in asked.buttons][:3] == [
        ("z:0", "1"), ("z:1", "2"), ("z:2", "3")
    ]  # fmt: skip
    for number, sentence in enumerate(asked.control.poles, 1):
        assert f"\n{number}. {sentence}" in asked.whole_text
        assert sentence not in asked.text
        for chosen in (at_sentence(resident).tap(f"z:{number - 1}"),
                       at_sentence(resident).say(str(number), "2")):  # fmt: skip
            assert chosen.state.answers["sentence"].text == sentence
            assert chosen.state.at == "feeling"
            assert chosen.state.proposed == ()


def test_a_sentence_is_shortened_or_written_by_the_teller(resident: Guide) -> None:
    talk = at_sentence(resident).say("Nu sta ik er weer", "2")
    assert talk.state.answers["sentence"].text == "Nu sta ik er weer"
    talk = at_sentence(resident, "Het was goed zo voor mij").say("Het was goed", "2")
    assert talk.state.answers["sentence"].text == "Het was goed"


def test_other_words_in_the_story_propose_other_sentences(resident: Guide) -> None:
    """And the buttons of before, which stood for others, choose nothing any more."""
    talk = at_sentence(resident)
    before = talk.state.turn
    talk.do(Edited(STORY.replace("huur", "energie"), "told"))
    assert talk.state.turn > before
    assert talk.state.at == "sentence"
    assert all("huur" not in each for each in talk.state.proposed)
    assert any("energie" in each for each in talk.state.proposed)


def test_the_sentence_stands_on_the_card_and_is_looked_at(resident: Guide) -> None:
    talk = at_sentence(resident.with_finder(find)).say("Fatima van de wijk bleef bij ons", "2")
    talk.to("review")
    assert {"sentence"} <= {clue.at for clue in talk.state.clues}
    talk.tap("all")
    assert "Fatima" not in talk.state.answers["sentence"].text


@pytest.mark.parametrize("chosen", [True, False])
def test_quotation_is_asked_of_the_sentence_and_of_nothing_else(
    resident: Guide, *, chosen: bool
) -> None:
    talk = at_sentence(resident.with_finder(None)).tap("z:1" if chosen else "skip")
    sentence = talk.state.answers["sentence"].text
    talk.to("consent_more")
    [keep] = only(Keep, talk.effects)
    assert isinstance(keep, Keep)
    assert (keep.telling.sentence, keep.telling.name) == (sentence, "")
    assert ("o:quote" in talk.buttons) is chosen
    if chosen:
        talk.tap("o:team", "o:quote", "confirm")
        given = [each for each in talk.effects if isinstance(each, Record)]
        [quote] = [each for each in given if each.purpose == "quote"]
        assert quote.answer == "yes"
        assert f"‘{sentence}’" in quote.shown
        assert keep.telling.text not in quote.shown


def test_proposals_do_not_steer(resident: Guide) -> None:
    with_three, without = at_sentence(resident).state, at_sentence(resident, "xxx " * 100).state
    assert with_three.proposed
    assert not without.proposed
    assert canonical(resident, with_three) == canonical(
        resident, without.but(proposed=with_three.proposed)
    )


def test_who_reads_three_sentences_is_ready_within_the_minutes_that_are_said(
    library: Library,
) -> None:
    """The shortest round passes over the question; reading three sentences of the teller's own
    comes on top, and stays within the whole minutes that are promised."""
    words = sum(len(each.split()) for each in proposals(STORY, "nl"))
    for guide_id in library.ids:
        for language in library.languages(guide_id):
            guide = library.get(guide_id, language)
            assert burden(guide).minutes + words / READ_A_MINUTE <= ceil(guide.minutes)
