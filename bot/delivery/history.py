"""The history of a conversation, for a page that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.base import Outgoing
from bot.codec import effect_from_json
from storage.engine.transaction import Reads
from storage.outbox import outbox
from storage.people import people


def history(reads: Reads, at: tuple[str, str], after: int) -> Sequence[Outgoing]:
    """The rows of the outbox for the person at a channel and address, after one of them; none when
    nobody is there."""
    channel, address = at
    person = people.find(reads, channel, address)
    if person is None:
        return []
    return [
        Outgoing(row.id, address, effect_from_json(row.kind, row.effect), person.language)
        for row in outbox.log(reads, person.id, after)
    ]
