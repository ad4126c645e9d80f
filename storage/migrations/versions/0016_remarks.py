"""What tellers say about a change, each under its own yes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


_BEFORE = "purpose IN ('keep', 'team', 'network', 'quote', 'contact', 'relay', 'voice', 'photo'"


def upgrade() -> None:
    _widen_consent()
    op.create_table(
        "changeremark",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("beside", sa.Boolean(), nullable=False),
        sa.Column("trace", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["decisionchange.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_changeremark_story_id", "changeremark", ["story_id"])


def _widen_consent() -> None:
    """Consent can be about a remark too. The rows of SQLite stay as they are, only the text of the
    table changes, as its manual says for such checks: nothing that points at it is touched."""
    after = f"{_BEFORE}, 'remark', 'remark_beside'"
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint("consent_purpose", "consent", type_="check")
        op.create_check_constraint("consent_purpose", "consent", f"{after})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
            " WHERE type = 'table' AND name = 'consent'"
        ),
        {"before": _BEFORE, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
