"""What every test would do again, done once in a process: the tables of an empty SQLite database,
the SQL of statements, the code of the templates of pages, the text of guides that a store keeps;
and done nearby: calls of a Bot API in the same process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

from bot import templating
from bot.channels.telegram import client
from conversations.guide.library import Library
from storage import migrations
from storage.engine import database
from tests.botapi.near import NearRequest

_upgrade = migrations.upgrade


_code: dict[str, CodeType] = {}
"""The code of templates, by what they are called and what they say."""


class CompiledOnce(BytecodeCache):
    """What the product has compiled elsewhere, if it has; and else what any test compiled."""

    def __init__(self, elsewhere: BytecodeCache | None) -> None:
        self._elsewhere = elsewhere

    def load_bytecode(self, bucket: Bucket) -> None:
        if self._elsewhere is not None:
            self._elsewhere.load_bytecode(bucket)
        if bucket.code is None:
            bucket.code = _code.get(f"{bucket.key} {bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        _code[f"{bucket.key} {bucket.checksum}"] = bucket.code


def _environment(*, bytecode_cache: BytecodeCache | None, **how: Any) -> Environment:
    return Environment(bytecode_cache=CompiledOnce(bytecode_cache), **how)  # noqa: S701 - as asked


@cache
def _tables() -> sqlite3.Connection:
    """An empty SQLite database of today, in memory: all migrations ran for it."""
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    _upgrade(create_engine("sqlite://", poolclass=StaticPool, creator=lambda: kept))
    return kept


def upgrade(
    engine: Engine, to: str = "", *, before: Callable[[str], None] = lambda _version: None
) -> None:
    """The migrations, or what they come to where there is nothing yet."""
    if engine.dialect.name == "sqlite" and not to:
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            if not raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                _tables().backup(raw)
                return
    _upgrade(engine, to, before=before)


_statements: LRUCache[Any, Any] = LRUCache(5000)


def _create_engine(url: Any, **how: Any) -> Engine:
    """Every SQLite file of a process is spoken to in the same dialect."""
    engine = create_engine(url, **how)
    if isinstance(engine.dialect, SQLiteDialect):
        engine._compiled_cache = _statements
    return engine


_write_out = Library.source


def _source(library: Library, guide_id: str) -> str:
    """Every new store keeps the guides of today, which are long."""
    fingerprint = library.fingerprint(guide_id)
    if fingerprint not in _sources:
        _sources[fingerprint] = _write_out(library, guide_id)
    return _sources[fingerprint]


_sources: dict[str, str] = {}
"""What guides are made of, by their fingerprint."""


def do_once() -> None:
    """From here on, in this process."""
    migrations.upgrade = upgrade
    setattr(Library, "source", _source)  # noqa: B010 - for mypy
    setattr(client, "Request", NearRequest)  # noqa: B010 - for mypy
    database.create_engine = _create_engine  # type: ignore[attr-defined]
    SQLiteDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    templating.Environment = _environment  # type: ignore[assignment,attr-defined]
