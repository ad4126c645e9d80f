"""What the tables share: moments in UTC, rising ids, partial indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    Table,
    TypeDecorator,
    literal_column,
    text,
)
from sqlmodel import SQLModel


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone: use datetime.now(UTC)")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def core(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a model, for statements that need no objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


Rising = BigInteger().with_variant(Integer, "sqlite")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that matter."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """A condition with its values in the text of the statement: where they are parameters, a
    database cannot tell that the rows are those of a partial index, and reads the whole table."""
    written: list[ColumnElement[Any]] = [literal_column(f"'{value}'") for value in values]
    return column.in_(written) if len(written) > 1 else column == written[0]


UNORDERED = {"sqlite_with_rowid": False}
"""No hidden row number that would tell in which order stories came, and so whose they are."""
