"""The page of one indicator: its values by area and period, each with how sure it is."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.pages.site import EVERYONE, MODERATORS, Site, Visit, see_other
from bot.sensemaking.figures.figure_sentences import (
    certainty_sentence,
    period_words,
    source_sentence,
    value_sentence,
)
from bot.sensemaking.figures.import_pages import HERE
from bot.sensemaking.figures.scope import areas_of, own_municipality, sees
from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.figures import figures
from storage.figures.figures import KeptFigure

ROWS = 400
"""Values that are shown on a page."""


class IndicatorPages:
    """`/coordinator/figures/<id>`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get(f"{HERE}/{{id}}", guard(self._one, EVERYONE)),
            web.post(f"{HERE}/{{id}}/remove", guard(self._remove, MODERATORS)),
        ]

    async def _found(self, request: web.Request, visit: Visit) -> tuple[list[KeptFigure], bool]:
        """The values that this coordinator sees, and whether those are all there are."""
        wanted = request.match_info["id"]
        every = await self.site.database.read(lambda s: figures.of_indicator(s, wanted))
        areas, own = areas_of(self.site), await own_municipality(self.site, visit)
        mine = [each for each in every if sees(visit, own, areas, each.figure.area)]
        return mine, len(mine) == len(every)

    async def _one(self, request: web.Request, visit: Visit) -> web.Response:
        found, whole = await self._found(request, visit)
        if not found:
            return self.site.missing(visit)
        said, areas = visit.words, areas_of(self.site)
        indicator = found[0].figure.indicator
        return self.site.page(
            visit,
            "indicator.html",
            id=found[0].indicator_id,
            indicator=indicator,
            source=source_sentence(said, indicator),
            many=len(found),
            rows=[
                (each.figure.area, areas.name(each.figure.area),
                 period_words(said, each.figure.period), value_sentence(said, each.figure),
                 certainty_sentence(said, each.figure))
                for each in found[:ROWS]
            ],
            removable=whole and visit.who.role in MODERATORS,
        )  # fmt: skip

    async def _remove(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        found, whole = await self._found(request, visit)
        if not found or not whole:
            return self.site.missing(visit)
        id_, title = found[0].indicator_id, found[0].figure.indicator.title
        if (await request.post()).get("sure") != "yes":
            return self.site.page(visit, "indicator_ask.html", id=id_, title=title, many=len(found))
        now = self.site.clock.now()

        def remove(connection: Transaction) -> None:
            many = figures.remove(connection, id_)
            audit.note(connection, visit.who, "figures_removed", now, detail=str(many))

        await self.site.database.write(remove)
        return see_other(HERE)
