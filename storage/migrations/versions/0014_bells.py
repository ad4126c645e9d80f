"""Bells: what may ring for whom, and what was rung for which message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personalbell",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "channel"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_personalbell_address_hash", "personalbell", ["address_hash"])
    op.create_table(
        "ring",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ring_person_id", "ring", ["person_id"])
    op.create_index("ix_ring_begun_at", "ring", ["begun_at"])
    op.create_table(
        "ringattempt",
        sa.Column("ring_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'ringing', 'rung', 'uncertain', 'failed', 'needless')",
            name="ringattempt_state",
        ),
        sa.ForeignKeyConstraint(["ring_id"], ["ring.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ring_id", "channel"),
        sa.UniqueConstraint("outbox_id"),
        sqlite_with_rowid=False,
    )
    ringing = sa.text("state = 'ringing'")
    op.create_index(
        "ix_ringattempt_open",
        "ringattempt",
        ["outbox_id"],
        sqlite_where=ringing,
        postgresql_where=ringing,
    )
    op.create_index("ix_ringattempt_channel", "ringattempt", ["channel", "at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
