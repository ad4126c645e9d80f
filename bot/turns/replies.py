"""Puts the replies of a turn into the outbox, leased to this process if they can be sent at
once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.channels.base import ONE_MESSAGE, PACED, Echo
from bot.codec import KINDS, Deliverable, Fresh, Out, effect_to_json
from bot.delivery.enqueue import enqueue
from bot.turns import one_message
from bot.turns.context import TurnContext
from bot.turns.dead_buttons import OwedMark
from bot.turns.shared_replies import hush, is_said_already, waiting_reply
from conversations.engine.effects import Mark, Say, Tick
from storage.engine.transaction import Transaction
from storage.outbox import outbox, owed_changes
from storage.outbox.leases import LEASE
from storage.people.prefetch import Loaded


def say(
    context: TurnContext,
    out: Sequence[Out],
    owed: Sequence[OwedMark],
    known: Loaded | None,
    *,
    story_changed: bool,
) -> Sequence[Fresh]:
    """Put it all, with the changes that messages owe, and return what may be sent at once: nothing
    when something waits for this person already, or was erased."""
    waiting = waiting_reply(context, known)
    if waiting is not None and not story_changed:
        out = hush(context, out)
    if not owed and is_said_already(out, waiting):
        return ()
    if context.person.channel in ONE_MESSAGE:
        out = one_message.joined(context, out)
    elif context.person.channel in PACED:  # what is said goes before what only changes
        out = sorted(out, key=lambda each: isinstance(each[0], Mark | Tick))
    at_once = waiting is None and not context.scrub
    fresh: list[Fresh] = [(_put(context, each, known, at_once=at_once), each[0]) for each in out]
    fresh += _owe(context, owed, known, at_once=at_once)
    return fresh if at_once else ()


def answer_tap(context: TurnContext, answer: Echo, known: Loaded | None) -> Fresh:
    """Put the words that show that a tap was taken. They belong to no person: when these are
    delivered nothing of them stays."""
    person, services, place = context.person, context.services, outbox.ANYWHERE
    if known is not None and not context.scrub:
        owner = services.owner()
        place = outbox.Slot(known.new_id(), owner, context.now + LEASE if owner else None)
    to, data = (person.channel, person.address, person.language), effect_to_json(answer)
    row_id = outbox.put(
        context.connection, None, data, 0, KINDS[Echo], "reply", context.now, to=to, place=place
    )
    by = (place.owner, place.until)
    return outbox.OutboxMessage(row_id, None, *to, 0, KINDS[Echo], "reply", data, 0, *by), answer


def put_to(
    connection: Transaction,
    to: tuple[str, str, str],
    now: datetime,
    *effects: Deliverable,
) -> None:
    """Deliver to a channel, address and language without a person: a group, or who is erased."""
    for effect in effects:
        enqueue(connection, to, effect, "reply", now)


def _owe(
    context: TurnContext, owed: Sequence[OwedMark], known: Loaded | None, *, at_once: bool
) -> Iterator[Fresh]:
    """Those of messages that are there; the others follow when theirs are."""
    connection, person = context.connection, context.person
    place = _place(context, known, 0, at_once=at_once)
    at = (person.channel, person.address, person.language)
    by = (place.owner, place.until, known.lately if known else ())
    for message, mark in owed:
        said = message.said
        changes = mark is not None and said.state in owed_changes.COMING
        for row in message.ticks if changes else message.rows():
            owed_changes.over(connection, row.id)
        if mark is None or not changes:
            continue
        data = effect_to_json(mark)
        sealed = owed_changes.owe(connection, said, data, context.now, place)
        if said.state == "sent":
            change = outbox.OutboxMessage(
                said.id, person.id, *at, said.turn, KINDS[Mark], "reply", data, 0, *by, sealed
            )
            yield change, mark


def _place(
    context: TurnContext, known: Loaded | None, row_id: int, *, at_once: bool
) -> outbox.Slot:
    """In the hands of this process already, if it may send it `at_once` among several."""
    owner = context.services.owner() if at_once and known and not context.scrub else ""
    return outbox.Slot(row_id, owner, context.now + LEASE if owner else None)


def _put(
    context: TurnContext, out: Out, known: Loaded | None, *, at_once: bool
) -> outbox.OutboxMessage:
    """With what is `known`, and `at_once`: in the hands of this process already."""
    (effect, about), person = out, context.person
    row_id = known.new_id() if known is not None and not context.scrub else 0
    place = _place(context, known, row_id, at_once=at_once)
    data, turn, kind = effect_to_json(effect), getattr(effect, "turn", 0), KINDS[type(effect)]
    row_id = outbox.put(
        context.connection,
        person.id,
        data,
        turn,
        kind,
        "reply",
        context.now,
        story=about or (context.state.story if context.state else ""),
        place=place,
        stands=person.channel in PACED and isinstance(effect, Say | Tick),
    )
    at = (person.channel, person.address, person.language)
    by = (place.owner, place.until, known.lately if known else ())
    return outbox.OutboxMessage(row_id, person.id, *at, turn, kind, "reply", data, 0, *by)
