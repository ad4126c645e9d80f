"""The database counts the rows of the outbox by their state, whoever changes them, so that a look
at the counts reads no row of it; and an index says which row of a lane was tried most often."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TRIED = sa.text("state = 'pending' AND attempts > 0")


def _sqlite(name: str, event: str, *changes: str) -> str:
    added = " ".join(
        f"""INSERT INTO outboxcount (writer, state, number) VALUES (0, {change})
        ON CONFLICT (writer, state) DO UPDATE SET number = number + excluded.number;"""  # noqa: S608 - all of it ours
        for change in changes
    )
    return f"CREATE TRIGGER outbox_{name} AFTER {event} BEGIN {added} END"


SQLITE = [
    _sqlite("came", "INSERT ON outbox", "NEW.state, 1"),
    _sqlite("went", "DELETE ON outbox", "OLD.state, -1"),
    _sqlite(
        "changed",
        "UPDATE OF state ON outbox WHEN OLD.state <> NEW.state",
        "OLD.state, -1",
        "NEW.state, 1",
    ),
]


def _postgresql(name: str, event: str, changes: str) -> list[str]:
    return [
        f"""CREATE FUNCTION outbox_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO outboxcount (writer, state, number)
            SELECT pg_backend_pid(), state, SUM(change) FROM ({changes}) AS changes
            GROUP BY state HAVING SUM(change) <> 0
            ON CONFLICT (writer, state)
            DO UPDATE SET number = outboxcount.number + excluded.number;
            RETURN NULL;
        END $$""",  # noqa: S608 - all of it ours
        f"""CREATE TRIGGER outbox_{name} AFTER {event}
        FOR EACH STATEMENT EXECUTE FUNCTION outbox_{name}()""",
    ]


_NEW, _OLD = "SELECT state, 1 AS change FROM fresh", "SELECT state, -1 AS change FROM former"
POSTGRESQL = [
    *_postgresql("came", "INSERT ON outbox REFERENCING NEW TABLE AS fresh", _NEW),
    *_postgresql("went", "DELETE ON outbox REFERENCING OLD TABLE AS former", _OLD),
    *_postgresql(
        "changed",
        "UPDATE ON outbox REFERENCING OLD TABLE AS former NEW TABLE AS fresh",
        f"{_OLD} UNION ALL {_NEW}",
    ),
]
"""Each connection changes counts of its own, by its process number, which no other has at the same
time: so none waits for another. By statement: when many rows go at once, the counts are changed
once."""


def upgrade() -> None:
    op.create_table(
        "outboxcount",
        sa.Column("writer", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("writer", "state"),
        sqlite_with_rowid=False,
    )
    # first the triggers: they let no other process change a row until the commit
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute(
        "INSERT INTO outboxcount (writer, state, number) "
        "SELECT 0, state, COUNT(*) FROM outbox GROUP BY state"
    )
    op.create_index(
        "ix_outbox_tried",
        "outbox",
        ["lane", "attempts"],
        sqlite_where=TRIED,
        postgresql_where=TRIED,
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
