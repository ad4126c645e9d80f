"""The tables, and nothing else. What is sealed here only the vault can open; ids are random."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
)
from sqlmodel import Field

from storage.engine.types import UNORDERED, Rising, TableModel, Utc, partial_index


class Meta(TableModel, table=True):
    """Single facts: the key check, the position in a channel's updates."""

    key: str = Field(primary_key=True)
    value: str


class Person(TableModel, table=True):
    """Someone who talks with us. Sealed: address, language, own stories, preferences."""

    __table_args__ = (UniqueConstraint("channel", "address_hash"), UNORDERED)

    id: str = Field(primary_key=True)
    channel: str
    address_hash: str
    sealed: bytes
    blocked: bool = False
    seen_week: str


class Conversation(TableModel, table=True):
    """Where a person is in a guide. `trace` recognises, with the key only, the story it led to."""

    __table_args__ = (
        Index("ix_conversation_updated_at", "updated_at"),
        partial_index("ix_conversation_trace", "trace", where="trace IS NOT NULL"),
    )

    person_id: str = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    sealed: bytes
    trace: str | None = None
    updated_at: datetime = Field(sa_type=Utc)


class Timer(TableModel, table=True):
    """What a conversation waits for, and when to look at the earliest. `turn` is that in which it
    was set."""

    person_id: str = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True)
    turn: int
    due_at: datetime = Field(sa_type=Utc, index=True)


class Inbox(TableModel, table=True):
    """Every update that was ever taken, by id. Its content is here only until its turn succeeds."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        CheckConstraint("state IN ('new', 'done', 'failed')", name="inbox_state"),
        partial_index("ix_inbox_person_id", "person_id", where="person_id IS NOT NULL"),
        partial_index("ix_inbox_new", "id", where="state = 'new'"),
        Index("ix_inbox_received_at", "received_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(Rising, primary_key=True))
    channel: str
    external_id: str
    person_id: str | None = None
    sealed: bytes | None = None
    state: str = "done"
    attempts: int = 0
    received_at: datetime = Field(sa_type=Utc)


class Outbox(TableModel, table=True):
    """What must be delivered, and what was. Within one `queue` and lane the order of ids holds;
    the queue is a person, or a keyed hash of a group's address. Of several processes, `owner` has
    the row in hand until `leased_until`. `stands`: what is said later may take its buttons away,
    where that is done. Sealed in `owed`: the change that its message, which is there, still is to
    get."""

    __table_args__ = (
        CheckConstraint(
            "kind IN ('say', 'mark', 'tick', 'echo', 'leave', 'document', 'letter', 'photo', "
            "'clear')",
            name="outbox_kind",
        ),
        CheckConstraint("lane IN ('reply', 'prompt', 'digest')", name="outbox_lane"),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'uncertain', 'gone')",
            name="outbox_state",
        ),
        partial_index("ix_outbox_trace", "trace", where="trace IS NOT NULL"),
        partial_index("ix_outbox_due", "lane", "due_at", "id", where="state = 'pending'"),
        partial_index(
            "ix_outbox_waiting", "queue", "lane", "id", where="state IN ('pending', 'sending')"
        ),
        partial_index("ix_outbox_sending", "due_at", where="state = 'sending'"),
        partial_index("ix_outbox_again", "due_at", where="state = 'pending' AND attempts > 0"),
        partial_index(
            "ix_outbox_tried", "lane", "attempts", where="state = 'pending' AND attempts > 0"
        ),
        partial_index("ix_outbox_leased", "leased_until", where="leased_until IS NOT NULL"),
        partial_index("ix_outbox_stands", "person_id", where="stands = 1 AND turn > 0"),
        partial_index("ix_outbox_owed", "id", where="owed IS NOT NULL"),
        Index("ix_outbox_person_id", "person_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(Rising, primary_key=True))
    person_id: str | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    queue: str
    turn: int = 0
    kind: str
    lane: str = "reply"
    sealed: bytes
    trace: str | None = None
    state: str = "pending"
    due_at: datetime = Field(sa_type=Utc)
    attempts: int = 0
    ref: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=Utc)
    owner: str = ""
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    stands: bool = True
    owed: bytes | None = None


class OutboxCount(TableModel, table=True):
    """How many rows of the outbox are in each state, kept by triggers of it. On PostgreSQL each
    connection that writes has counts of its own, and their sum is what counts."""

    __table_args__ = (UNORDERED,)

    writer: int = Field(primary_key=True)
    state: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class Consent(TableModel, table=True):
    """What was asked and answered, append-only (triggers see to it). Sealed: the words shown, the
    exact time, language, guide and terms; emptied when the story is erased."""

    __table_args__ = (
        UniqueConstraint("id", "purpose", "answer"),
        CheckConstraint(
            "purpose IN ('keep', 'team', 'network', 'quote', 'contact', 'relay', 'voice', 'photo',"
            " 'remark', 'remark_beside')",
            name="consent_purpose",
        ),
        CheckConstraint(
            "(event = 'given' AND answer IN ('yes', 'coordinator')) OR"
            " (event IN ('refused', 'withdrawn') AND answer = 'no') OR"
            " (event = 'asked' AND answer = '')",
            name="consent_event",
        ),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    story_hash: str = Field(index=True)
    purpose: str
    answer: str
    event: str
    notice_sha256: str
    week: str
    version: int
    sealed: bytes | None = None


class Story(TableModel, table=True):
    """A kept story. The database itself refuses one without a given consent to keep it, and one
    that may go further than the team without the team. `has_sentence`: its teller chose the
    sentence it turns on, which is all of it that may be quoted."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["keep_record", "keep_purpose", "keep_answer"],
            ["consent.id", "consent.purpose", "consent.answer"],
        ),
        CheckConstraint("keep_purpose = 'keep'", name="story_keep_purpose"),
        CheckConstraint("keep_answer = 'yes'", name="story_keep_answer"),
        CheckConstraint("state IN ('kept', 'held', 'serious')", name="story_state"),
        CheckConstraint(
            "(may_team AND NOT coordinator_only) OR NOT (may_network OR may_quote)",
            name="story_ladder",
        ),
        CheckConstraint("may_team OR NOT coordinator_only", name="story_coordinator"),
        Index("ix_story_team_id", "team_id", "week"),
        Index("ix_story_shared", "may_network", "state", "week", "reviewed"),
        partial_index("ix_story_waiting", "team_id", where="NOT reviewed"),
        partial_index("ix_story_held", "team_id", where="state <> 'kept'"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    guide: str
    fingerprint: str
    language: str
    kind: str
    team_id: str | None = None
    municipality: str | None = None
    week: str = Field(index=True)
    sealed: bytes
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    may_team: bool = False
    coordinator_only: bool = False
    may_network: bool = False
    may_quote: bool = False
    may_relay: bool = False
    has_sentence: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    sealed_return: bytes | None = None
    code_hash: str = Field(unique=True)
    state: str = "kept"
    reviewed: bool = False
    sealed_note: bytes | None = None
    due_on: str | None = None
    keep_record: str
    keep_purpose: str = "keep"
    keep_answer: str = "yes"


class GuideVersion(TableModel, table=True):
    """The guides that conversations and stories were told with, by fingerprint."""

    fingerprint: str = Field(primary_key=True)
    guide: str = Field(index=True)
    source: str
