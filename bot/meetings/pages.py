"""`/u/<token>`: no more letters, with one click in the mail program or on this page."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection
from sqlmodel import Session

from bot.channels import web_pages
from bot.clock import Clock
from bot.house import House
from bot.meetings import answering
from storage import links, people
from storage.database import Database


class MeetingPages:
    """Adds the page to an application."""

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self.database = database
        self.house = house
        self.clock = clock
        folders = [
            Path(__file__).parent / "templates",
            Path(web_pages.__file__).parent / "web_pages",
        ]
        self._templates = Environment(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def setup(self, app: web.Application) -> None:
        path = "/u/{token:[A-Za-z0-9_-]{1,128}}"
        app.add_routes([web.get(path, self._ask), web.post(path, self._stop)])

    async def _ask(self, request: web.Request) -> web.Response:
        """A button first: a mail program that looks at links must not end anything."""
        return await self._page(request, "mail_stop_ask", "mail_stop_ask.yes")

    async def _stop(self, request: web.Request) -> web.Response:
        """Also what a mail program posts by itself (RFC 8058). An unknown link gets the same
        answer."""
        token, vault, now = request.match_info["token"], self.house.vault, self.clock.now()

        def stop(connection: Connection) -> None:
            link = links.find(connection, vault, token, now)
            if link is not None:
                answering.switch_off(connection, self.house, link.person_id)

        response = await self._page(request, "mail_stopped", "")
        await self.database.write(stop)
        return response

    async def _page(self, request: web.Request, text: str, button: str) -> web.Response:
        token, vault, now = request.match_info["token"], self.house.vault, self.clock.now()

        def language(session: Session) -> str:
            link = links.find(session, vault, token, now)
            person = people.by_id(session, vault, link.person_id) if link else None
            return person.language if person else "nl"

        spoken = await self.database.read(language)
        label = self.house.shelf.library.phrases(spoken).sentences
        page = self._templates.get_template("stop.html").render(
            label=label,
            language=spoken,
            dir=web_pages.direction(spoken),
            text=label[text],
            button=label[button] if button else "",
        )
        return web.Response(text=page, content_type="text/html")
