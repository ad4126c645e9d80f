"""Invariants of typed words: help comes first, no words are dropped without a word, and those of
somebody else answer nothing."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.engine.effects import Effect, Say
from conversations.engine.events import Command, Edited, Event, Said, Transcribed
from conversations.engine.intent import blank, button, command
from conversations.engine.messages.ages import age_button
from conversations.engine.questions import prompt
from conversations.engine.state import State
from conversations.engine.way.places import places_like
from conversations.guide.model import Guide

_UNKEPT = ("not_kept", "edit_after_kept", "unexpected_message")
"""Sentences that say that what was typed was not kept."""


def word_findings(
    guide: Guide, old: State, event: Event, new: State, effects: tuple[Effect, ...]
) -> Iterator[tuple[str, str]]:
    """What is wrong with how words were taken, with the code of the check."""
    said = [effect.text for effect in effects if isinstance(effect, Say)]
    cards = [guide.phrase("help_card"), guide.phrase("help_card_short")]
    if isinstance(event, Said | Edited | Transcribed):
        heard = not isinstance(event, Transcribed) or old.draft != new.draft
        if heard and guide.alarm(event.text, old.language) and not (said and said[0] in cards):
            yield "help-first", "Words sound heavy, and who can help is not shown first."
    told = any(guide.phrase(key) in text for key in _UNKEPT for text in said)
    if isinstance(event, Command) and event.beside:
        if guide.alarm(event.beside, old.language) and not (said and said[0] in cards):
            yield "help-first", "Words behind a command sound heavy, and help is not shown first."
        if not told:
            yield "dropped", "Words behind a command are dropped, and the answer does not say so."
    if isinstance(event, Said | Edited) and not told and _dropped(guide, old, event, new):
        yield "dropped", "Words are dropped, and the answer does not say so."
    if isinstance(event, Said) and event.forwarded and _gave(old, new):
        yield "forwarded", "Words of somebody else are taken as an answer."


def _gave(old: State, new: State) -> bool:
    """Whether something was answered that only the teller can say."""
    stays = (old.kept, old.answers, old.picked, old.path) == (
        new.kept, new.answers, new.picked, new.path
    )  # fmt: skip
    return not (stays and new.consents.items() <= old.consents.items())


def _dropped(guide: Guide, old: State, event: Said | Edited, new: State) -> bool:
    nothing = blank(event.text) or _kept(event.text, new)
    return not (nothing or _understood(guide, old, event))


def _kept(text: str, new: State) -> bool:
    held = [part.text for part in new.draft]
    held += [answer.text for answer in new.answers.values()]
    return any(text.strip() in each for each in (*held, new.pending[1]))


def _understood(guide: Guide, old: State, event: Said | Edited) -> bool:
    """Whether the text means a command, a button or a place."""
    if isinstance(event, Edited) or event.forwarded:
        return isinstance(event, Said) and command(guide, event.text) == "help"
    if command(guide, event.text) or button(guide, prompt(guide, old).buttons, event.text):
        return True
    if age_button(guide, old, event.text):
        return True
    step = guide.steps[old.at]
    looking = old.mode == "asking" and step.fill is not None
    return looking and bool(places_like(guide, old, step, event.text))
