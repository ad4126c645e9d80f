"""The page of patterns: choose questions, see them drawn, go to the stories behind every mark."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.coordinators.filters import address, filters_of
from bot.coordinators.kept_results import NotKept
from bot.coordinators.pages.rooms import BesideStories
from bot.coordinators.pages.site import Site, Visit
from bot.coordinators.pages.stories import StoryPages
from bot.coordinators.pattern_findings import PatternFindings, pattern_address, pattern_findings
from bot.coordinators.relation_sentences import FEWEST
from storage.stories.reading import COUNTED

NAME = 500
"""Letters of the name of a question in an address."""


class PatternPages:
    """`/coordinator/patterns`."""

    def __init__(
        self,
        site: Site,
        stories: StoryPages,
        beside: Sequence[BesideStories] = (),
    ) -> None:
        self.site = site
        self._beside = beside
        self._stories = stories

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/coordinator/patterns", self.site.guard(self._patterns))]

    async def _patterns(self, request: web.Request, visit: Visit) -> web.Response:
        filters = filters_of(request)
        merge = request.query.get("merge", "1") == "1"
        names = request.query.get("a", "")[:NAME], request.query.get("b", "")[:NAME]
        to = pattern_address(filters, merge=merge)

        async def work_out() -> PatternFindings:
            made = await self.site.helper.ask(
                pattern_findings, visit.who, filters, names, merge=merge
            )
            if not made.complete:
                raise NotKept(made)
            return made

        found = await self.site.results.get(visit.who, to(*names), work_out)
        chosen = found.chosen
        named = {
            "a": chosen.one.name if chosen.one else "",
            "b": chosen.other.name if chosen.other else "",
        }
        return self.site.page(
            visit,
            "patterns.html",
            **{
                **await self._stories.choices(visit, filters, "/coordinator/patterns", **named),
                "asked": found.asked,
            },
            filters=filters,
            n=found.n,
            all_link=address("/coordinator/stories", filters),
            more=found.n == COUNTED,
            few=found.n < FEWEST,
            one=chosen.one,
            other=chosen.other,
            several=chosen.several,
            merge=merge,
            pattern=found.pattern,
            pictures=found.pictures,
            overview=found.overview,
            relations=found.relations,
            answered=found.answered,
            alike=found.alike,
            to=to,
            beside=[await each(self.site, visit, filters.team) for each in self._beside],
        )
