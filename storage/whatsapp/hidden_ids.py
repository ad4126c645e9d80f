"""Takes the ids of WhatsApp, in which the number of a person stands, out of what versions before
this one kept."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, and_, select, update

from storage.engine.transaction import Transaction
from storage.outbox.outbox import OUTBOX
from storage.people.states import INBOX
from storage.whatsapp.contacts import CHANNEL
from storage.whatsapp.deliveries import DELIVERY

_THEIRS = "wamid."
_CHANGED = "moved:"


def hide(connection: Transaction) -> int:
    """Put the keyed hash of each in its place; how many there were. An update that is held is
    sealed under its id, and waits until it is settled."""
    arrived = INBOX.c.external_id
    moved = arrived.startswith(_CHANGED)
    settled = and_(INBOX.c.channel == CHANNEL, INBOX.c.sealed.is_(None))
    return (
        _hide(connection, arrived, and_(settled, arrived.startswith(_THEIRS) | moved))
        + _hide(connection, OUTBOX.c.ref, OUTBOX.c.ref.startswith(_THEIRS))
        + _hide(connection, DELIVERY.c.ref, DELIVERY.c.ref.startswith(_THEIRS))
    )


def _hide(connection: Transaction, column: Column[str], theirs: ColumnElement[bool]) -> int:
    """In the rows that are `theirs`. A message of several pieces has several ids."""
    keys = column.table.primary_key.columns
    found = connection.execute(select(*keys, column.label("theirs")).where(theirs)).all()
    for *key, ids in found:
        this = and_(*(each == value for each, value in zip(keys, key, strict=True)))
        hidden = ",".join(map(connection.vault.message_hash, ids.split(",")))
        connection.execute(update(column.table).where(this).values({column: hidden}))
    return len(found)
