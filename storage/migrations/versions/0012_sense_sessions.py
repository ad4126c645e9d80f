"""Sense-making sessions: their cards, patterns, rounds and record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sensesession",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("facilitator_id", sa.String(), nullable=True),
        sa.Column("sits", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("sits IN ('team', 'network')", name="sensesession_sits"),
        sa.CheckConstraint(
            "state IN ('prepared', 'open', 'predicting', 'interpreting', 'recording', 'closed')",
            name="sensesession_state",
        ),
        sa.ForeignKeyConstraint(["facilitator_id"], ["coordinator.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["team.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sensesession_team_id", "sensesession", ["team_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_session_id", "decision", ["session_id"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('recurring', 'urgent', 'surprising')", name="outcome_kind"),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outcome_session_id", "outcome", ["session_id"])
    op.create_table(
        "participant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('resident', 'professional', 'coordinator')", name="seat_role"),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_participant_session_id", "participant", ["session_id"])
    op.create_table(
        "roundresult",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "round"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessioncard",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("printed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessioncard_session_id", "sessioncard", ["session_id"])
    op.create_index("ix_sessioncard_story_id", "sessioncard", ["story_id"])
    op.create_table(
        "sessionpattern",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("one", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessionpattern_session_id", "sessionpattern", ["session_id"])
    op.create_table(
        "sessionseat",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sensesession.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessionseat_person_id", "sessionseat", ["person_id"])
    op.create_table(
        "decision_card",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("decision_id", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_card_story_id", "decision_card", ["story_id"])
    op.create_table(
        "interpretation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pattern_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pattern_id"], ["sessionpattern.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_interpretation_pattern_id", "interpretation", ["pattern_id"])
    op.create_table(
        "outcome_card",
        sa.Column("outcome_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("outcome_id", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outcome_card_story_id", "outcome_card", ["story_id"])
    op.create_table(
        "prediction",
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("pattern_id", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pattern_id"], ["sessionpattern.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("participant_id", "pattern_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_prediction_pattern_id", "prediction", ["pattern_id"])
    op.create_table(
        "decision_interpretation",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("interpretation_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["interpretation_id"], ["interpretation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("decision_id", "interpretation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_decision_interpretation_interpretation_id",
        "decision_interpretation",
        ["interpretation_id"],
    )
    op.create_table(
        "outcome_interpretation",
        sa.Column("outcome_id", sa.String(), nullable=False),
        sa.Column("interpretation_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["interpretation_id"], ["interpretation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("outcome_id", "interpretation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_outcome_interpretation_interpretation_id",
        "outcome_interpretation",
        ["interpretation_id"],
    )
    op.create_table(
        "vote",
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("interpretation_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('holds', 'fails', 'unsure')", name="vote_answer"),
        sa.ForeignKeyConstraint(["interpretation_id"], ["interpretation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("participant_id", "interpretation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_vote_interpretation_id", "vote", ["interpretation_id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
