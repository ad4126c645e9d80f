"""Addresses that get no mail any more, for the association: which they are, and freeing one. Every
look is in the log."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.pages.site import Site, Visit
from storage.coordinators import audit
from storage.coordinators.coordinators import Role
from storage.engine.transaction import Transaction
from storage.people import blocked_addresses

ASSOCIATION: tuple[Role, ...] = ("association",)


class BlockedPages:
    """`/coordinator/blocked`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard = self.site.guard
        return [
            web.get("/coordinator/blocked", guard(self._list, ASSOCIATION)),
            web.post("/coordinator/blocked/{id}/free", guard(self._free, ASSOCIATION)),
        ]

    async def _list(
        self, _request: web.Request, visit: Visit, *, freed: bool = False
    ) -> web.Response:
        found = await self.site.database.read(blocked_addresses.listed)
        await self.site.note(visit, "blocked_seen", detail=str(len(found)))
        return self.site.page(visit, "blocked.html", found=found, freed=freed)

    async def _free(self, request: web.Request, visit: Visit) -> web.Response:
        now = self.site.clock.now()

        def free(connection: Transaction) -> bool:
            done = blocked_addresses.free(connection, request.match_info["id"])
            if done:
                audit.note(connection, visit.who, "freed", now)
            return done

        if not await self.site.database.write(free):
            return self.site.missing(visit)
        return await self._list(request, visit, freed=True)
