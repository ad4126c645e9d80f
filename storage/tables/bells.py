"""The tables of bells: what may ring for whom, and what was rung when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc, partial_index


class PersonalBell(TableModel, table=True):
    """A way to ring for someone: one of each channel, in the order of `place`. Sealed: its address.
    `problem` is why it cannot ring any more (empty: it can)."""

    __table_args__ = (
        UniqueConstraint("person_id", "channel"),
        Index("ix_personalbell_address_hash", "address_hash"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    channel: str
    address_hash: str
    sealed: bytes
    place: int
    problem: str = ""


class Ring(TableModel, table=True):
    """One message of the outbox (`message_id`) for which bells are rung, each once at most."""

    __table_args__ = (Index("ix_ring_person_id", "person_id"), UNORDERED)

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    message_id: int = Field(sa_type=BigInteger, unique=True)
    begun_at: datetime = Field(sa_type=Utc, index=True)


class RingAttempt(TableModel, table=True):
    """One bell of a ring, and what came of it: carried by a row of the outbox, `outbox_id`. Whose
    address it is only a keyed hash tells."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'ringing', 'rung', 'uncertain', 'failed', 'needless')",
            name="ringattempt_state",
        ),
        partial_index("ix_ringattempt_open", "outbox_id", where="state = 'ringing'"),
        Index("ix_ringattempt_channel", "channel", "at"),
        UNORDERED,
    )

    ring_id: str = Field(primary_key=True, foreign_key="ring.id", ondelete="CASCADE")
    channel: str = Field(primary_key=True)
    number: int
    address_hash: str
    outbox_id: int = Field(sa_type=BigInteger, unique=True)
    state: str = "waiting"
    reason: str = ""
    at: datetime = Field(sa_type=Utc)
