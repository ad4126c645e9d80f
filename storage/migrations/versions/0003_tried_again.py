"""Messages that are to be tried again are found without reading those of later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AGAIN = sa.text("state = 'pending' AND attempts > 0")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_again", "outbox", ["due_at"], sqlite_where=AGAIN, postgresql_where=AGAIN
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
