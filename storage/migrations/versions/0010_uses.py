"""How stories left the store, in chains that nobody changes; whether a story has the sentence that
its teller chose to be quoted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER use_no_{event} BEFORE {event} ON use
        BEGIN SELECT RAISE(ABORT, 'use is append-only'); END"""
        for event in ("delete", "update")
    ],
    "postgresql": [
        """CREATE FUNCTION use_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'use is append-only' USING ERRCODE = 'check_violation'; END $$""",
        """CREATE TRIGGER use_append_only BEFORE UPDATE OR DELETE ON use
        FOR EACH ROW EXECUTE FUNCTION use_append_only()""",
        """CREATE TRIGGER use_no_truncate BEFORE TRUNCATE ON use
        FOR EACH STATEMENT EXECUTE FUNCTION use_append_only()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "use",
        sa.Column("story_hash", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('file', 'quotation', 'pack', 'session', 'relay', 'page')", name="use_kind"
        ),
        sa.CheckConstraint("purpose IN ('team', 'network', 'quote', 'relay')", name="use_purpose"),
        sa.CheckConstraint("event IN ('used', 'withdrawn')", name="use_event"),
        sa.PrimaryKeyConstraint("story_hash", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_use_reference", "use", ["reference"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    chosen: sa.Column[bool] = sa.Column(
        "has_sentence", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("story", chosen)  # with a server_default


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
