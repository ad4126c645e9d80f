"""Changes delivered messages: other words for those that the teller replaced, and the chat cleared
once the story is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.account_buttons import button_id
from bot.channels.base import Clear, Echo
from bot.turns.context import TurnContext
from conversations.engine.clues import reworded
from conversations.engine.effects import Reword
from conversations.engine.state import State
from storage.outbox import sent_messages

CAN_BE_CLEARED = {"telegram", "web"}
YOUNG_ENOUGH = timedelta(hours=48)
"""Telegram deletes no message that is older."""
AT_ONCE = 100
"""Messages that Telegram deletes in one call."""


def reword(context: TurnContext, effect: Reword, before: State | None) -> None:
    """Put other words wherever the replaced ones were shown; an open page hears of its own."""
    pairs = dict(effect.pairs)
    sent_messages.reword(context.connection, context.person.id, lambda each: _other(each, pairs))
    context.scrub = True
    if context.person.channel != "web" or before is None or context.state is None:
        return
    old, new = _typed(before), _typed(context.state)
    context.put(*(Echo(text, ref) for ref, text in new.items() if old.get(ref, text) != text))


def clear(context: TurnContext, answer: str, turn: int) -> None:
    """What was shown up to the offer of that turn goes, or stays."""
    heard = context.person.memory.heard
    context.remember(heard=())
    if answer != "yes":
        context.phrase("tidy_kept")
        return
    person = context.person
    since, mine = context.now - YOUNG_ENOUGH, button_id("tidy", "yes", str(turn))

    def offered(effect: dict[str, Any]) -> bool:
        return any(button["id"] == mine for button in effect.get("buttons", ()))

    refs = [*heard, *sent_messages.clear(context.connection, person.id, offered, since)]
    context.scrub = context.cleared = True
    if person.channel == "web":
        context.phrase("tidy_done_here")
        return
    context.put(*(Clear(tuple(refs[n : n + AT_ONCE])) for n in range(0, len(refs), AT_ONCE)))
    context.phrase("tidy_done")


def _other(effect: dict[str, Any], pairs: Mapping[str, str]) -> dict[str, Any]:
    """An effect with other words. Of a question about what was found the list goes, and of one
    about a single word only the sentence stays: it would ask for what is there."""
    control = effect.get("control") or {}
    if control.get("kind") == "clues":
        asked, _, shown = effect["text"].partition("\n\n")
        effect = {**effect, "text": asked if control.get("card") else shown}
        del effect["control"]
    changed: dict[str, Any] = _within(effect, pairs)
    return changed


def _within(data: object, pairs: Mapping[str, str]) -> Any:
    match data:
        case str():
            return reworded(data, pairs)
        case list():
            return [_within(each, pairs) for each in data]
        case dict():
            return {
                key: value if key in ("id", "ref") else _within(value, pairs)
                for key, value in data.items()
            }
    return data


def _typed(state: State) -> dict[str, str]:
    """Every message of the teller that is (part of) an answer, by its id."""
    said = [(part.ref, part.text) for part in state.draft]
    said += [(given.ref, given.text) for given in state.answers.values()]
    return {ref: text for ref, text in said if ref}
