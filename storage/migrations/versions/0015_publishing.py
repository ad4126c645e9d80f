"""Public pages with their editions, and questions of guests that travel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publicedition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publicsentence",
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["publicedition.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_publicsentence_story_id", "publicsentence", ["story_id"])
    op.create_table(
        "offeredchange",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["decisionchange.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publicchange",
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["publicedition.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["change_id"], ["offeredchange.change_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "change_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_publicchange_change_id", "publicchange", ["change_id"])
    op.create_table(
        "relayedquestion",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("host_team_id", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=True),
        sa.Column("next_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'travels', 'opened', 'declined')", name="relayedquestion_state"
        ),
        sa.ForeignKeyConstraint(["host_team_id"], ["team.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["left_id"], ["meeting.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["next_id"], ["meeting.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("story"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_relayedquestion_host_team_id", "relayedquestion", ["host_team_id"])
    op.create_index("ix_relayedquestion_next_id", "relayedquestion", ["next_id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
