"""The pack as a file, made beside the chat."""

from __future__ import annotations

import base64

from aiohttp import web

from bot.coordinators.charts.renderer import CannotDraw, ChartRenderer
from bot.coordinators.pages.site import HEADERS, MODERATORS, Site, Visit
from bot.sensemaking.packs.pack_data import assemble, print_cards
from bot.sensemaking.sessions.session_pages import ONE, SessionPages
from storage.sensemaking.sessions import SenseSession


class PackPage:
    """`/coordinator/sessions/<id>/pack.pdf`."""

    def __init__(self, site: Site, studio: ChartRenderer, pages: SessionPages) -> None:
        self.site = site
        self.studio = studio
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        guard, led = self.site.guard, self._pages.led
        return [web.post(f"{ONE}/pack.pdf", guard(led(self._make), MODERATORS))]

    async def _make(
        self, _request: web.Request, visit: Visit, session: SenseSession
    ) -> web.StreamResponse:
        services, now = self.site.services, self.site.clock.now()

        may = await self.site.database.write(lambda c: print_cards(c, visit.who, session, now))
        pack = await self.site.database.read(
            lambda s: assemble(s, services, visit.who, session, visit.words, may, now)
        )
        await self.site.note(visit, "export", detail="pack")
        try:
            made = await self.studio.once(pack)
        except CannotDraw:
            return self.site.page(visit, "message.html", status=503, key="session.pack.problem")
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="pakket.pdf"'}
        return web.Response(
            body=base64.b64decode(made), content_type="application/pdf", headers=headers
        )
