"""The part of the first tables that is about meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)


def create() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_feed_due_at", "feed", ["due_at"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("uid_hash", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("feed_id", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("planned_until", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('visit', 'learning_group')", name="meeting_kind"),
        sa.CheckConstraint("state IN ('planned', 'moved', 'cancelled')", name="meeting_state"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid_hash"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_meeting_planned_until", "meeting", ["planned_until"])
    op.create_table(
        "member",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.CheckConstraint("side IN ('', 'host', 'guest', 'member')", name="member_side"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_member_person_id", "member", ["person_id"])
    _prompts()
    op.create_table(
        "personallink",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("prompt_id", sa.String(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_personallink_person_id", "personallink", ["person_id"])
    op.create_index("ix_personallink_expires_at", "personallink", ["expires_at"])


def _prompts() -> None:
    op.create_table(
        "prompt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('ask', 'remind', 'follow_up')", name="prompt_kind"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sending', 'sent', 'uncertain', 'answered',"
            " 'snoozed', 'declined', 'bundled', 'expired', 'cancelled', 'failed')",
            name="prompt_state",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "meeting_id", "day", "kind"),
        sqlite_with_rowid=False,
    )
    for name, columns, where in (
        ("ix_prompt_next_at", ["next_at"], "state IN ('planned', 'snoozed', 'claimed')"),
        ("ix_prompt_outbox_id", ["outbox_id"], "outbox_id IS NOT NULL"),
        ("ix_prompt_carrier", ["carrier"], "carrier IS NOT NULL"),
    ):
        op.create_index(
            name, "prompt", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index("ix_prompt_meeting_id", "prompt", ["meeting_id", "day"])
