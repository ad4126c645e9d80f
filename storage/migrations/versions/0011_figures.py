"""Figures that stand beside stories: indicators, their values by area and period, imports, and what
somebody expected of a figure and an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "kind IN ('count', 'percentage', 'per_1000', 'rate', 'euro', 'score', 'index', 'other')"


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("multiplier", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.CheckConstraint(KINDS, name="indicator_kind"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "table_name", "title"),
    )
    rising = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "figureimport",
        sa.Column("id", rising, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "figure",
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("lower", sa.Float(), nullable=True),
        sa.Column("upper", sa.Float(), nullable=True),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(value IS NULL) = (missing <> '')", name="figure_missing"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("indicator_id", "area", "period", "version"),
    )
    columns = ["area", "indicator_id", "period"]
    latest = sa.text("latest")
    op.create_index(
        "ix_figure_latest", "figure", columns, sqlite_where=latest, postgresql_where=latest
    )
    op.create_index("ix_figure_version", "figure", ["version"])
    op.create_table(
        "expectation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.CheckConstraint("expected IN (1, -1)", name="expectation_expected"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("quarter", "team_id", "indicator_id", "question", "answer"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
