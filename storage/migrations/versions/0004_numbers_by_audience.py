"""Numbers leave for those who may read what they count, and are counted from the stories.

The numbers that left before counted stories that nobody may read: they go, and so do the counts
they came from. The empty tables stay for one version: replicas are replaced one by one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("released", "publication", "rollup"):
        op.execute(sa.delete(sa.table(table)))
    op.create_table(
        "published",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("narrowings", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("period", "audience", "part"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publishednumber",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "audience", "part", "scope", "dimension", "value"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "narrowing",
        sa.Column("id", RISING, nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_narrowing_week", "narrowing", ["week", "audience"])
    op.add_column("coordinator", sa.Column("joined", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
