"""The weekly digest as a page: what to do, what was sent, and exactly what its reader may read."""

from __future__ import annotations

from aiohttp import web

from bot.coordinators.digest.digest_sender import WeeklyDigests
from bot.coordinators.digest.exact_numbers import exact_week
from bot.coordinators.digest.facts import OLDEST, SIDES
from bot.coordinators.digest.gaps import PROMISES
from bot.coordinators.digest.todo import Todo, todo
from bot.coordinators.filters import week_in
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from storage.coordinators import teams
from storage.engine.transaction import Snapshot
from storage.weeks import week_of, weeks_before


class DigestPage:
    """`/coordinator/digest`."""

    def __init__(self, site: Site, digests: WeeklyDigests) -> None:
        self.site = site
        self.digests = digests

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator/digest", self.site.guard(self._digest, MODERATORS))]

    async def _digest(self, request: web.Request, visit: Visit) -> web.Response:
        """A week that is over, the last one when none is asked for; the association may look at a
        team."""
        last = weeks_before(week_of(self.site.clock.now()), 1)
        oldest = weeks_before(last, OLDEST)
        week = max(oldest, min(week_in(request.query.get("week", "")) or last, last))
        known = {team.id: team for team in await self.site.database.read(teams.all_teams)}
        wanted = request.query.get("team", "")
        team = wanted if visit.who.role == "association" and wanted in known else visit.who.team
        told = await self.digests.told(visit.who, week, team, visit.who.language)
        now, services = self.site.clock.now(), self.site.services

        def waiting(session: Snapshot) -> Todo:
            return todo(session, services, visit.who, now)

        asked, who = ("exact", week, team), visit.who
        mine = await self.site.results.ask(who, asked, exact_week, who, week, team)
        waits = await self.site.database.read(waiting)
        return self.site.page(
            visit,
            "digest.html",
            told=told,
            digest=told.digest,
            picture=told.picture(),
            promises=PROMISES,
            sides=SIDES,
            mine=mine,
            todo=waits,
            teams=known if visit.who.role == "association" else {},
            earlier=weeks_before(week, 1) if week > oldest else "",
            later=weeks_before(week, -1) if week < last else "",
        )
