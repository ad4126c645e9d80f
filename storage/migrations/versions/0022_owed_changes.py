"""A change of a message lies in the row of that message, instead of in one of its own; and which
messages may still be changed stands in the clear. Rows of versions before stand until it is told
otherwise, but for those that nothing is said about any more, or that stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

YES = sa.true()
OVER = """
UPDATE outbox SET stands = false WHERE turn > 0 AND id NOT IN (
    SELECT kept.id FROM outbox AS kept
    JOIN person ON person.id = kept.person_id AND person.channel = 'telegram'
    JOIN (SELECT person_id, MAX(turn) - 2 AS turn FROM outbox GROUP BY person_id) AS newest
    ON newest.person_id = kept.person_id AND newest.turn <= kept.turn
)
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("stands", sa.Boolean(), nullable=False, server_default=YES))
    op.add_column("outbox", sa.Column("owed", sa.LargeBinary(), nullable=True))
    op.execute(OVER)
    sqlite = op.get_bind().dialect.name == "sqlite"
    stands = sa.text("stands = 1 AND turn > 0" if sqlite else "stands AND turn > 0")
    owed = sa.text("owed IS NOT NULL")
    op.create_index(
        "ix_outbox_stands", "outbox", ["person_id"], sqlite_where=stands, postgresql_where=stands
    )
    op.create_index("ix_outbox_owed", "outbox", ["id"], sqlite_where=owed, postgresql_where=owed)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
