"""Which of several processes on one PostgreSQL does what only one may do at a time."""

from __future__ import annotations

import asyncio
import time
import zlib

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.database import Database

FRESH_SECONDS = 1.0
"""How long an answer holds before the server is asked again."""


class Leader:
    """Holds a lock of the server on a connection of its own; with the connection it is lost, and
    another process takes over. On SQLite the process that runs leads."""

    def __init__(self, database: Database, name: str) -> None:
        self._sqlite = database.sqlite
        self._engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._number = zlib.crc32(f"vertelbot {name}".encode())
        self._held: Connection | None = None
        self._asked_at = -FRESH_SECONDS

    async def leads(self) -> bool:
        """Whether this process leads now."""
        if self._sqlite:
            return True
        if time.monotonic() - self._asked_at >= FRESH_SECONDS:
            await asyncio.to_thread(self._ask)
            self._asked_at = time.monotonic()
        return self._held is not None

    async def close(self) -> None:
        """Let someone else lead."""
        if self._held is not None:
            await asyncio.to_thread(self._let_go)

    def _ask(self) -> None:
        try:
            if self._held is not None:
                self._held.execute(text("SELECT 1"))
                return
            connection = self._engine.connect()
            lock = text("SELECT pg_try_advisory_lock(:number)")
            if connection.execute(lock, {"number": self._number}).scalar():
                self._held = connection
            else:
                connection.close()
        except DBAPIError:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()
