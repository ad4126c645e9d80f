"""What every test would do again, done once in a process: the tables of an empty SQLite database,
and the code of the templates of pages; and done nearby: calls of a Bot API in the same process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, inspect

from bot import templating
from bot.channels.telegram import client
from storage import migrations
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
def _tables() -> tuple[str, ...]:
    """What makes an empty SQLite database one of today: all migrations ran for it."""
    engine = create_engine("sqlite://")
    _upgrade(engine)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return tuple(raw.iterdump())[1:-1]  # without the transaction


def upgrade(
    engine: Engine, to: str = "", *, before: Callable[[str], None] = lambda _version: None
) -> None:
    """The migrations, or what they come to where there is nothing yet."""
    empty = engine.dialect.name == "sqlite" and not to and not inspect(engine).get_table_names()
    if not empty:
        _upgrade(engine, to, before=before)
        return
    with engine.begin() as connection:
        for statement in _tables():
            connection.exec_driver_sql(statement)


def do_once() -> None:
    """From here on, in this process."""
    migrations.upgrade = upgrade
    setattr(client, "Request", NearRequest)  # noqa: B010 - for mypy
    templating.Environment = _environment  # type: ignore[assignment,attr-defined]
