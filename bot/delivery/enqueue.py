"""Puts a message into the outbox: what is said, to whom, in which lane, and from when it may go."""

from __future__ import annotations

from datetime import datetime

from bot.codec import KINDS, Deliverable, effect_to_json
from storage.engine.transaction import Transaction
from storage.outbox import outbox
from storage.outbox.outbox import Lane


def enqueue(
    connection: Transaction,
    to: str | tuple[str, str, str],
    effect: Deliverable,
    lane: Lane,
    due: datetime,
    *,
    story: str = "",
) -> int:
    """The id of the row. `to` is the id of a person or, for a group, a coordinator or who is
    erased, a channel, an address and a language. The row goes when the kept `story` goes."""
    person, address = (to, None) if isinstance(to, str) else (None, to)
    data, kind, turn = effect_to_json(effect), KINDS[type(effect)], getattr(effect, "turn", 0)
    return outbox.put(connection, person, data, turn, kind, lane, due, story=story, to=address)
