"""The tables of recordings and pictures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel, Utc, partial_index


class Blob(TableModel, table=True):
    """A recording or picture: of a person while it is in a draft, of a story once it was kept. The
    database itself refuses a kept one without a consent of its own. `state` is that of writing a
    recording out, `due_at` its turn or, while someone is at it, the end of their lease."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["consent_id", "consent_purpose", "consent_answer"],
            ["consent.id", "consent.purpose", "consent.answer"],
        ),
        CheckConstraint("kind IN ('voice', 'photo')", name="blob_kind"),
        CheckConstraint("state IN ('', 'waiting', 'working')", name="blob_state"),
        CheckConstraint("(person_id IS NULL) <> (story_hash IS NULL)", name="blob_owner"),
        CheckConstraint(
            "story_hash IS NULL OR (consent_id IS NOT NULL AND consent_purpose IS NOT NULL"
            " AND consent_answer IS NOT NULL"
            " AND consent_purpose = kind AND consent_answer = 'yes')",
            name="blob_consent",
        ),
        partial_index("ix_blob_person_id", "person_id", where="person_id IS NOT NULL"),
        partial_index("ix_blob_story_hash", "story_hash", where="story_hash IS NOT NULL"),
        partial_index("ix_blob_due", "due_at", where="state <> ''"),
        UNORDERED,
    )

    id: str = Field(primary_key=True)
    kind: str
    person_id: str | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    story_hash: str | None = None
    consent_id: str | None = None
    consent_purpose: str | None = None
    consent_answer: str | None = None
    sealed: bytes
    state: str = ""
    attempts: int = 0
    due_at: datetime | None = Field(default=None, sa_type=Utc)


class BlobChunk(TableModel, table=True):
    """A piece of a recording or picture."""

    __table_args__ = (UNORDERED,)

    blob_id: str = Field(primary_key=True, foreign_key="blob.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    sealed: bytes
