"""The part of the first tables that is about recordings and pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)


def create() -> None:
    op.create_table(
        "blob",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("story_hash", sa.String(), nullable=True),
        sa.Column("consent_id", sa.String(), nullable=True),
        sa.Column("consent_purpose", sa.String(), nullable=True),
        sa.Column("consent_answer", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('voice', 'photo')", name="blob_kind"),
        sa.CheckConstraint("state IN ('', 'waiting', 'working')", name="blob_state"),
        sa.CheckConstraint("(person_id IS NULL) <> (story_hash IS NULL)", name="blob_owner"),
        sa.CheckConstraint(
            "story_hash IS NULL OR (consent_id IS NOT NULL AND consent_purpose IS NOT NULL"
            " AND consent_answer IS NOT NULL"
            " AND consent_purpose = kind AND consent_answer = 'yes')",
            name="blob_consent",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["consent_id", "consent_purpose", "consent_answer"],
            ["consent.id", "consent.purpose", "consent.answer"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    _index("ix_blob_person_id", "person_id", "person_id IS NOT NULL")
    _index("ix_blob_story_hash", "story_hash", "story_hash IS NOT NULL")
    _index("ix_blob_due", "due_at", "state <> ''")
    op.create_table(
        "blobchunk",
        sa.Column("blob_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("blob_id", "number"),
        sqlite_with_rowid=False,
    )


def _index(name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "blob", [column], sqlite_where=condition, postgresql_where=condition)
