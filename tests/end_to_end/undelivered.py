"""Looks whether something still waits in the outbox, again and again, at next to no cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import text

from storage.engine.database import Database

OWED = "SELECT count(*) FROM outbox WHERE owed IS NOT NULL AND state = 'sent'"
"""How many changes messages still owe."""
_QUERY = (
    f"SELECT coalesce(sum(number), 0) + ({OWED}) FROM outboxcount "
    "WHERE state IN ('pending', 'sending')"
)


class Undelivered:
    """What a test asks at every look. A SQLite file is read past the threads of the database: some
    thousands of looks through them cost as much as all that is looked at."""

    def __init__(self, database: Database, file: sqlite3.Connection | None) -> None:
        self._database = database
        self._file = file

    async def any(self) -> bool:
        if self._file is not None:
            return bool(self._file.execute(_QUERY).fetchone()[0])
        return bool(await self._database.read(lambda s: s.execute(text(_QUERY)).scalar()))


@contextmanager
def undelivered(database: Database) -> Iterator[Undelivered]:
    if not database.sqlite:
        yield Undelivered(database, None)
        return
    with closing(sqlite3.connect(database.path, isolation_level=None)) as file:
        yield Undelivered(database, file)
