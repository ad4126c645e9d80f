"""Health checks: whether the process lives and is ready."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.channels.mail import Mail, MailTrouble
from bot.channels.whatsapp.cloud_api import WhatsApp
from bot.channels.whatsapp.standstill import WhatsAppTrouble
from bot.clock import Clock
from storage import meta
from storage.engine.database import Database
from storage.engine.errors import Unavailable
from storage.engine.transaction import Transaction
from storage.lifecycle import backups

BEAT = "written"
"""The fact of when it was last tried whether the database can be written."""
EVERY = 5.0
"""Seconds for which is remembered whether it can."""


class Health:
    """`/health`: the process answers. `/ready`: the database can be written, as was tried a few
    seconds ago at most, and the process is not about to leave. Where backups are made it also tells
    how old the newest one is (null: there is none), and whether the copy of the erasure log that
    lies with them waits for its folder (`behind`). With `mail` it tells whether the mail server
    refuses us, with `whatsapp` whether a person must mend something before that takes messages.
    None of it makes a process less ready."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        leaving: asyncio.Event,
        behind: Callable[[], bool] | None = None,
        mail: Mail | None = None,
        whatsapp: WhatsApp | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self._mail = mail
        self._whatsapp = whatsapp
        self._leaving = leaving
        self._behind = behind
        self._looking = asyncio.Lock()
        self._looked = -EVERY
        self._found: dict[str, Any] | None = None

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/health", self._health), web.get("/ready", self._ready)])

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        found = await self._look()
        checks = {"database": found is not None, "serving": not self._leaving.is_set()}
        ok = all(checks.values())
        answer = {"ok": ok, "checks": checks, **(found or {})}
        if self._mail is not None:
            checks["mail"] = self._mail.trouble is None
            answer |= _told(self._mail.trouble)
        if self._whatsapp is not None:
            trouble = self._whatsapp.standstill.trouble
            checks["whatsapp"] = trouble is None
            answer |= _stopped(trouble)
        return web.json_response(answer, status=200 if ok else 503)

    async def _look(self) -> dict[str, Any] | None:
        """What the database tells; None when it cannot be written. Whoever asks often makes no more
        work than whoever asks now and then."""
        async with self._looking:
            if time.monotonic() - self._looked >= EVERY:
                try:
                    self._found = await self.database.write(self._beat)
                    if self._whatsapp is not None:
                        await self._whatsapp.standstill.look()
                    if self._behind is not None:
                        waits = await asyncio.to_thread(self._behind)
                        self._found["erasure_copy"] = "waits" if waits else "complete"
                except Unavailable:
                    self._found = None
                self._looked = time.monotonic()
            return self._found

    def _beat(self, connection: Transaction) -> dict[str, Any]:
        now = self.clock.now()
        meta.put(connection, BEAT, now.isoformat())
        if self._behind is None:
            return {}
        age = backups.age(connection, now)
        return {"backup_age_seconds": None if age is None else round(age)}


def _stopped(trouble: WhatsAppTrouble | None) -> dict[str, Any]:
    """Why WhatsApp takes nothing: a code and the mend."""
    if trouble is None:
        return {}
    said = {"code": trouble.code, "cause": trouble.cause, "mend": trouble.mend}
    return {"whatsapp_stopped": {**said, "since": trouble.since.isoformat()}}


def _told(trouble: MailTrouble | None) -> dict[str, Any]:
    """Why the mail server refuses us: codes and the mend, no word of the server."""
    if trouble is None:
        return {}
    refusal = trouble.refusal
    said = {"stage": refusal.stage, "said": str(refusal), "cause": refusal.cause}
    return {"mail_refused": {**said, "mend": trouble.mend, "since": trouble.since.isoformat()}}
