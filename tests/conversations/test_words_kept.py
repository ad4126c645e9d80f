"""What is typed is kept where it belongs, or the answer says that it was not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.engine.effects import Button
from conversations.engine.events import Command, Edited, Returned, Said, Sent
from conversations.engine.intent import blank
from conversations.engine.questions import apart, distinct, prompt
from conversations.engine.state import Answer, Part
from conversations.guide.library import Library
from conversations.guide.model import Guide
from tests.conversations.talk import STORY, Talk

MORE = "O ja, en toen belde de school nog met de moeder."


def test_words_at_is_this_the_whole_story_belong_to_the_story(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("kort").tap("done")
    assert talk.state.mode == "short"
    talk.say(MORE, "m1")
    assert [part.text for part in talk.state.draft] == ["kort", MORE]
    assert talk.buttons == ["done"]
    assert talk.say("En dit.").state.draft[-1].text == "En dit."


def test_no_to_is_this_the_whole_story_means_that_there_is_more(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("kort").tap("done").say("nee")
    assert (talk.state.mode, len(talk.state.draft)) == ("asking", 1)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar"])
def test_the_words_on_a_button_below_the_story_are_no_part_of_it(
    guides: Callable[[str, str], Guide], language: str
) -> None:
    talk = Talk(guides("resident", language)).to("tell")
    label = talk.guide.phrase("too_long_story.edit")
    assert talk.say(f"{label}.").state.draft[0].text == f"{label}."  # it has no such button yet
    assert len(talk.say(label.upper()).state.draft) == 1
    assert talk.state.mode == "trimming"


@pytest.mark.parametrize("mode", ["stopping", "paused", "resuming", "changing"])
def test_words_where_only_buttons_count_are_said_not_to_be_kept(resident: Guide, mode: str) -> None:
    talk = Talk(resident).to("review")
    talk.state = talk.state.but(mode=mode)
    talk.say(MORE)
    assert resident.phrase("not_kept") in talk.words
    assert resident.phrase("not_kept_story") in talk.words or mode == "paused"


def test_a_first_message_that_is_too_long_can_be_made_shorter(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("x" * 8000, "m1")
    assert resident.phrase("not_kept") in talk.words
    assert resident.phrase("too_long_part", {"max": "6000"}) in talk.words
    talk.do(Edited("y" * 7000, "m1"))
    assert resident.phrase("not_kept") in talk.words
    talk.do(Edited("y" * 5000, "m1"))
    assert talk.state.draft == (Part("text", "y" * 5000, "m1"),)
    assert talk.state.refused == ()
    talk.do(Edited("z" * 10, "m1"))
    assert talk.state.draft[0].text == "z" * 10


def test_a_part_that_was_refused_can_be_made_shorter_after_telling(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("x" * 5000).say("y" * 2000, "m2").tap("done")
    talk.tap("enough") if talk.state.mode == "short" else None
    talk.to("review").do(Edited(MORE, "m2"))
    assert [part.text for part in talk.state.draft][-1] == MORE
    assert MORE in talk.words


def test_an_answer_that_was_refused_can_be_made_shorter(resident: Guide) -> None:
    talk = Talk(resident).to("sentence").say("x" * 161, "m1").do(Edited("Kort", "m1"))
    assert talk.state.answers["sentence"].text == "Kort"


def test_taking_something_out_of_an_empty_story_says_that_it_is_empty(resident: Guide) -> None:
    talk = Talk(resident).to("tell").say("x" * 8000)
    full = resident.phrase("too_long_story")
    assert full not in talk.words
    assert talk.tap("edit").buttons == ["later", "decline"]


def test_two_answers_in_one_go_are_both_offered(resident: Guide) -> None:
    talk = Talk(resident).to("need").say("een fiets", "m1").say("en een bed", "m2").tap("yes")
    assert talk.state.answers["need"].text == "een fiets en een bed"


@pytest.mark.parametrize("event", [Command("stop"), Command("back"), Returned()])
def test_words_that_wait_for_a_yes_are_not_let_go_of_silently(
    resident: Guide, event: Command | Returned
) -> None:
    talk = Talk(resident).to("need").say("een fiets").do(event)
    assert resident.phrase("not_kept") in talk.words


@pytest.mark.parametrize(
    "text", ["\u200b", "\u2060\u200d", "\u3164", "\u2800 \n", "\u00a0", "\u0301", "\ufeff"]
)
def test_what_shows_nothing_is_no_part(resident: Guide, text: str) -> None:
    assert blank(text)
    assert Talk(resident).to("tell").say(text).state.draft == ()
    assert Talk(resident).to("sentence").say(text).state.at == "sentence"


@pytest.mark.parametrize("text", ["a", "1", "?", "👍🏽", "\ue000", "\u0627\u064e", "e\u0301"])
def test_what_shows_something_is_a_part(resident: Guide, text: str) -> None:
    """After a first one: a sign alone begins no story."""
    assert Talk(resident).to("tell").say("Iets", "1").say(text, "2").state.draft[1].text == text


def test_forwarded_words_are_not_taken_without_a_word(resident: Guide) -> None:
    talk = Talk(resident).to("tell").do(Said(STORY, "f1", forwarded=True))
    assert talk.said[-1].text == resident.phrase("part_forwarded")
    assert talk.buttons == ["done", "edit"]
    assert talk.tap("edit", "p:0").state.draft == ()


def test_forwarded_words_are_no_answer(resident: Guide) -> None:
    talk = Talk(resident).to("sentence").do(Said("Dag", "f1", forwarded=True))
    assert talk.state.at == "sentence"
    assert resident.phrase("not_kept") in talk.words


@pytest.mark.parametrize("step", ["tell_intro", "keep", "need", "review"])
@pytest.mark.parametrize("word", ["yes", "no", "stop", "done"])
def test_forwarded_words_are_no_yes_and_no_command(resident: Guide, step: str, word: str) -> None:
    talk = Talk(resident).to(step) if step in resident.steps else Talk(resident)
    before = talk.state
    talk.do(Said(resident.phrase(f"words.{word}").split("|")[0], "f1", forwarded=True))
    assert talk.state.but(refused=(), turn=0) == before.but(refused=(), turn=0)
    assert resident.phrase("forwarded_elsewhere") in talk.words


@pytest.mark.parametrize("word", ["stop", "done", "back"])
def test_forwarded_words_of_a_story_are_no_command(resident: Guide, word: str) -> None:
    text = resident.phrase(f"words.{word}").split("|")[0]
    talk = Talk(resident).to("tell").do(Said(text, "f1", forwarded=True))
    assert [part.text for part in talk.state.draft] == [text]


def test_who_forwards_a_word_for_help_sees_who_can(resident: Guide) -> None:
    word = resident.phrase("words.help").split("|")[0]
    talk = Talk(resident).to("need").do(Said(word, "f1", forwarded=True))
    assert resident.phrase("help_card") in talk.words


def test_a_forwarded_recording_is_not_taken_without_a_word(resident: Guide) -> None:
    sent = Sent("voice", "v1", blob="b1", forwarded=True)
    assert Talk(resident).to("tell").do(sent).said[0].text == resident.phrase("forwarded")


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6),
    words=st.text(min_size=1, max_size=40),
    data=st.data(),
)
def test_no_two_buttons_of_a_message_read_the_same_whatever_was_typed(
    library: Library, parts: list[str], words: str, data: st.DataObject
) -> None:
    guide = library.get("resident", data.draw(st.sampled_from(library.languages("resident"))))
    talk = Talk(guide).to("tell")
    same = data.draw(st.sampled_from([*parts, guide.phrase("trim_ask.none")]))
    talk.state = talk.state.but(
        draft=tuple(Part("text", text) for text in (*parts, same, f"{same} ")), mode="trimming"
    )
    _all_differ(guide, talk)
    feeling = Talk(guide).to("feeling")
    label = data.draw(
        st.sampled_from([words, *(o.label for o in feeling.guide.steps["feeling"].options)])
    )
    given_answer = {"feeling": Answer(text=label)}
    feeling.state = feeling.state.but(picked=("other",), answers=given_answer)
    _all_differ(guide, feeling)


def _all_differ(guide: Guide, talk: Talk) -> None:
    labels = [button.label for button in prompt(guide, talk.state).buttons]
    assert len({label.casefold() for label in labels}) == len(labels)
    assert all(len(label) <= 24 for label in labels)


def test_texts_that_come_while_a_question_waits_for_a_button_all_become_the_story(
    resident: Guide,
) -> None:
    talk = Talk(resident).to("tell").say("kort", "1").tap("done")
    assert talk.state.mode == "short"
    talk.say("O ja, en toen belde de school.", "2").say("En mijn zus.", "3")
    assert [part.text for part in talk.state.draft] == [
        "kort",
        "O ja, en toen belde de school.",
        "En mijn zus.",
    ]
    assert talk.state.refused == ()


def test_equal_labels_get_a_number() -> None:
    same = [Button("a", "Noord"), Button("b", "noord "), Button("c", "Zuid")]
    assert [each.label for each in distinct(same)] == ["Noord", "noord  (2)", "Zuid"]


def test_parts_that_begin_alike_are_told_apart_by_what_differs() -> None:
    begins = "Toen belde de school van mijn zoon weer"
    labels = apart([f"{begins} op maandag", f"{begins} op vrijdag", "Iets anders", "Kort"])
    assert labels == ["…maandag", "…vrijdag", "Iets anders", "Kort"]


@given(st.lists(st.text(max_size=60), max_size=6))
def test_parts_that_differ_in_words_have_labels_that_fit(texts: list[str]) -> None:
    labels = apart(texts)
    assert len(labels) == len(texts)
    assert all(0 < len(label) <= 24 for label in labels)
