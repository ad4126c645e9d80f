"""The pages of coordinators: logging in with a one-time link, and an overview."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from bot.clock import Clock
from bot.scene import House
from storage import coordinators, stories, teams
from storage.coordinators import Coordinator
from storage.database import Database

COOKIE = "vertelbot_coordinator"
SESSION = timedelta(hours=12)


class CoordinatorPages:
    """Adds `/coordinator` to an application."""

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self.database = database
        self.house = house
        self.clock = clock
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def setup(self, app: web.Application) -> None:
        app.add_routes(
            [
                web.get("/coordinator", self._overview),
                web.get("/coordinator/login/{token}", self._confirm),
                web.post("/coordinator/login/{token}", self._login),
                web.post("/coordinator/logout", self._logout),
            ]
        )

    async def _confirm(self, request: web.Request) -> web.Response:
        """A button first: a mail program that looks at links must not use one up."""
        return self._page("login.html", action=request.path)

    async def _login(self, request: web.Request) -> web.Response:
        token, vault, now = request.match_info["token"], self.house.vault, self.clock.now()

        def login(connection: Connection) -> str | None:
            who = coordinators.use_link(connection, vault, token, now)
            if who is None:
                return None
            return coordinators.open_session(connection, vault, who, now, SESSION)

        session = await self.database.write(login)
        if session is None:
            return self._page("expired.html", status=403)
        response = web.HTTPSeeOther("/coordinator")
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=self.house.settings.public_url.startswith("https:"),
            path="/coordinator",
        )
        return response

    async def _logout(self, request: web.Request) -> web.Response:
        token, vault = request.cookies.get(COOKIE, ""), self.house.vault
        await self.database.write(lambda c: coordinators.end_session(c, vault, token))
        response = web.HTTPSeeOther("/coordinator")
        response.del_cookie(COOKIE, path="/coordinator")
        return response

    async def _overview(self, request: web.Request) -> web.Response:
        if await self._who(request) is None:
            return self._page("expired.html", status=403)
        counts = await self.database.read(stories.counts)
        known = await self.database.read(teams.all_teams)
        url = self.house.settings.public_url
        return self._page("overview.html", counts=counts, teams=known, url=url)

    async def _who(self, request: web.Request) -> Coordinator | None:
        token, vault, now = request.cookies.get(COOKIE, ""), self.house.vault, self.clock.now()
        return await self.database.read(
            lambda session: coordinators.in_session(session, vault, token, now)
        )

    def _page(self, name: str, status: int = 200, **facts: object) -> web.Response:
        phrases = self.house.shelf.library.phrases("nl")
        text = self._templates.get_template(name).render(label=phrases.sentences, **facts)
        return web.Response(text=text, content_type="text/html", status=status)
