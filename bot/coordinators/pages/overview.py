"""The overview page: what waits, and how many stories there were, week by week."""

from __future__ import annotations

from aiohttp import web
from sqlmodel import Session

from bot.coordinators.digest.facts import WEEKS, publish_unread
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from storage.gate import publications
from storage.gate.rules import ALL
from storage.stories import reading
from storage.stories.permissions import NOBODY
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before


class OverviewPage:
    """`/coordinator`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator", self.site.guard(self._overview))]

    async def _overview(self, _request: web.Request, visit: Visit) -> web.Response:
        """Exact numbers over what this coordinator may read; of what nobody reads only what left
        through the gate."""
        now = self.site.clock.now()
        weeks = [weeks_before(week_of(now), back) for back in range(WEEKS)]
        quarter = quarter_before(quarter_of(weeks[1]))
        moderates = visit.who.role in MODERATORS
        await publish_unread(self.site.database, self.site.services, quarter)

        def read(session: Session) -> tuple[dict[str, int], dict[str, int], int | None]:
            unread = publications.figures(session, NOBODY, [quarter], ALL).get(("story", ""))
            waiting = reading.waiting(session, visit.who) if moderates else {}
            return reading.counted(session, visit.who), waiting, unread

        counted, waiting, unread = await self.site.database.read(read)
        shown = [(week, counted.get(week, 0)) for week in weeks]
        return self.site.page(
            visit,
            "overview.html",
            readable=sum(counted.values()),
            weeks=shown,
            most=max(count for _, count in shown),
            waiting=waiting,
            moderates=moderates,
            unread=unread,
            k=self.site.services.settings.privacy.small_number,
        )
