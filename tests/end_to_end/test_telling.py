"""Whole stories, told in Telegram."""

from __future__ import annotations

from threading import current_thread

import pytest

from bot import guides
from conversations.guide.spans import Span
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import BRIEF, PROFESSIONAL, RESIDENT, YES_TO_ALL, tell


async def test_what_finds_clues_is_read_beside_those_who_tell_from_the_first_words_of_a_story(
    house: House, alice: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, str]] = []

    def find(_text: str, language: str) -> tuple[Span, ...]:
        looked.append((language, current_thread().name))
        return ()

    monkeypatch.setattr(guides, "_find", find)
    guides._reading.cache_clear()
    await tell(alice, BRIEF[:5])
    assert guides._reading.cache_info().currsize == 0
    await tell(alice, BRIEF[5:7])
    guides._reading("nl").join()
    assert looked == [("nl", "word lists")]


async def test_a_resident_tells_a_story_and_it_is_kept(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT)
    assert "op slot bewaren" in alice.read
    assert await house.stories() == []
    await tell(alice, YES_TO_ALL)
    story = await house.story()
    told = story.telling
    assert (told.guide, told.kind) == ("resident", "resident")
    assert (told.sentence, told.name) == ("De stoel bij het raam", "")
    assert told.text.endswith("aan tafel.\n\nZe vroeg eerst wat ik zelf al had geprobeerd.")
    assert story.purposes == ("keep", "contact")
    assert (story.week, told.language) == ("2026-W47", "nl")
    assert told.answers == {
        "door": ["worked"],
        "feeling": ["relieved", "proud"],
        "need": ["other"],
        "need_met": ["partly"],
        "movement_problems_strengths": 50,
        "promise": ["easy_access"],
        "speed": ["within_5_days"],
        "decided": ["together"],
        "permission": ["always"],
        "help_for": ["older"],
    }
    assert told.words == {"need": "Even op adem komen"}


async def test_a_professional_tells_a_story_and_it_is_kept(house: House, alice: Phone) -> None:
    await tell(alice, PROFESSIONAL, YES_TO_ALL)
    told = (await house.story()).telling
    assert told.kind == "professional"
    assert told.answers["essence"] == [50, 0, 50]
    assert told.answers["movement_problems_strengths"] == 100
    assert "movement_chains_networks" not in told.answers
