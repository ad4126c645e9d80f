"""Who calls off a meeting can think again; teams change their name, merge and close."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cancellation",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", "day"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_cancellation_due_at", "cancellation", ["due_at"])
    op.add_column("team", sa.Column("former", sa.JSON(), nullable=True))
    no = sa.false()
    op.add_column("team", sa.Column("closed", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("team", sa.Column("merged_into", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
