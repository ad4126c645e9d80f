"""Unsubscribing from letters, with one click: `/u/<token>`."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.channels.web import pages
from bot.channels.web.page_files import TEMPLATES, page_files
from bot.clock import Clock
from bot.meetings.prompts import answers
from bot.services import Services
from bot.templating import templates_in
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.meetings import links
from storage.people import people


class UnsubscribePage:
    """Adds the page to an application."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self._templates = templates_in(
            Path(__file__).parent / "templates", TEMPLATES, asset=page_files().url
        )

    def setup(self, app: web.Application) -> None:
        link = "/u/{token:[A-Za-z0-9_-]{1,128}}"
        app.add_routes([web.get(link, self._ask), web.post(link, self._stop)])

    async def _ask(self, request: web.Request) -> web.Response:
        """A button first: a mail program that looks at links must not end anything."""
        return await self._page(request, "mail_stop_ask", "mail_stop_ask.yes")

    async def _stop(self, request: web.Request) -> web.Response:
        """Also what a mail program posts by itself (RFC 8058). An unknown link gets the same
        answer."""
        token, now = request.match_info["token"], self.clock.now()

        def stop(connection: Transaction) -> None:
            link = links.find(connection, token, now)
            if link is not None:
                answers.switch_off(connection, link.person_id)

        response = await self._page(request, "mail_stopped", "")
        await self.database.write(stop)
        return response

    async def _page(self, request: web.Request, text: str, button: str) -> web.Response:
        token, now = request.match_info["token"], self.clock.now()

        def language(session: Snapshot) -> str:
            link = links.find(session, token, now)
            person = people.by_id(session, link.person_id) if link else None
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
