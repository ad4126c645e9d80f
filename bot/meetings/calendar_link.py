"""Our own calendar for other calendars to subscribe to: `/calendar/<token>.ics`, all meetings."""

from __future__ import annotations

import hmac

from aiohttp import web
from sqlalchemy import Connection
from sqlmodel import Session

from bot.clock import Clock
from bot.meetings import agenda
from bot.meetings.calendar.ics_writer import write_calendar
from bot.services import Services
from storage import meta
from storage.engine.database import Database
from storage.vault.vault import new_token

CALENDAR = "calendar_token"
"""The fact under which the hash of the token of our own calendar is kept."""


def new_calendar_link(connection: Connection, services: Services) -> str:
    """A link to our own calendar; the one before it ends."""
    token = new_token()
    meta.put(connection, CALENDAR, services.vault.token_hash(token))
    return f"{services.settings.public_url}/calendar/{token}.ics"


class CalendarLink:
    """Adds the calendar to an application."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self.database = database
        self.services = services
        self.clock = clock

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/calendar/{token:[A-Za-z0-9_-]{1,128}}.ics", self._calendar)])

    async def _calendar(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self.clock.now()

        def calendar(session: Session) -> bytes | None:
            known = meta.get(session, CALENDAR) or ""
            if not hmac.compare_digest(known, self.services.vault.token_hash(token)):
                return None
            listed = agenda.listed(session, self.services)
            return write_calendar((each.meeting for each in listed), "Vertelbot", now)

        body = await self.database.read(calendar)
        if body is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")
