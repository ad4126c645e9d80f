"""Single facts, by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.tables import Meta

META = core(Meta)


def get(reads: Reads, key: str) -> str | None:
    return reads.execute(select(META.c.value).where(META.c.key == key)).scalar()


def put(connection: Transaction, key: str, value: str) -> None:
    upsert(connection, META, {"key": key, "value": value}, ["key"])


def offer(connection: Transaction, key: str, value: str) -> str:
    """Set a fact unless it is there; what holds afterwards."""
    upsert(connection, META, {"key": key, "value": value}, ["key"], change=())
    return get(connection, key) or value


def hold(connection: Transaction, key: str) -> None:
    """Let no other transaction hold this name until this one is over: what is counted now is still
    so when it is written. On SQLite there is one writer."""
    if connection.dialect.name == "postgresql":
        offer(connection, key, "")
        connection.execute(select(META.c.value).where(META.c.key == key).with_for_update())


def moment(value: str | None) -> datetime | None:
    """The moment in a fact that is one; None when there is none."""
    return datetime.fromisoformat(value) if value else None
