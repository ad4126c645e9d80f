"""The tables of WhatsApp: until when somebody may be answered, what became of messages, which
templates were approved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc


class WhatsappContact(TableModel, table=True):
    """An address in WhatsApp, by its keyed hash, and the keyed hash of the number that belongs to
    it. `heard_at`: the last message or tap of this person, which opens the window for answers;
    `rung_at`: the last template that went there unasked. No words, no name, no number."""

    __table_args__ = (
        Index("ix_whatsappcontact_number_hash", "number_hash"),
        Index("ix_whatsappcontact_rung_at", "rung_at"),
        UNORDERED,
    )

    address_hash: str = Field(primary_key=True)
    number_hash: str | None = None
    heard_at: datetime | None = Field(default=None, sa_type=Utc)
    rung_at: datetime | None = Field(default=None, sa_type=Utc)
    opted_out: bool = False


class WhatsappDelivery(TableModel, table=True):
    """What WhatsApp says became of a piece of a row of the outbox: the highest status so far."""

    __table_args__ = (
        CheckConstraint(
            "status IN ('sent', 'delivered', 'read', 'failed')", name="whatsappdelivery_status"
        ),
        Index("ix_whatsappdelivery_at", "at"),
        UNORDERED,
    )

    row_id: int = Field(primary_key=True, sa_type=BigInteger)
    piece: int = Field(primary_key=True)
    ref: str
    status: str
    code: int = 0
    at: datetime = Field(sa_type=Utc)


class WhatsappTemplate(TableModel, table=True):
    """A template as Meta has it: its state, its category, and why it was refused or paused."""

    __table_args__ = (UNORDERED,)

    name: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    state: str
    category: str
    reason: str
    at: datetime = Field(sa_type=Utc)
