"""Our own calendar for other calendars to subscribe to: `/calendar/<token>.ics`, all meetings."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from aiohttp import web

from bot.clock import Clock
from bot.meetings import agenda
from bot.meetings.calendar.ics_writer import write_calendar, write_date
from bot.meetings.model.codes import parse_code
from bot.meetings.model.labels import facts_of
from bot.meetings.model.rows import from_row
from bot.services import Services
from conversations.guide.library import DUTCH
from conversations.guide.model import fill_slots
from storage import meta
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.meetings import meetings
from storage.vault.vault import new_token

CALENDAR = "calendar_token"
"""The fact under which the hash of the token of our own calendar is kept."""


def new_calendar_link(connection: Transaction, services: Services) -> str:
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
        app.add_routes(
            [
                web.get("/calendar/{token:[A-Za-z0-9_-]{1,128}}.ics", self._calendar),
                web.get(r"/agenda/{code:[A-Z0-9-]{5,12}}/{at:\d{8}T\d{4}Z}.ics", self._date),
            ]
        )

    async def _calendar(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self.clock.now()

        def calendar(session: Snapshot) -> bytes | None:
            known = meta.get(session, CALENDAR) or ""
            if not hmac.compare_digest(known, self.services.vault.token_hash(token)):
                return None
            listed = agenda.listed(session)
            return write_calendar((each.meeting for each in listed), "Vertelbot", now)

        body = await self.database.read(calendar)
        if body is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")

    async def _date(self, request: web.Request) -> web.Response:
        """One date: when the question about a meeting comes, with the way back to the page."""
        code = parse_code(request.match_info["code"])
        try:
            at = datetime.strptime(request.match_info["at"], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
        except ValueError:
            raise web.HTTPNotFound from None
        if code is None:
            raise web.HTTPNotFound
        row = await self.database.read(lambda s: meetings.by_code(s, code))
        if row is None:
            raise web.HTTPNotFound
        spoken = request.query.get("taal", DUTCH)
        phrases, now = self.services.shelf.library.phrases(spoken), self.clock.now()
        title = fill_slots(phrases.get("mail_prompt_subject"), facts_of(from_row(row), phrases))
        link = f"{self.services.settings.public_url}/m/{code}"
        body = write_date(f"{row.uid}-{at:%Y%m%dT%H%MZ}", title, link, at, now)
        return web.Response(
            body=body,
            content_type="text/calendar",
            charset="utf-8",
            headers={"Content-Disposition": 'attachment; filename="vertelbot.ics"'},
        )
