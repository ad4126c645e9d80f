"""Unsubscribing from letters, with one click: `/u/<token>`, out of the oldest letter too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.channels.web import pages
from bot.channels.web.page_files import TEMPLATES, page_files
from bot.clock import Clock
from bot.meetings.prompts import answers
from bot.meetings.prompts.letters import NO_LETTERS
from bot.services import Services
from bot.templating import templates_in
from bot.validation.signed_ids import read_id
from storage.engine.database import Database
from storage.engine.transaction import Reads, Snapshot, Transaction
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
        """Also what a mail program posts by itself (RFC 8058). Who is gone gets no letters either;
        of a link that is not known nothing is said to have ended."""
        token, now = request.match_info["token"], self.clock.now()

        def stop(connection: Transaction) -> None:
            person_id = self._whose(connection, token, now)
            if person_id is not None:
                answers.switch_off(connection, person_id)

        response = await self._page(request, "mail_stopped", "")
        await self.database.write(stop)
        return response

    def _whose(self, reads: Reads, token: str, now: datetime) -> str | None:
        """The id of the person to whom a letter went. Those of before had a token that was
        forgotten after some months."""
        signed = read_id(self.services.vault, NO_LETTERS, token)
        link = None if signed else links.find(reads, token, now)
        return link.person_id if link else signed

    async def _page(self, request: web.Request, text: str, button: str) -> web.Response:
        token, now = request.match_info["token"], self.clock.now()

        def look(session: Snapshot) -> tuple[bool, str]:
            person_id = self._whose(session, token, now)
            person = people.by_id(session, person_id) if person_id else None
            return bool(person_id), person.language if person else "nl"

        known, spoken = await self.database.read(look)
        if not known:
            text, button = "link_unknown", ""
        label = self.services.shelf.library.phrases(spoken).sentences
        page = self._templates.get_template("stop.html").render(
            label=label,
            language=spoken,
            dir=pages.direction(spoken),
            text=label[text],
            button=label[button] if button else "",
        )
        return web.Response(text=page, content_type="text/html", status=200 if known else 404)
