"""Compiled statements: made from the tables once, then run on the driver of the connection, and
written behind where nobody waits. SQLAlchemy's own way to the driver costs more than SQLite
itself."""

from __future__ import annotations

import threading
from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import lru_cache
from importlib import import_module
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NoReturn, cast

from sqlalchemy import Connection, Delete, Dialect, Engine, Table, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from storage.engine.array_insert import Build, array_insert
from storage.engine.transaction import Snapshot
from storage.engine.types import Utc

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert

Convert = Callable[[Any], Any]
Row = tuple[Any, ...]
_named_tuple: Any = namedtuple


class _Here(threading.local):
    """The connection that this thread used last, and the driver's: it is a long way there. And what
    waits to be written, by connection: rows of values by statement."""

    connection: Connection | None = None
    driver: Any = None

    def __init__(self) -> None:
        self.waiting: dict[Connection, dict[_Compiled, list[Any]]] = {}


_here = _Here()


class CompiledStatement:
    """A statement with named parameters. `build` makes it, given the `insert` of the dialect (which
    knows `on_conflict_do_…`). `apart`: each row that it is about is about no other such statement
    in the same transaction, so they wait side by side."""

    def __init__(self, build: Build, *, apart: bool = False) -> None:
        self._build = build
        self._apart = apart
        self._compiled: dict[str, _Compiled] = {}

    def run(self, reads: Connection | Snapshot, /, **values: object) -> int:
        """Execute; how many rows were changed. Raises what SQLAlchemy would."""
        connection, compiled = self._on(reads)
        return int(_execute(connection, compiled, values).rowcount)

    def later(self, connection: Connection, /, **values: object) -> None:
        """As `run`, with others of its kind: at the commit, or before another statement on its
        table."""
        compiled = self._on(connection)[1]
        row = compiled.bind(values)
        rows = _here.waiting.get(connection, {}).get(compiled)
        if rows is None:
            _make_way(connection, compiled.tables, deletes=compiled.deletes, apart=compiled.apart)
            if not connection.in_transaction():
                connection.begin()
            rows = _here.waiting.setdefault(connection, {}).setdefault(compiled, [])
        rows.append(row)

    def one(self, reads: Connection | Snapshot, /, **values: object) -> Row | None:
        """The first row, if there is one."""
        connection, compiled = self._on(reads)
        row = _execute(connection, compiled, values).fetchone()
        return None if row is None else compiled.read(row)

    def all(self, reads: Connection | Snapshot, /, **values: object) -> list[Row]:
        """The rows."""
        connection, compiled = self._on(reads)
        found = _execute(connection, compiled, values).fetchall()
        return [compiled.read(row) for row in found]

    def named(self, reads: Connection | Snapshot, /, **values: object) -> Any:
        """The first row with its columns as attributes, or None."""
        row = self.one(reads, **values)
        return row if row is None else self._on(reads)[1].named(*row)

    def all_named(self, reads: Connection | Snapshot, /, **values: object) -> list[Any]:
        """The rows with their columns as attributes."""
        rows = self.all(reads, **values)
        return [self._on(reads)[1].named(*row) for row in rows]

    def _on(self, reads: Connection | Snapshot) -> tuple[Connection, _Compiled]:
        connection = connection_of(reads)
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = _Compiled(self._build, dialect, apart=self._apart)
            self._compiled[dialect.name] = compiled
        return connection, compiled


def connection_of(reads: Connection | Snapshot) -> Connection:
    """That in which is written or read."""
    return reads.transaction if isinstance(reads, Snapshot) else reads


