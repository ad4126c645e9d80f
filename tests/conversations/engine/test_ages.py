"""An age that is typed at the question whether somebody is old enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.engine.effects import Farewell, Forget
from conversations.engine.events import Said
from conversations.engine.messages.ages import least_age
from conversations.guide.library import Library
from tests.conversations.talk import Talk

YOUNG = {
    "nl": ["15", "Nee, ik ben 15", "ik ben pas 9 jaar.", "nee hoor, vijftien", "Ja, ik ben 15"],
    "en": ["15", "No, I'm 15", "i am only 9 years old", "fifteen"],
    "tr": ["15", "Hayır, 15 yaşındayım", "on beş yaşındayım"],
    "ar": ["15", "١٥", "لا، عمري ١٥ سنة", "خمس عشرة سنة"],
}  # fmt: skip
OLD = {
    "nl": ["16", "ik ben 45", "Ja, ik ben zeventien", "103 jaar"],
    "en": ["16", "Yes, I'm 45 years old"],
    "tr": ["45", "Evet, 45 yaşındayım"],
    "ar": ["٤٥", "نعم، عمري ٤٥ سنة"],
}
UNCLEAR = [
    "bijna 16",
    "nog geen 16",
    "nee, ik ben 45",
    "mijn zoon is 12",
    "12 en 45",
    "1975",
    "0",
    "1",
    "2",
    "nummer 2",
    "antwoord 1",
]


@pytest.mark.parametrize("language", YOUNG)
def test_who_types_an_age_below_sixteen_is_thanked_and_nothing_is_kept(
    library: Library, language: str
) -> None:
    for text in YOUNG[language]:
        talk = Talk(library.get("resident", language)).to("age").say(text)
        assert talk.state.at == "end_under_16", text
        assert not talk.state.open
        assert {Forget, Farewell} & {type(each) for each in talk.effects}


@pytest.mark.parametrize("language", OLD)
def test_who_types_an_age_of_sixteen_or_more_goes_on(library: Library, language: str) -> None:
    after = Talk(library.get("resident", language)).to("age").tap("o:yes").state.at
    for text in OLD[language]:
        talk = Talk(library.get("resident", language)).to("age").say(text)
        assert talk.state.at == after, text
        assert text not in talk.words


@pytest.mark.parametrize("text", UNCLEAR)
def test_words_that_tell_no_age_for_sure_are_asked_again(library: Library, text: str) -> None:
    talk = Talk(library.get("resident", "nl")).to("age").say(text)
    assert (talk.state.at, talk.state.open) == ("age", True)
    assert talk.buttons == ["o:yes", "o:no"]


def test_a_young_age_that_was_under_way_before_the_question_ends_nothing(library: Library) -> None:
    """It answers something else, and what it would end cannot be undone."""
    talk = Talk(library.get("resident", "nl")).to("age")
    talk.do(Said("15", early=True))
    assert (talk.state.at, talk.state.open) == ("age", True)


def test_every_question_about_age_names_it_in_every_language(library: Library) -> None:
    for language in YOUNG:
        assert least_age(library.get("resident", language).steps["age"]) == 16


def test_minutes_in_a_question_are_no_age(library: Library) -> None:
    step = library.get("resident", "nl").steps["age"]
    asked = replace(step, say="Doet u mee? Het duurt 10 minuten.")
    assert (least_age(step), least_age(asked)) == (16, 0)


def test_a_number_answers_no_other_question(library: Library) -> None:
    talk = Talk(library.get("resident", "nl")).say("15")
    assert talk.state.path == ()
