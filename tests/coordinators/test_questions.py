"""The questions of all guides as variables: each with the words of its own guide."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.coordinators.questions import asked_in, questions
from tests.coordinators.office import library
from tests.coordinators.recount_answers import SHAPES


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_question_of_a_guide_is_one_question_with_its_own_words(language: str) -> None:
    asked = questions(library(), language)
    seen: Counter[tuple[str, str]] = Counter()
    for question in asked.values():
        for guide_id in question.guides:
            guide = library().get(guide_id, language)
            step = guide.steps[question.step]
            seen[guide_id, step.id] += 1
            shown = step.poles or step.options
            assert question.asks == asked_in(step.say, guide.phrases), question.key
            assert dict(question.answers).items() >= {o.id: o.label for o in shown}.items()
    wanted = {
        (guide, step.id)
        for guide in library().ids
        for step in library().get(guide, language).steps.values()
        if step.kind in SHAPES and step.short and not step.fill
    }
    assert seen == Counter(wanted)
    for names in ([q.name for q in asked.values()], [q.label for q in asked.values()]):
        assert len(set(names)) == len(names)
    assert all(asked.find(question.name) is question for question in asked.values())


def test_residents_have_their_own_words_and_guides_that_ask_alike_are_one() -> None:
    asked = questions(library(), "nl")
    theirs = asked["resident.movement_problems_strengths"]
    assert [label for _, label in theirs.answers] == ["Wat mij zorgen gaf", "Wat ik zelf goed kan"]
    assert asked["resident.door"].said("chafed") == "Wat niet goed ging"
    assert len(asked.called("need")) == 4
    assert len(asked.called("role")) == 1
    assert asked.find("role") is asked.called("role")[0]
    assert asked.find("need") is None


def test_a_question_is_asked_without_talk_around_it_and_without_gaps() -> None:
    phrases = library().phrases("nl")
    said = "Nu een paar korte vragen. Overslaan mag altijd. Wat gaf {team} je? Of niet?"
    assert asked_in(said, phrases) == "Wat gaf het lokale team je? Of niet?"
    assert asked_in("Zet het punt.", phrases) == "Zet het punt."
    for question in questions(library(), "nl").values():
        assert "{" not in f"{question.asks}{question.label}{question.answers}"
        assert question.asks.endswith("?")
