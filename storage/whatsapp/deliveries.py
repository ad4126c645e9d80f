"""What WhatsApp says became of messages: repeated, late and out of order, each counts once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import delete, select

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.outbox.outbox import OUTBOX, carrier

DELIVERY = core(tables.WhatsappDelivery)

DeliveryStatus = Literal["sent", "delivered", "read", "failed"]

_RANK = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}


class Delivered(NamedTuple):
    """A piece of a row that WhatsApp took, by its own id."""

    piece: int
    ref: str
    status: DeliveryStatus


def is_news(known: str, status: DeliveryStatus) -> bool:
    """Whether a status counts after the one that is known: only upwards, and a failure is final
    unless it arrived after all."""
    return _RANK[status] > _RANK[known]


def note(
    connection: Transaction,
    row_id: int,
    piece: int,
    ref: str,
    status: DeliveryStatus,
    now: datetime,
    *,
    code: int = 0,
) -> bool:
    """Whether that was news. Of a message that was sent again only the newest copy counts, and an
    older one that arrived."""
    known = connection.execute(
        select(DELIVERY.c.ref, DELIVERY.c.status).where(
            DELIVERY.c.row_id == row_id, DELIVERY.c.piece == piece
        )
    ).one_or_none()
    if known is not None and not is_news(known.status, status):
        again = known.status == "failed" and known.ref != ref
        if not again:
            return False
    row = {"row_id": row_id, "piece": piece, "ref": ref, "status": status, "code": code, "at": now}
    return upsert(connection, DELIVERY, row, ["row_id", "piece"])


def arrived(reads: Reads, row_id: int) -> list[Delivered]:
    """The pieces of a row that WhatsApp took and did not fail to deliver, in their order."""
    query = (
        select(DELIVERY.c.piece, DELIVERY.c.ref, DELIVERY.c.status)
        .where(DELIVERY.c.row_id == row_id, DELIVERY.c.status != "failed")
        .order_by(DELIVERY.c.piece)
    )
    return [Delivered(*row) for row in reads.execute(query)]


def under_way(reads: Reads, row_id: int, since: datetime) -> tuple[int, str, datetime] | None:
    """The message before a row to the same person, if it went since then and nothing was told of
    it: its row, its id, and when it went."""
    person = select(OUTBOX.c.person_id).where(OUTBOX.c.id == row_id).scalar_subquery()
    query = (
        select(OUTBOX.c.id, OUTBOX.c.ref, OUTBOX.c.sent_at)
        .where(
            OUTBOX.c.person_id == person,
            OUTBOX.c.id < row_id,
            OUTBOX.c.state == "sent",
            OUTBOX.c.sent_at > since,
        )
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
    row = reads.execute(query).one_or_none()
    ref = "" if row is None else carrier(row.ref)
    if row is None or not ref or is_known(reads, row.id, ref):
        return None
    return row.id, ref, row.sent_at


def is_known(reads: Reads, row_id: int, ref: str) -> bool:
    """Whether something was told of a message of a row."""
    query = select(DELIVERY.c.ref).where(DELIVERY.c.row_id == row_id, DELIVERY.c.ref == ref)
    return reads.execute(query).first() is not None


def forget(connection: Transaction, before: datetime) -> int:
    """What became of messages longer ago goes; how many."""
    return connection.execute(delete(DELIVERY).where(DELIVERY.c.at < before)).rowcount
