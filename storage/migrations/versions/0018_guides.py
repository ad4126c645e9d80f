"""Guides that are written here: drafts, published versions, links to try one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guidesave",
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("texts", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision > 0", name="guidesave_revision"),
        sa.PrimaryKeyConstraint("guide", "revision"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guidepublication",
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("texts", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["fingerprint"], ["guideversion.fingerprint"]),
        sa.PrimaryKeyConstraint("guide", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guidepublication_fingerprint", "guidepublication", ["fingerprint"])
    op.create_table(
        "guidetrial",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guidetrial_until", "guidetrial", ["until"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
