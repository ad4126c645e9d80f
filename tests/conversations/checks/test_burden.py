"""What the shortest round asks of a teller is counted, and may not be more than is promised."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest

from conversations.checks.burden import burden, burden_problems
from conversations.guide.builder import minutes_in_words
from conversations.guide.loading import load_guides

GUIDES = load_guides()
SO_MANY = {
    "nl": {2: "nog twee minuten", 3: "nog drie minuten"},
    "en": {2: "two more minutes", 3: "three more minutes"},
    "tr": {3: "üç dakikanız"},
    "ar": {3: "ثلاث دقائق"},
}
TOLD = [(guide, language) for guide in GUIDES.ids for language in GUIDES.languages(guide)]


@pytest.mark.parametrize(("guide_id", "language"), TOLD)
def test_the_shortest_round_is_as_short_as_is_promised(guide_id: str, language: str) -> None:
    guide = GUIDES.get(guide_id, language)
    asked = burden(guide)
    assert asked.minutes <= 4.5
    assert list(burden_problems(guide, asked)) == []
    promised = minutes_in_words(guide.minutes, guide.phrases)
    assert promised.isalpha()
    assert promised in guide.steps["opening_readers"].say.casefold()


@pytest.mark.parametrize(("guide_id", "language"), TOLD)
def test_the_extra_round_takes_no_longer_than_is_said(guide_id: str, language: str) -> None:
    guide = GUIDES.get(guide_id, language)
    longer = ceil(burden(guide, extra=True).minutes - burden(guide).minutes)
    if longer:
        assert SO_MANY[language][longer] in guide.steps["extra"].say.casefold()


@pytest.mark.parametrize(("minutes", "said"), [(4.5, "vijf"), (3, "drie"), (11.2, "12")])
def test_minutes_are_said_as_people_do_and_never_too_few(minutes: float, said: str) -> None:
    assert minutes_in_words(minutes, GUIDES.phrases("nl")) == said


def test_a_guide_that_takes_longer_than_it_says_has_a_problem() -> None:
    guide = replace(GUIDES.get("professional", "nl"), minutes=4)
    [problem] = burden_problems(guide, burden(guide))
    assert problem.code == "too-long-round"
    assert "4 is promised" in problem.message
    assert problem.mend


def test_what_is_counted_is_what_is_said() -> None:
    guide = GUIDES.get("follow_up", "nl")
    asked = burden(guide)
    longer = replace(
        guide.steps["tell"], say=guide.steps["tell"].say + " Zes woorden meer dan er waren."
    )
    more = burden(replace(guide, steps={**guide.steps, "tell": longer}))
    assert more.words == asked.words + 6
    assert (more.taps, more.screens) == (asked.taps, asked.screens)


@pytest.mark.parametrize("key", ["names_unique", "sentence_pick", "part_received"])
@pytest.mark.parametrize(("guide_id", "language"), TOLD)
def test_what_everybody_is_asked_beside_the_guide_is_counted(
    guide_id: str, language: str, key: str
) -> None:
    """Also what stands on the card about being recognised, and how a sentence is chosen."""
    guide = GUIDES.get(guide_id, language)
    said = guide.phrases.sentences
    more = {key: said[key] + " Zes woorden meer dan er waren."}
    phrases = replace(guide.phrases, sentences={**said, **more})
    assert burden(replace(guide, phrases=phrases)).words == burden(guide).words + 6
