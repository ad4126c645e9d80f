"""Whether the process lives and is ready, for whoever watches it."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, text

from bot.clock import Clock
from storage import backups
from storage.database import Database
from storage.faults import Unavailable


class Health:
    """`/health`: the process answers. `/ready`: the database does too, and the process is not about
    to leave. With `backed_up` it also tells how old the newest backup is (null: there is none)."""

    def __init__(
        self, database: Database, clock: Clock, leaving: asyncio.Event, backed_up: bool = False
    ) -> None:
        self.database = database
        self.clock = clock
        self._leaving = leaving
        self._backed_up = backed_up

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/health", self._health), web.get("/ready", self._ready)])

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _ready(self, request: web.Request) -> web.Response:
        found = await self._look()
        checks = {"database": found is not None, "serving": not self._leaving.is_set()}
        ok = all(checks.values())
        answer = {"ok": ok, "checks": checks, **(found or {})}
        return web.json_response(answer, status=200 if ok else 503)

    async def _look(self) -> dict[str, Any] | None:
        """What the database tells; None when it cannot be written."""

        def look(connection: Connection) -> dict[str, Any]:
            connection.execute(text("SELECT 1"))
            if not self._backed_up:
                return {}
            age = backups.age(connection, self.clock.now())
            return {"backup_age_seconds": None if age is None else round(age)}

        try:
            return await self.database.write(look)
        except Unavailable:
            return None
