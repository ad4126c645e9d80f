"""Selections that are kept under a name, and opened by whoever has their link."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from bot.coordinators.filters import address, filters_from, filters_in, pairs
from bot.coordinators.pages.site import Site, Visit, see_other
from storage.coordinators import selections

LONGEST = 60
"""Letters of a name."""


class SelectionPages:
    """`/coordinator/selections` and `/coordinator/selection/<id>`. A link opens only filters: what
    they let through depends on who looks."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        one = "/coordinator/selection/{id:[0-9a-f]{32}}"
        return [
            web.post("/coordinator/selections", self.site.guard(self._keep)),
            web.get(one, self.site.guard(self._open)),
            web.post(f"{one}/remove", self.site.guard(self._remove)),
        ]

    async def _keep(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        filters = filters_from(form.get("query", ""))
        name = " ".join(form.get("name", "").split())[:LONGEST]
        query = urlencode(pairs(filters))
        if not name or not query:
            return self.site.page(visit, "message.html", status=400, key="selection.problem")
        made = await self.site.database.write(
            lambda c: selections.keep(c, visit.who.id, name, query)
        )
        if made is None:
            return self.site.page(visit, "message.html", status=400, key="selection.many")
        return see_other(address("/coordinator/stories", filters, told="kept"))

    async def _open(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        wanted = request.match_info["id"]
        found = await self.site.database.read(lambda s: selections.by_id(s, wanted))
        if found is None:
            return self.site.missing(visit)
        return see_other(address("/coordinator/stories", filters_from(found.query)))

    async def _remove(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        wanted = request.match_info["id"]
        gone = await self.site.database.write(lambda c: selections.remove(c, visit.who.id, wanted))
        if not gone:
            return self.site.missing(visit)
        filters = filters_in(request.query)
        return see_other(address("/coordinator/stories", filters, told="removed"))
