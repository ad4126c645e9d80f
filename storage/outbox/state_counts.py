"""How many rows of the outbox are in each state: the database counts them as they change, so that
however many there are none of them is read."""

from __future__ import annotations

from sqlalchemy import text

from storage.engine.compiled import connection_of, execute
from storage.engine.transaction import Reads, Transaction

_COUNTS = (
    "SELECT state, CAST(SUM(number) AS BIGINT) FROM outboxcount "
    "GROUP BY state HAVING SUM(number) <> 0"
)
_GATHER = text(
    """WITH gone AS (
        DELETE FROM outboxcount
        WHERE writer <> 0
        AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = writer)
        RETURNING state, number
    )
    INSERT INTO outboxcount (writer, state, number)
    SELECT 0, state, SUM(number) FROM gone GROUP BY state ORDER BY state
    ON CONFLICT (writer, state) DO UPDATE SET number = outboxcount.number + excluded.number"""
)


def by_state(reads: Reads) -> dict[str, int]:
    """How many rows there are in each state that has some."""
    return dict(execute(connection_of(reads), _COUNTS).fetchall())


def gather(connection: Transaction) -> None:
    """Add up what connections counted that are gone. Without it their counts would stand there one
    by one; only PostgreSQL has such."""
    if connection.dialect.name == "postgresql":
        connection.execute(_GATHER)
