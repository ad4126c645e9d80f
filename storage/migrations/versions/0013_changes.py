"""What changed after a decision, who was told, and whether it did justice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisionchange",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("happened_on", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decisionchange_decision_id", "decisionchange", ["decision_id"])
    op.create_table(
        "changenotice",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('', 'yes', 'partly', 'no')", name="changenotice_answer"),
        sa.ForeignKeyConstraint(["change_id"], ["decisionchange.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id", "person"),
        sa.UniqueConstraint("message"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "justiceshare",
        sa.Column("answers", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("answers"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
