"""Takes a waiting prompt out of the outbox again: its message is not true any more."""

from __future__ import annotations

from datetime import datetime

from bot.meetings.prompts.lifecycle import transition
from storage.engine.transaction import Transaction
from storage.meetings import prompts
from storage.meetings.prompts import StoredPrompt


def dequeue(connection: Transaction, row: StoredPrompt, now: datetime) -> StoredPrompt:
    """Take a prompt out of the outbox and return it; what its message asked as well is looked at
    again. Once the call may have begun, nothing changes."""
    carrier = prompts.by_id(connection, row.carrier) if row.carrier else row
    if carrier is None or carrier.state != "claimed" or not prompts.drop(connection, carrier):
        return row
    detach(connection, carrier, now)
    return prompts.by_id(connection, row.id) or row


def detach(
    connection: Transaction, row: StoredPrompt, at: datetime, *, waits: bool = False
) -> None:
    """Detach a prompt from its row of the outbox, to be looked at again at a moment, and also what
    was asked with it."""
    state = transition(row.state, "release")
    prompts.change(connection, row, state=state, next_at=at, outbox_id=None, waits=waits)
    for other in prompts.together(connection, row):
        if other.state == "bundled":
            state = transition(other.state, "unbundle")
            prompts.change(connection, other, state=state, carrier=None, next_at=at, waits=waits)
