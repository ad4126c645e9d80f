"""Invariants of clues: what may identify someone is asked about before the card, and what the
teller replaced is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.engine.attachments import gate
from conversations.engine.clues import open_clues, question
from conversations.engine.effects import Effect, Reword
from conversations.engine.events import Event, Said, Tapped
from conversations.engine.intent import button as meant
from conversations.engine.state import Clue, State
from conversations.engine.weighty_buttons import weighty
from conversations.guide.model import Guide

_GO = {"all", "replace"}
_STAY = {"none", "stay"}


def covered(
    guide: Guide, old: State, event: Event, new: State, effects: tuple[Effect, ...]
) -> Iterator[tuple[str, str]]:
    """What one step breaks, as a code and a sentence."""
    if new.open and guide.steps[new.at].kind in ("consent", "switches") and open_clues(new):
        yield "clues", "Consent is asked before the teller decided about every clue."
    reworded = [effect for effect in effects if isinstance(effect, Reword)]
    decided = _decided(guide, old, event)
    if decided is None:
        if reworded:
            yield "clues", "Words are replaced unasked."
        return
    words, go = decided
    if bool(reworded) != go or any(dict(each.pairs).keys() != words for each in reworded):
        yield "clues", "What was shown before keeps other words than the story."
    if go and any(each in text for each in words for text in _texts(new)):
        yield "clues", "Replaced words still stand somewhere."
    if not go and _texts(new) != _texts(old):
        yield "clues", "Words are replaced that could stay."
    if {clue.words for clue in open_clues(new)} & words:
        yield "clues", "The teller is asked again about the same words."


def _decided(guide: Guide, old: State, event: Event) -> tuple[set[str], bool] | None:
    """The words that an answer decides about, and whether they go."""
    at_card = old.mode == "asking" and guide.steps[old.at].kind == "review"
    if gate(old) or not (old.mode == "clue" or at_card):
        return None
    if at_card and (tapped := _tapped_word(guide, old, event)):
        return {tapped}, True
    clues = open_clues(old)
    return _answered(guide, old, event, clues) if clues else None


def _tapped_word(guide: Guide, old: State, event: Event) -> str:
    """The words that were tapped on the card itself, also after they were let stand."""
    match event:
        case Tapped(old.turn, button, seen) if button.startswith("w:"):
            if not guide.dwell.too_short(seen, weighty=weighty(guide, old, button)):
                return old.clues[int(button[2:])].words
    return ""


def _answered(
    guide: Guide, old: State, event: Event, clues: Sequence[Clue]
) -> tuple[set[str], bool] | None:
    offered = question(guide, old).buttons
    match event:
        case Tapped(old.turn, button, seen) if button in {each.id for each in offered}:
            if guide.dwell.too_short(seen, weighty=weighty(guide, old, button)):
                return None
        case Said(text, forwarded=False):
            button = meant(guide, offered, text) or ""
        case _:
            return None
    if button not in _GO | _STAY:
        return None
    every = button in ("all", "none")
    return {clue.words for clue in (clues if every else clues[:1])}, button in _GO


def _texts(state: State) -> list[str]:
    """Everything a person typed that is still there."""
    return [part.text for part in state.draft] + [given.text for given in state.answers.values()]
