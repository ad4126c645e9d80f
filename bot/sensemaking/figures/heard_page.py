"""The page that says when a team has told enough, and who was not heard."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.pages.site import EVERYONE, Site, Visit
from bot.sensemaking.figures.heard_share import (
    heard_by_team,
    heard_sentences,
    population_sentences,
)
from bot.sensemaking.figures.import_pages import HERE
from bot.sensemaking.figures.scope import areas_of

PAGE = f"{HERE}/enough"


class HeardPage:
    """`/coordinator/figures/enough`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PAGE, self.site.guard(self._show, EVERYONE))]

    async def _show(self, _request: web.Request, visit: Visit) -> web.Response:
        said, areas = visit.words, areas_of(self.site)
        now = self.site.clock.now()
        found = await self.site.helper.ask(heard_by_team, areas, visit.who, now)
        return self.site.page(
            visit,
            "enough.html",
            found=[
                (
                    each,
                    heard_sentences(said, each.share),
                    population_sentences(said, each.population),
                )
                for each in found
            ],
        )
