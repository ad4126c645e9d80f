"""The overview page: what is to be done, the own team, and what all may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.coordinators.digest.facts import WEEKS, publish_unread
from bot.coordinators.digest.todo import Todo, todo
from bot.coordinators.pages.rooms import Section
from bot.coordinators.pages.site import MODERATORS, Site, Visit
from storage.coordinators import teams
from storage.engine.transaction import Snapshot
from storage.gate import publications
from storage.gate.rules import ALL
from storage.stories import reading
from storage.stories.permissions import NOBODY
from storage.weeks import quarter_before, quarter_of, week_of, weeks_before


@dataclass(frozen=True, slots=True)
class Overview:
    """Exact numbers over what a coordinator may read, by week: of all, and of the own team (None:
    the association). `unread`: what left of what nobody reads."""

    readable: dict[str, int]
    own: dict[str, int] | None
    todo: Todo | None
    unread: int | None


class OverviewPage:
    """`/coordinator`."""

    def __init__(self, site: Site, sections: Sequence[Section] = ()) -> None:
        self.site = site
        self._sections = sections

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator", self.site.guard(self._overview))]

    async def _overview(self, _request: web.Request, visit: Visit) -> web.Response:
        """Exact numbers over what this coordinator may read; of what nobody reads only what left
        through the gate."""
        now, who, services = self.site.clock.now(), visit.who, self.site.services
        weeks = [weeks_before(week_of(now), back) for back in range(WEEKS)]
        quarter = quarter_before(quarter_of(weeks[1]))
        await publish_unread(self.site.database, services, quarter)

        def count(session: Snapshot) -> tuple[dict[str, int], dict[str, int] | None]:
            own = reading.counted(session, who, team=who.team) if who.team else None
            return reading.counted(session, who), own

        readable, own = await self.site.results.read(who, "counted", count)

        def read(session: Snapshot) -> Overview:
            return Overview(
                readable=readable,
                own=own,
                todo=todo(session, services, who, now) if who.role in MODERATORS else None,
                unread=publications.figures(session, NOBODY, [quarter], ALL).get(("story", "")),
            )

        found = await self.site.database.read(read)
        known = {team.id: team for team in await self.site.database.read(teams.all_teams)}
        first = found.readable if found.own is None else found.own
        shown = [(week, first.get(week, 0)) for week in weeks]
        return self.site.page(
            visit,
            "overview.html",
            found=found,
            team=known.get(who.team),
            weeks=shown,
            total=sum(first.values()),
            lately=sum(count for _, count in shown),
            most=max(count for _, count in shown),
            readable=sum(found.readable.values()),
            todo=found.todo,
            unread=found.unread,
            k=services.settings.privacy.small_number,
            sections=[await section(self.site, visit) for section in self._sections],
        )
