"""What a turn has to say, put into the outbox: in the hands of this process where it can go at
once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.channels.base import Echo
from bot.house import House
from bot.wire import KINDS, Deliverable, effect_to_json
from conversations.effects import Say
from storage import floods, outbox
from storage.ahead import Known
from storage.leases import LEASE

if TYPE_CHECKING:
    from bot.scene import Scene

Out = tuple[Deliverable, str | None]
"""What is to be said, and the kept story (or SEVERAL) that it tells of."""
Fresh = tuple[outbox.Row, Deliverable]
"""A row that was just put, and what it says."""


def say(
    scene: Scene, out: Sequence[Out], known: Known | None, *, story_changed: bool
) -> Sequence[Fresh]:
    """Put it all, and return what may be sent at once: nothing when something waits for this person
    already, or was erased."""
    waiting = _waiting(scene, known)
    if waiting is not None and not story_changed:
        out = _hushed(scene, out)
    if _said_already(out, waiting):
        return ()
    at_once = waiting is None and not scene.scrub
    fresh = [(_put(scene, each, known if at_once else None), each[0]) for each in out]
    return fresh if at_once else ()


def put_to(
    connection: Connection,
    house: House,
    to: tuple[str, str, str],
    now: datetime,
    *effects: Deliverable,
) -> None:
    """Deliver to a channel, address and language without a person: a group, or who is erased."""
    for effect in effects:
        data, kind = effect_to_json(effect), KINDS[type(effect)]
        outbox.put(connection, house.vault, None, data, 0, kind, "reply", now, to=to)


def _waiting(scene: Scene, known: Known | None) -> outbox.Logged | None:
    if known is not None and not scene.scrub:
        return known.waiting
    return outbox.waiting(scene.connection, scene.house.vault, scene.person.id)


def _hushed(scene: Scene, out: Sequence[Out]) -> Sequence[Out]:
    """When a minute of answers waits for this person already: one sentence for whatever more they
    send. All of it was taken. Who can help is said until it waits there too, and what happened to
    a kept story always."""
    if not floods.crowded(scene.connection, scene.person.id):
        return out
    helping = [scene.words(key) for key in ("help_card", "help_card_short")]
    echoes = [each for each in out if isinstance(each[0], Echo)]
    if not floods.crowded(scene.connection, scene.person.id, floods.HELPING):
        echoes += [each for each in out if isinstance(each[0], Say) and each[0].text in helping]
    return [*echoes, (Say(scene.words("many_messages")), None)]


def _said_already(out: Sequence[Out], waiting: outbox.Logged | None) -> bool:
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


def _put(scene: Scene, out: Out, known: Known | None) -> outbox.Row:
    """With what is `known`, in the hands of this process already."""
    (effect, about), person, house = out, scene.person, scene.house
    place = outbox.ANYWHERE
    if known is not None:
        owner = house.owner()
        place = outbox.Place(known.new_id(), owner, scene.now + LEASE if owner else None)
    data, turn, kind = effect_to_json(effect), getattr(effect, "turn", 0), KINDS[type(effect)]
    row_id = outbox.put(
        scene.connection,
        house.vault,
        person.id,
        data,
        turn,
        kind,
        "reply",
        scene.now,
        story=about or (scene.state.story if scene.state else ""),
        place=place,
    )
    at = (person.channel, person.address, person.language)
    by = (place.owner, place.until, known.lately if known else ())
    return outbox.Row(row_id, person.id, *at, turn, kind, "reply", data, 0, *by)
