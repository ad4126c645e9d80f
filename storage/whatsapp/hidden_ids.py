"""Takes the ids of WhatsApp, in which the number of a person stands, out of what versions before
this one kept."""

from __future__ import annotations

from sqlalchemy import and_, select, update

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
    arrivals = and_(
        INBOX.c.channel == CHANNEL,
        INBOX.c.sealed.is_(None),
        INBOX.c.external_id.startswith(_THEIRS) | INBOX.c.external_id.startswith(_CHANGED),
    )
    found = [row[0] for row in connection.execute(select(INBOX.c.external_id).where(arrivals))]
    for each in found:
        this = and_(INBOX.c.channel == CHANNEL, INBOX.c.external_id == each)
        hidden = update(INBOX).where(this).values(external_id=connection.vault.message_hash(each))
        connection.execute(hidden)
    rows = connection.execute(
        select(OUTBOX.c.id, OUTBOX.c.ref).where(OUTBOX.c.ref.startswith(_THEIRS))
    ).all()
    for row in rows:
        ref = ",".join(connection.vault.message_hash(each) for each in row.ref.split(","))
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(ref=ref))
    told = connection.execute(
        select(DELIVERY.c.row_id, DELIVERY.c.piece, DELIVERY.c.ref).where(
            DELIVERY.c.ref.startswith(_THEIRS)
        )
    ).all()
    for each in told:
        this = and_(DELIVERY.c.row_id == each.row_id, DELIVERY.c.piece == each.piece)
        ref = connection.vault.message_hash(each.ref)
        connection.execute(update(DELIVERY).where(this).values(ref=ref))
    return len(found) + len(rows) + len(told)
