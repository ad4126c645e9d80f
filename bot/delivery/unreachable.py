"""What is done when the person of a row cannot be reached through its channel."""

from __future__ import annotations

from datetime import datetime

from storage.engine.transaction import Transaction
from storage.outbox import queue
from storage.outbox.outbox import OutboxMessage
from storage.people import blocked, people
from storage.weeks import week_of


def mark_unreachable(connection: Transaction, row: OutboxMessage, said: str, now: datetime) -> None:
    """The person shut the channel, or the address does not exist: marked and left alone, unless
    something newer waits, which was put after the person came back."""
    if row.person_id is None:
        queue.mark_failed(connection, row.id)
        return
    queue.gone(connection, row.person_id, up_to=row.id)
    if queue.waits(connection, row.person_id):
        return
    people.block(connection, row.person_id)
    if row.channel == "mail":
        blocked.note(connection, row.person_id, said, week_of(now))
