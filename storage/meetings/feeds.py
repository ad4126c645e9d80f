"""Subscribed calendars: where they are, and when they are read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import convert
from sqlalchemy import delete, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault, new_id

FEED = core(tables.Feed)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar. `etag` and `modified` are what its server said last, `problems` what was wrong
    the last time, `notes` what was passed over, `failures` how often in a row it could not be read.
    `doubted`: the last time most of it was gone, and that was not believed."""

    id: str
    url: str
    due_at: datetime
    etag: str = ""
    modified: str = ""
    problems: tuple[str, ...] = ()
    failures: int = 0
    doubted: bool = False
    notes: tuple[str, ...] = ()


def add(connection: Transaction, url: str, now: datetime) -> Feed:
    """Subscribe; the one that is there already when the address is known."""
    known = next((feed for feed in listed(connection) if feed.url == url), None)
    if known is not None:
        return known
    made = Feed(new_id(), url, now)
    connection.execute(insert(FEED).values(**_values(connection.vault, made)))
    return made


def save(connection: Transaction, feed: Feed) -> None:
    values = _values(connection.vault, feed)
    connection.execute(update(FEED).where(FEED.c.id == feed.id).values(**values))


def remove(connection: Transaction, feed_id: str) -> bool:
    """End a subscription; its meetings stay. Whether there was one."""
    return connection.execute(delete(FEED).where(FEED.c.id == feed_id)).rowcount > 0


def listed(
    reads: Reads,
) -> list[Feed]:
    return _feeds(reads.vault, reads.execute(select(FEED).order_by(FEED.c.id)).all())


def take_due(connection: Transaction, now: datetime, until: datetime) -> list[Feed]:
    """What is to be read now; until that later moment nobody else takes it."""
    query = select(FEED).where(FEED.c.due_at <= now).with_for_update(skip_locked=True)
    found = _feeds(connection.vault, connection.execute(query).all())
    ids = [feed.id for feed in found]
    if ids:
        connection.execute(update(FEED).where(FEED.c.id.in_(ids)).values(due_at=until))
    return found


def _feeds(vault: Vault, rows: Sequence[Any]) -> list[Feed]:
    found = []
    for row in rows:
        data = vault.open_json(f"feed:{row.id}", row.sealed)
        columns = {"id": row.id, "due_at": row.due_at, "failures": row.failures}
        found.append(convert({**data, **columns}, Feed))
    return found


def _values(vault: Vault, feed: Feed) -> dict[str, Any]:
    data: dict[str, Any] = {
        "url": feed.url,
        "etag": feed.etag,
        "modified": feed.modified,
        "problems": list(feed.problems),
        "doubted": feed.doubted,
    }
    if feed.notes:
        data["notes"] = list(feed.notes)
    return {
        "id": feed.id,
        "sealed": vault.seal_json(f"feed:{feed.id}", data),
        "due_at": feed.due_at,
        "failures": feed.failures,
    }
