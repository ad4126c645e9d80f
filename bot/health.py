"""Whether the process lives and is ready, for whoever watches it."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import text

from bot.clock import Clock
from storage.database import Database
from storage.writer import Unavailable


class Health:
    """`/health`: the process answers. `/ready`: the database does too."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/health", self._health), web.get("/ready", self._ready)])

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _ready(self, request: web.Request) -> web.Response:
        checks = {"database": await self._database()}
        ok = all(checks.values())
        return web.json_response({"ok": ok, "checks": checks}, status=200 if ok else 503)

    async def _database(self) -> bool:
        try:
            return await self.database.write(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
        except Unavailable:
            return False
