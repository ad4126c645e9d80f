"""Statements that differ between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, bindparam, update

from storage.engine.compiled import CompiledStatement, insert_of

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def dialect_insert(connection: Connection, table: Table) -> Insert:
    """An insert that knows `on_conflict_do_…`."""
    return insert_of(connection.dialect)(table)


def upsert(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    unique: Sequence[str],
    change: Sequence[str] | None = None,
) -> bool:
    """Insert a row; where `unique` is taken, set the columns `change` (None: all others; none:
    leave the row that is there). Whether a row was inserted or changed."""
    return _upserting(table, row, unique, change).run(connection, **row) > 0


def upsert_later(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    unique: Sequence[str],
    change: Sequence[str] | None = None,
) -> None:
    """As `upsert`, together with others of its kind: see `CompiledStatement.later`."""
    _upserting(table, row, unique, change).later(connection, **row)


def add(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row."""
    _add(table, tuple(row)).run(connection, **row)


def change(connection: Connection, table: Table, row_id: str, values: Mapping[str, Any]) -> None:
    """Set these columns of the row with this id."""
    if values:
        _change(table, tuple(values)).run(connection, its_id=row_id, **values)


def _upserting(
    table: Table, row: Mapping[str, Any], unique: Sequence[str], change: Sequence[str] | None
) -> CompiledStatement:
    changes = None if change is None else tuple(change)
    return _upsert(table, tuple(row), tuple(unique), changes)


@cache
def _add(table: Table, columns: tuple[str, ...]) -> CompiledStatement:
    return CompiledStatement(lambda insert: insert(table).values(_given(columns)))


@cache
def _change(table: Table, columns: tuple[str, ...]) -> CompiledStatement:
    its_id = table.c.id == bindparam("its_id")
    return CompiledStatement(lambda _: update(table).where(its_id).values(_given(columns)))


@cache
def _upsert(
    table: Table, columns: tuple[str, ...], unique: tuple[str, ...], change: tuple[str, ...] | None
) -> CompiledStatement:
    def build(insert: Callable[[Table], Insert]) -> Insert:
        statement = insert(table).values(_given(columns)).inline()
        changes = [each for each in columns if each not in unique] if change is None else change
        if not changes:
            return statement.on_conflict_do_nothing(index_elements=unique)
        new = {name: statement.excluded[name] for name in changes}
        return statement.on_conflict_do_update(index_elements=unique, set_=new)

    return CompiledStatement(build)


def _given(columns: Sequence[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in columns}
