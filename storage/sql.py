"""The little that SQLAlchemy says differently for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def dialect_insert(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict_do_…`."""
    postgres = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    unique: Sequence[str],
    change: Sequence[str] | None = None,
) -> bool:
    """Insert a row; where `unique` is taken, set the columns `change` (None: all others; none:
    leave the row that is there). Whether a row was inserted or changed."""
    statement = dialect_insert(connection, table).values(**row).inline()
    columns = [name for name in row if name not in unique] if change is None else change
    if columns:
        changes = {name: statement.excluded[name] for name in columns}
        statement = statement.on_conflict_do_update(index_elements=unique, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=unique)
    done = connection.execute(statement, execution_options={"preserve_rowcount": True})
    return done.rowcount > 0
