"""Automatic backups: one a day, by one process, and only so many of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from storage import meta
from storage.engine.transaction import Reads, Transaction

MADE = "backup_made"
BUSY = "backup_busy"
"""The facts of when the last one was made, and until when nobody else makes one."""

LEASE = timedelta(hours=2)
"""The longest that one takes; after this its process is thought lost."""
AGAIN = timedelta(minutes=10)
"""The pause after one that failed."""

_NAME = re.compile(r"vertelbot-\d{4}-\d\d-\d\d-\d{6}\.vb")
_BEFORE_UPGRADE = "vertelbot.version-*.vb"
_UNFINISHED = ".vertelbot-*.vb.*.new"


def name(now: datetime) -> str:
    """The file name of a backup of this moment. In order of name is in order of time."""
    return f"vertelbot-{now.astimezone(UTC):%Y-%m-%d-%H%M%S}.vb"


def last(reads: Reads) -> datetime | None:
    """When the last backup was made."""
    return meta.moment(meta.get(reads, MADE))


def age(reads: Reads, now: datetime) -> float | None:
    """Seconds since the last backup; None when there is none."""
    made = last(reads)
    return max(0.0, (now - made).total_seconds()) if made is not None else None


def claim(connection: Transaction, since: datetime, now: datetime) -> bool:
    """Whether this process is to make a backup now: none was made since that moment, and no other
    process is making one. A moment that a clock in the future left behind counts for nothing."""
    meta.offer(connection, BUSY, "")
    query = select(meta.META.c.value).where(meta.META.c.key == BUSY).with_for_update()
    busy = meta.moment(connection.execute(query).scalar())
    if busy is not None and now < busy <= now + LEASE:
        return False
    made = last(connection)
    if made is not None and since <= made <= now:
        return False
    meta.put(connection, BUSY, (now + LEASE).isoformat())
    return True


def record_success(connection: Transaction, now: datetime) -> None:
    """The backup that was claimed is there."""
    meta.put(connection, MADE, now.isoformat())
    meta.put(connection, BUSY, "")


def left(connection: Transaction) -> None:
    """Whoever claimed the backup ends before it is there: the next process makes it."""
    meta.put(connection, BUSY, "")


def record_failure(connection: Transaction, now: datetime) -> None:
    """The backup that was claimed could not be made: some process tries again later."""
    meta.put(connection, BUSY, (now + AGAIN).isoformat())


def prune(folder: Path, keep: int, newest: Path) -> list[Path]:
    """Remove the oldest backups beyond so many, what was written before an upgrade longer ago than
    so many days, and what a killed process left half done; which. The newest always stays."""
    ours = sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name))
    gone = [each for each in ours[: max(0, len(ours) - keep)] if each != newest]
    for pattern, kept in ((_BEFORE_UPGRADE, timedelta(days=keep)), (_UNFINISHED, LEASE)):
        old = newest.stat().st_mtime - kept.total_seconds()
        gone += [each for each in folder.glob(pattern) if each.stat().st_mtime < old]
    for each in gone:
        each.unlink(missing_ok=True)
    return gone
