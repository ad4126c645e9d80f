"""Quick messages share a reply: what waits is not said again, nor more than a minute of replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.base import Echo
from bot.codec import Out, effect_to_json
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from storage.outbox import floods, outbox
from storage.people.prefetch import Loaded


def waiting_reply(context: TurnContext, known: Loaded | None) -> outbox.LastMessage | None:
    if known is not None and not context.scrub:
        return known.waiting
    return outbox.waiting(context.connection, context.person.id)


def hush(context: TurnContext, out: Sequence[Out]) -> Sequence[Out]:
    """When a minute of answers waits for this person already: one sentence for whatever more they
    send. All of it was taken. Who can help is said until it waits there too, and what happened to
    a kept story always."""
    if not floods.crowded(context.connection, context.person.id):
        return out
    helping = [context.words(key) for key in ("help_card", "help_card_short")]
    echoes = [each for each in out if isinstance(each[0], Echo)]
    if not floods.crowded(context.connection, context.person.id, floods.HELPING):
        echoes += [each for each in out if isinstance(each[0], Say) and each[0].text in helping]
    return [*echoes, (Say(context.words("many_messages")), None)]


def is_said_already(out: Sequence[Out], waiting: outbox.LastMessage | None) -> bool:
    """Whether all there is to say is what waits to be said already: ten quick messages may share
    one answer. Not one that another process may have sent by now."""
    if waiting is None or waiting.owner:
        return False
    if (waiting.kind, waiting.state) != ("say", "pending"):
        return False
    match out:
        case [(Say() as only, _)]:
            return waiting.effect == effect_to_json(only)
    return False
