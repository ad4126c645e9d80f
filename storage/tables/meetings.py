"""The tables of meetings: what is planned, who takes part, and the prompts that follow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc, partial_index


class Feed(TableModel, table=True):
    """A calendar that is read again and again. Sealed: its address and what was wrong with it."""

    id: str = Field(primary_key=True)
    sealed: bytes
    due_at: datetime = Field(sa_type=Utc, index=True)
    failures: int = 0


class Meeting(TableModel, table=True):
    """A meeting or a series of them. Sealed: all that was entered. Found by its code, and by a
    keyed hash of the uid in its calendar. Up to `planned_until` its prompts are rows."""

    __table_args__ = (
        CheckConstraint("kind IN ('visit', 'learning_group')", name="meeting_kind"),
        CheckConstraint("state IN ('planned', 'moved', 'cancelled')", name="meeting_state"),
        Index("ix_meeting_planned_until", "planned_until"),
    )

    id: str = Field(primary_key=True)
    uid_hash: str = Field(unique=True)
    code: str = Field(unique=True)
    kind: str
    state: str
    feed_id: str | None = Field(default=None, foreign_key="feed.id", ondelete="SET NULL")
    sealed: bytes
    ends_at: datetime | None = Field(default=None, sa_type=Utc)
    planned_until: datetime | None = Field(default=None, sa_type=Utc)


class Cancellation(TableModel, table=True):
    """That a meeting, or the one of a series on a `day`, will be off at `due_at`: until then it can
    be taken back, and nobody is told."""

    __table_args__ = (UNORDERED,)

    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    day: str = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Utc, index=True)


class Member(TableModel, table=True):
    """Someone who takes part. `side` is empty as long as it is not known."""

    __table_args__ = (
        CheckConstraint("side IN ('', 'host', 'guest', 'member')", name="member_side"),
        Index("ix_member_person_id", "person_id"),
        UNORDERED,
    )

    meeting_id: str = Field(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    person_id: str = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    side: str = ""
    invited: bool = False


class Prompt(TableModel, table=True):
    """A question to one person after one meeting; `day` tells the meetings of a series apart.

    `due_at` is when it should be asked, `next_at` when to look at it next. `waits`: for the end of
    an open story. `carrier` is the prompt whose message asked this one too, `outbox_id` the row
    that carries it.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "meeting_id", "day", "kind"),
        CheckConstraint("kind IN ('ask', 'remind', 'follow_up')", name="prompt_kind"),
        CheckConstraint(
            "state IN ('planned', 'claimed', 'sending', 'sent', 'uncertain', 'answered',"
            " 'snoozed', 'declined', 'bundled', 'expired', 'cancelled', 'failed')",
            name="prompt_state",
        ),
        partial_index(
            "ix_prompt_open",
            "next_at",
            where="state IN ('planned', 'snoozed', 'claimed', 'sending')",
        ),
        partial_index("ix_prompt_outbox_id", "outbox_id", where="outbox_id IS NOT NULL"),
        partial_index("ix_prompt_carrier", "carrier", where="carrier IS NOT NULL"),
        Index("ix_prompt_meeting_id", "meeting_id", "day"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    meeting_id: str = Field(foreign_key="meeting.id", ondelete="CASCADE")
    day: str = ""
    kind: str = "ask"
    state: str = "planned"
    ended_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    next_at: datetime = Field(sa_type=Utc)
    waits: bool = False
    carrier: str | None = None
    outbox_id: int | None = Field(default=None, sa_type=BigInteger)


class PersonalLink(TableModel, table=True):
    """A link in a letter: whoever opens it in the web chat is that person. Kept as a hash."""

    __table_args__ = (
        Index("ix_personallink_person_id", "person_id"),
        Index("ix_personallink_expires_at", "expires_at"),
        UNORDERED,
    )

    token_hash: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", ondelete="CASCADE")
    meeting_id: str | None = Field(default=None, foreign_key="meeting.id", ondelete="CASCADE")
    prompt_id: str | None = None
    expires_at: datetime = Field(sa_type=Utc)
