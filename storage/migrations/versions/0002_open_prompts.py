"""Prompts that are on their way are found by the index of what should be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('planned', 'snoozed', 'claimed', 'sending')")


def upgrade() -> None:
    op.drop_index("ix_prompt_next_at", "prompt")
    op.create_index(
        "ix_prompt_open", "prompt", ["next_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
