"""WhatsApp: until when somebody may be answered, what became of messages, which templates there
are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "whatsappcontact",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_whatsappcontact_number_hash", "whatsappcontact", ["number_hash"])
    op.create_index("ix_whatsappcontact_rung_at", "whatsappcontact", ["rung_at"])
    op.create_table(
        "whatsappdelivery",
        sa.Column("row_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("piece", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('sent', 'delivered', 'read', 'failed')", name="whatsappdelivery_status"
        ),
        sa.PrimaryKeyConstraint("row_id", "piece"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_whatsappdelivery_at", "whatsappdelivery", ["at"])
    op.create_table(
        "whatsapptemplate",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "language"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
