"""Puts the replies of a turn into the outbox, leased to this process if they can be sent at
once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.base import Echo
from bot.codec import KINDS, Deliverable, Fresh, Out, effect_to_json
from bot.delivery.enqueue import enqueue
from bot.services import Services
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from storage.outbox import floods, outbox
from storage.outbox.leases import LEASE
from storage.people.prefetch import Loaded


def say(
    context: TurnContext, out: Sequence[Out], known: Loaded | None, *, story_changed: bool
) -> Sequence[Fresh]:
    """Put it all, and return what may be sent at once: nothing when something waits for this person
    already, or was erased."""
    waiting = _waiting(context, known)
    if waiting is not None and not story_changed:
        out = _hushed(context, out)
    if _said_already(out, waiting):
        return ()
    at_once = waiting is None and not context.scrub
    fresh = [(_put(context, each, known if at_once else None), each[0]) for each in out]
    return fresh if at_once else ()


def put_to(
    connection: Connection,
    services: Services,
    to: tuple[str, str, str],
    now: datetime,
    *effects: Deliverable,
) -> None:
    """Deliver to a channel, address and language without a person: a group, or who is erased."""
    for effect in effects:
        enqueue(connection, services.vault, to, effect, "reply", now)


def _waiting(context: TurnContext, known: Loaded | None) -> outbox.LastMessage | None:
    if known is not None and not context.scrub:
        return known.waiting
    return outbox.waiting(context.connection, context.services.vault, context.person.id)


def _hushed(context: TurnContext, out: Sequence[Out]) -> Sequence[Out]:
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


def _said_already(out: Sequence[Out], waiting: outbox.LastMessage | None) -> bool:
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


def _put(context: TurnContext, out: Out, known: Loaded | None) -> outbox.OutboxMessage:
    """With what is `known`, in the hands of this process already."""
    (effect, about), person, services = out, context.person, context.services
    place = outbox.ANYWHERE
    if known is not None:
        owner = services.owner()
        place = outbox.Slot(known.new_id(), owner, context.now + LEASE if owner else None)
    data, turn, kind = effect_to_json(effect), getattr(effect, "turn", 0), KINDS[type(effect)]
    row_id = outbox.put(
        context.connection,
        services.vault,
        person.id,
        data,
        turn,
        kind,
        "reply",
        context.now,
        story=about or (context.state.story if context.state else ""),
        place=place,
    )
    at = (person.channel, person.address, person.language)
    by = (place.owner, place.until, known.lately if known else ())
    return outbox.OutboxMessage(row_id, person.id, *at, turn, kind, "reply", data, 0, *by)
