"""Column types that the tables share: moments in UTC, rising ids, partial indexes."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, get_type_hints

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    literal_column,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel
from sqlmodel.main import FieldInfo, get_column_from_field


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

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TableModel:
    """What every table is made of, in the words of SQLModel. Rows are read by column: nothing that
    validates them, and no mapper that makes objects of them, is built at every start."""

    __table__: ClassVar[Table]
    __tablename__: ClassVar[str] = ""
    """Of the table; empty: as the class, in small letters."""
    __table_args__: ClassVar[tuple[Any, ...]] = ()
    """Rules and indexes of the table, and mappings of options."""

    def __init_subclass__(cls, *, table: Literal[True]) -> None:
        kinds = get_type_hints(cls)
        columns = [_column(cls, name, kinds[name]) for name in cls.__annotations__]
        rules = [each for each in cls.__table_args__ if not isinstance(each, dict)]
        options = [each for each in cls.__table_args__ if isinstance(each, dict)]
        name = cls.__tablename__ or cls.__name__.lower()
        cls.__table__ = Table(name, SQLModel.metadata, *columns, *rules, **ChainMap(*options))


def _column(model: type, name: str, kind: type) -> Column[Any]:
    given = getattr(model, name, ...)
    field = given if isinstance(given, FieldInfo) else FieldInfo(given)
    field.annotation = kind
    column: Column[Any] = get_column_from_field(field)
    column.name = column.key = name
    return column


def core(model: type[TableModel]) -> Table:
    """The SQLAlchemy table of a model, for statements."""
    return model.__table__


Rising = BigInteger().with_variant(Integer, "sqlite")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that matter. PostgreSQL has the same ones from the migrations: to name
    it here would read all that SQLAlchemy knows of it, at every start."""
    return Index(name, *columns, sqlite_where=text(where))


def one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """A condition with its values in the text of the statement: where they are parameters, a
    database cannot tell that the rows are those of a partial index, and reads the whole table."""
    written: list[ColumnElement[Any]] = [literal_column(f"'{value}'") for value in values]
    return column.in_(written) if len(written) > 1 else column == written[0]


class _Several(TypeDecorator[Collection[Any]]):
    """Several texts as one parameter, or several numbers."""

    impl = Text
    cache_ok = True

    def __init__(self, *, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        each = BigInteger() if self.numbers else Text()
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(each))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> object:
        several = list(value or ())
        return json.dumps(several) if dialect.name == "sqlite" else several


class Among(ColumnElement[bool]):
    """Whether a column is one of the texts or numbers of a parameter (`none`: is none of them): the
    statement is the same for any number of them."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str, *, none: bool = False) -> None:
        self.column = column
        self.none = none
        numbers = isinstance(column.type, Integer)
        self.several = bindparam(name, type_=_Several(numbers=numbers))


@compiles(Among)
def _among(element: Among, compiler: SQLCompiler, **how: object) -> str:
    column, several = (compiler.process(each, **how) for each in (element.column, element.several))
    is_in = "NOT IN" if element.none else "IN"
    return f"{column} {is_in} (SELECT value FROM json_each({several}))"  # noqa: S608 - all of it compiled


@compiles(Among, "postgresql")
def _among_array(element: Among, compiler: SQLCompiler, **how: object) -> str:
    column, several = (compiler.process(each, **how) for each in (element.column, element.several))
    return f"{column} <> ALL ({several})" if element.none else f"{column} = ANY ({several})"


UNORDERED = {"sqlite_with_rowid": False}
"""No hidden row number that would tell in which order stories came, and so whose they are."""
