"""How guides are used, and what teams add to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guideuse",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("conversations", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("conversations > 0", name="guideuse_conversations"),
        sa.PrimaryKeyConstraint("fingerprint", "day", "step", "how"),
    )
    op.create_index("ix_guideuse_guide", "guideuse", ["guide"])
    op.create_table(
        "guideoverlay",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("guide", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "guide"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
