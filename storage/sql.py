"""The little that SQLAlchemy says differently for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

_COUNTED = {"preserve_rowcount": True}


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
    changes = [name for name in row if name not in unique] if change is None else change
    postgres = connection.dialect.name == "postgresql"
    statement = _upsert(postgres, table, tuple(row), tuple(unique), tuple(changes))
    return connection.execute(statement, row, execution_options=_COUNTED).rowcount > 0


@cache
def _upsert(
    postgres: bool,
    table: Table,
    columns: tuple[str, ...],
    unique: tuple[str, ...],
    changes: tuple[str, ...],
) -> Any:
    """Built once: that takes longer than running it."""
    insert: Any = postgresql.insert if postgres else sqlite.insert
    statement = insert(table).values({name: bindparam(name) for name in columns}).inline()
    if not changes:
        return statement.on_conflict_do_nothing(index_elements=unique)
    new = {name: statement.excluded[name] for name in changes}
    return statement.on_conflict_do_update(index_elements=unique, set_=new)
