"""The table of uses: how stories left the store."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.engine.types import UNORDERED, TableModel


class Use(TableModel, table=True):
    """That a story left the store in some way, or that its teller took that back; append-only
    (triggers see to it). The uses of a story are numbered from 1, and each holds the hash of the
    one before. A story stands here by its keyed hash; a reference is a random id. No text, no
    person."""

    __table_args__ = (
        CheckConstraint(
            "kind IN ('file', 'quotation', 'pack', 'session', 'relay', 'page')", name="use_kind"
        ),
        CheckConstraint("purpose IN ('team', 'network', 'quote', 'relay')", name="use_purpose"),
        CheckConstraint("event IN ('used', 'withdrawn')", name="use_event"),
        Index("ix_use_reference", "reference"),
        UNORDERED,
    )

    story_hash: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    purpose: str
    reference: str
    event: str
    week: str
    before: str
    link: str
