"""Under which address somebody is known who writes from another one; and that they were heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.base import Arrival, Moved
from storage.engine.transaction import Transaction
from storage.whatsapp import contacts


def at_known_address(connection: Transaction, arrival: Arrival, now: datetime) -> Arrival:
    """The arrival, from where its person is known. Belongs in the transaction of its turn. A moment
    that lies ahead is now: a clock of another server opens no window for longer."""
    if arrival.channel != contacts.CHANNEL or isinstance(arrival.event, Moved):
        return arrival
    heard = min(now, datetime.fromtimestamp(arrival.heard, UTC)) if arrival.heard else None
    address = contacts.meet(connection, arrival.address, arrival.alias, heard)
    return replace(arrival, address=address)
