"""Public pages of meetings: `/u/<token>` (unsubscribe, with one click) and `/calendar/<token>.ics`
(all meetings, for other calendars to subscribe to)."""

from __future__ import annotations

import hmac
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection
from sqlmodel import Session

from bot.channels.web import pages
from bot.clock import Clock
from bot.meetings import agenda
from bot.meetings.calendar.ics_writer import write_calendar
from bot.meetings.prompts import answers
from bot.services import Services
from bot.templating import templates_in
from storage import meta
from storage.engine.database import Database
from storage.meetings import links
from storage.people import people
from storage.vault.vault import new_token

CALENDAR = "calendar_token"
"""The fact under which the hash of the token of our own calendar is kept."""


def new_calendar_link(connection: Connection, services: Services) -> str:
    """A link to our own calendar; the one before it ends."""
    token = new_token()
    meta.put(connection, CALENDAR, services.vault.token_hash(token))
    return f"{services.settings.public_url}/calendar/{token}.ics"


class PublicMeetingPages:
    """Adds the page to an application."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self._templates = templates_in(
            Path(__file__).parent / "templates", Path(pages.__file__).parent / "templates"
        )

    def setup(self, app: web.Application) -> None:
        link = "{token:[A-Za-z0-9_-]{1,128}}"
        app.add_routes(
            [
                web.get(f"/u/{link}", self._ask),
                web.post(f"/u/{link}", self._stop),
                web.get(f"/calendar/{link}.ics", self._calendar),
            ]
        )

    async def _ask(self, request: web.Request) -> web.Response:
        """A button first: a mail program that looks at links must not end anything."""
        return await self._page(request, "mail_stop_ask", "mail_stop_ask.yes")

    async def _stop(self, request: web.Request) -> web.Response:
        """Also what a mail program posts by itself (RFC 8058). An unknown link gets the same
        answer."""
        token, vault, now = request.match_info["token"], self.services.vault, self.clock.now()

        def stop(connection: Connection) -> None:
            link = links.find(connection, vault, token, now)
            if link is not None:
                answers.switch_off(connection, self.services, link.person_id)

        response = await self._page(request, "mail_stopped", "")
        await self.database.write(stop)
        return response

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

    async def _page(self, request: web.Request, text: str, button: str) -> web.Response:
        token, vault, now = request.match_info["token"], self.services.vault, self.clock.now()

        def language(session: Session) -> str:
            link = links.find(session, vault, token, now)
            person = people.by_id(session, vault, link.person_id) if link else None
            return person.language if person else "nl"

        spoken = await self.database.read(language)
        label = self.services.shelf.library.phrases(spoken).sentences
        page = self._templates.get_template("stop.html").render(
            label=label,
            language=spoken,
            dir=pages.direction(spoken),
            text=label[text],
            button=label[button] if button else "",
        )
        return web.Response(text=page, content_type="text/html")
