"""A tap counts only for a question that was visible long enough: in every guide, at every question,
whatever the button, and nobody who reads on briskly loses a tap."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from conversations.checks.walk.probes import FACTS, FEW
from conversations.engine.effects import Mark, Say
from conversations.engine.events import Command, Placed, Said, Start, Tapped
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.library import Library
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide

GUIDES = load_guides().ids
STORY = "Er kwam een mevrouw langs en die luisterde een uur."
CONSENTS = range(50, 700, 50)
OTHERS = range(50, 350, 50)
BRISK, AT_CONSENT = 500, 800
WAYS = 12
"""Ways through each guide, every one with other buttons."""


def _guide(library: Library, guide_id: str) -> Guide:
    return library.get(guide_id, "nl").with_places(FEW)


def _begun(guide: Guide) -> State:
    return step(guide, None, Start(FACTS, turn=1))[0]


def consents(guide: Guide, state: State) -> bool:
    """Whether a consent is asked."""
    asked = prompt(guide, state)
    return bool(asked.buttons) and len(asked.weighty) == len(asked.buttons)


def _deed(guide: Guide, state: State, chance: random.Random) -> Said | Tapped:
    """What a brisk teller does here."""
    at = guide.steps[state.at]
    if state.mode == "other" or (
        state.mode == "asking" and at.kind in ("text", "name", "sentence")
    ):
        return Said("de middag van de buurvrouw")
    if state.mode == "asking" and at.kind == "tell" and not state.draft:
        return Said(STORY)
    buttons = [each.id for each in prompt(guide, state).buttons]
    going = [each for each in buttons if each not in ("o:discard", "edit", "back")] or buttons
    if state.picked and at.kind == "choices" and "picked" in going:
        going = ["picked"]
    button = chance.choice(going)
    heavy = button in prompt(guide, state).weighty
    return Tapped(state.turn, button, AT_CONSENT if heavy else BRISK)


def ways(guide: Guide, ways: int) -> Iterator[tuple[State, Said | Tapped]]:
    """The questions on some ways through a guide, and what is done at each."""
    for seed in range(ways):
        chance, state = random.Random(seed), _begun(guide)
        while state.open:
            deed = _deed(guide, state, chance)
            yield state, deed
            state, _ = step(guide, state, deed)


@pytest.mark.parametrize("guide_id", GUIDES)
def test_a_double_tap_answers_no_question_that_nobody_saw(library: Library, guide_id: str) -> None:
    guide = _guide(library, guide_id)
    asked = 0
    for state, _ in ways(guide, WAYS):
        early = CONSENTS if consents(guide, state) else OTHERS
        for button in prompt(guide, state).buttons:
            for seen in early:
                after, effects = step(guide, state, Tapped(state.turn, button.id, seen))
                assert after == state
                assert not any(isinstance(effect, Mark) for effect in effects)
                said = [effect for effect in effects if isinstance(effect, Say)]
                assert said[0].text == guide.phrase("tap_too_soon")
                assert said[-1].but(progress=None) == prompt(guide, state)
                asked += 1
    assert asked > 500


@pytest.mark.parametrize("guide_id", GUIDES)
def test_a_brisk_teller_loses_no_tap(library: Library, guide_id: str) -> None:
    guide = _guide(library, guide_id)
    told = [[guide.phrase(key)] for key in ("switches_team_first", "switches_coordinator_only")]
    taken = 0
    for state, deed in ways(guide, WAYS):
        after, effects = step(guide, state, deed)
        said = [effect.text for effect in effects if isinstance(effect, Say)]
        assert after != state or said in told
        assert guide.phrase("tap_too_soon") not in said
        taken += isinstance(deed, Tapped)
    assert taken > 50


@pytest.mark.parametrize("seen", [0, 50, 349])
def test_a_place_on_a_scale_counts_only_when_it_could_be_seen(library: Library, seen: int) -> None:
    guide = _guide(library, "resident")
    scales = [s for s, _ in ways(guide, WAYS) if guide.steps[s.at].kind == "scale"]
    assert scales
    for state in scales:
        assert step(guide, state, Placed(state.turn, (70,), seen))[0] == state
        assert step(guide, state, Placed(state.turn, (70,), 350))[0] != state


@pytest.mark.parametrize("guide_id", GUIDES)
def test_words_from_before_a_consent_was_asked_give_none(library: Library, guide_id: str) -> None:
    guide = _guide(library, guide_id)
    asking = [state for state, _ in ways(guide, WAYS) if consents(guide, state)]
    assert asking
    for state in asking:
        words = [guide.phrase("words.yes").split("|")[0], *_labels(guide, state)]
        for word in words:
            for early in (Said(word, early=True), Said(word, asked=state.turn - 1)):
                after, effects = step(guide, state, early)
                assert after == state, word
                assert effects
            assert step(guide, state, Said(word, asked=state.turn))[1]


def _labels(guide: Guide, state: State) -> list[str]:
    return [each.label for each in prompt(guide, state).buttons]


def test_what_erases_is_weighty_and_what_stands_beside_it_is_not(library: Library) -> None:
    guide = _guide(library, "resident")
    card = next(s for s, _ in ways(guide, WAYS) if guide.steps[s.at].kind == "review")
    assert prompt(guide, card).weighty == ("o:discard",)
    stopping, _ = step(guide, card, Command("stop"))
    assert prompt(guide, stopping).weighty == ("erase",)
    age = next(s for s, _ in ways(guide, WAYS) if s.at == "age")
    assert prompt(guide, age).weighty == ("o:no",)