def _execute(connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> Any:
    _make_way(connection, compiled.tables, deletes=compiled.deletes)
    return _on_driver(connection, compiled.sql, compiled.bind(values))


def execute(
    connection: Connection, sql: str, parameters: Any = (), *, tables: Collection[str] | None = None
) -> Any:
    """Run a text on the driver, within the transaction of the connection; the driver's cursor.
    `tables` are those that it reads or changes; without them it may be any."""
    _make_way(connection, tables)
    return _on_driver(connection, sql, parameters)


def _on_driver(connection: Connection, sql: str, parameters: Any) -> Any:
    if not connection.in_transaction():
        connection.begin()
    try:
        return _driver(connection).execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as(connection, sql, error)


def flush(connection: Connection) -> None:
    """Write what was left for later. Raises what SQLAlchemy would."""
    waiting = _here.waiting.pop(connection, {})
    with _one_journey(connection) if len(waiting) > 1 else nullcontext():
        for compiled, rows in waiting.items():
            _write(connection, compiled, rows)


@contextmanager
def _one_journey(connection: Connection) -> Iterator[None]:
    """What is written inside goes to PostgreSQL together, and is answered together."""
    driver = _driver(connection)
    if connection.dialect.name == "sqlite":
        yield
        return
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as(connection, "", error)


def _make_way(
    connection: Connection,
    tables: Collection[str] | None,
    *,
    deletes: bool = False,
    apart: bool = False,
) -> None:
    """Write first what waits for the tables of a statement. Deleting reaches others too, by their
    foreign keys; of a text nobody knows."""
    waiting = _here.waiting.get(connection)
    if waiting:
        for compiled in list(waiting):
            reached = tables is None or compiled.table in tables
            reached = reached or (deletes and not compiled.holders.isdisjoint(tables or ()))
            if reached and not (apart and compiled.apart):
                _write(connection, compiled, waiting.pop(compiled))


def tables_of(statement: ClauseElement) -> frozenset[str]:
    """The tables that a statement reads or changes, in subqueries and CTEs too."""
    return frozenset(each.name for each in iterate(statement) if isinstance(each, Table))


def holders(table: Table) -> set[str]:
    """The tables with whose rows those of this one go or change, by their foreign keys."""
    names = {key.target_fullname.partition(".")[0] for key in table.foreign_keys} - {table.name}
    known = (table.metadata.tables.get(name) for name in names)
    return names.union(*(holders(each) for each in known if each is not None))


def _write(connection: Connection, compiled: _Compiled, rows: list[Any]) -> None:
    try:
        _driver(connection).cursor().executemany(*compiled.together(rows))
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as(connection, compiled.sql, error)


def discard(connection: Connection) -> None:
    """Forget what was left for later."""
    _here.waiting.pop(connection, None)


def _driver(connection: Connection) -> Any:
    if _here.connection is not connection:
        _here.connection, _here.driver = connection, connection.connection.driver_connection
    return _here.driver


@contextmanager
def savepoint(connection: Connection, name: str = "turn") -> Iterator[None]:
    """What is written inside is undone when an exception leaves it."""
    flush(connection)
    execute(connection, f"SAVEPOINT {name}")
    try:
        yield
        flush(connection)
    except Exception:
        discard(connection)
        with suppress(SQLAlchemyError):  # the whole transaction may be lost
            execute(connection, f"ROLLBACK TO SAVEPOINT {name}")
        raise
    execute(connection, f"RELEASE SAVEPOINT {name}")


def insert_of(dialect: Dialect) -> Callable[[Table], Insert]:
    """The insert of a dialect, which knows `on_conflict_do_…`. Only the one in use is read."""
    module = import_module(f"sqlalchemy.dialects.{dialect.name}")
    insert: Callable[[Table], Insert] = module.insert
    return insert


def listen(engine: Engine) -> None:
    """Whatever else is executed on this engine finds what was left for later."""
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "commit", flush)
    event.listen(engine, "rollback", discard)


def _before(
    connection: Connection, _cursor: object, _sql: str, _: object, context: Any, *__: object
) -> None:
    if connection in _here.waiting:
        statement = getattr(context.compiled, "statement", None)
        tables = None if statement is None else tables_of(statement)
        _make_way(connection, tables or None, deletes=isinstance(statement, Delete))


class _Compiled:
    """The text of a statement in one dialect, and how its values go in and come out."""

    def __init__(self, build: Build, dialect: Dialect, *, apart: bool) -> None:
        statement: ClauseElement = build(insert_of(dialect))
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        table = getattr(statement, "table", None)
        self.table = "" if table is None else str(table)
        self.tables = tables_of(statement)
        self.holders = holders(table) if isinstance(table, Table) else set()
        self.deletes = isinstance(statement, Delete)
        self.apart = apart
        self._positional = bool(compiled.positional)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._names = list(compiled.positiontup or types)
        self._pick = _picking(self._names)
        self._many = array_insert(build, dialect)
        into = [_to_driver(types[name], dialect) for name in self._names]
        self._in = [(place, convert) for place, convert in enumerate(into) if convert is not None]
        columns = getattr(statement, "exported_columns", ())
        self.named = _named_tuple("Row", [column.name for column in columns])
        readers = [_from_driver(column.type, dialect) for column in columns]
        self._out = [(place, read) for place, read in enumerate(readers) if read is not None]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them. Raises KeyError when one is missing."""
        if self._fixed:
            values = {**self._fixed, **values}
        given = list(self._pick(values))
        for place, convert in self._in:
            given[place] = convert(given[place])
        return given if self._positional else dict(zip(self._names, given, strict=True))

    def together(self, rows: list[Any]) -> tuple[str, list[Any]]:
        """A text, and with which parameters it is executed to write these rows in their order."""
        if self._many is None or len(rows) == 1:
            return self.sql, rows
        return self._many.sql, list(self._many.parameters(rows))

    def read(self, row: Row) -> Row:
        if not self._out:
            return row
        values = list(row)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return tuple(values)


def _picking(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Takes these values out of a mapping. Raises KeyError when one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None or not isinstance(kind, Utc):
        return convert
    return lru_cache(64)(convert)  # the turns of a batch share their moment


def _from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def raise_as(connection: Connection, sql: str, error: Any) -> NoReturn:
    """The driver's error as SQLAlchemy would give it; a connection that was lost is given up."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if lost:
        _here.connection = None
        connection.invalidate(error)
    raise DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    ) from error
