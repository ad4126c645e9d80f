"""`/coordinator/public`: the association looks at a public page, and switches it on and off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiMapping

from bot.coordinators.pages.site import Site, Visit, see_other
from bot.sensemaking.publishing.public_facts import (
    PublicFacts,
    numbers_of,
    places_of,
    quarter_words,
    quarters_until,
)
from bot.sensemaking.publishing.public_page import ADDRESS
from storage.coordinators import audit
from storage.coordinators.coordinators import Role
from storage.engine.transaction import Snapshot, Transaction
from storage.gate import publications
from storage.gate.publications import Publishable
from storage.sensemaking import changes, public_pages
from storage.sensemaking.public_pages import PublicEdition
from storage.weeks import quarter_of, week_of

HERE = "/coordinator/public"
ALL = "all"
"""Stands in an address of the dashboard for all municipalities together."""
ASSOCIATION: tuple[Role, ...] = ("association",)

Guarded = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request, Visit, str], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What could stand on a page now, and what would leave for it."""

    facts: PublicFacts
    quarters: Sequence[str]
    coming: Sequence[Publishable]
    live: PublicEdition | None


class PublishingPages:
    """Where public pages are prepared, looked at and switched."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        guard, one = self.site.guard, f"{HERE}/{{place:[A-Za-z0-9]{{1,12}}}}"
        return [
            web.get(HERE, guard(self._list, ASSOCIATION)),
            web.get(one, guard(self._of(self._choose), ASSOCIATION)),
            web.post(f"{one}/look", guard(self._of(self._look), ASSOCIATION)),
            web.post(f"{one}/on", guard(self._of(self._on), ASSOCIATION)),
            web.post(f"{one}/off", guard(self._of(self._off), ASSOCIATION)),
        ]

    def _of(self, handler: Handler) -> Guarded:
        """A page of a place that there is."""

        async def known(request: web.Request, visit: Visit) -> web.StreamResponse:
            wanted = request.match_info["place"]
            names = await self.site.database.read(lambda s: places_of(self.site, s).names)
            if wanted != ALL and wanted not in names:
                return self.site.missing(visit)
            return await handler(request, visit, "" if wanted == ALL else wanted)

        return known

    async def _list(self, _request: web.Request, visit: Visit) -> web.StreamResponse:
        def read(session: Snapshot) -> tuple[dict[str, str], dict[str, PublicEdition]]:
            return dict(places_of(self.site, session).names), public_pages.live(session)

        names, live = await self.site.database.read(read)
        places = [("", visit.words("public.all")), *names.items()]
        return self.site.page(visit, "publishing.html", places=places, live=live, here_at=HERE)

    async def _choose(self, _request: web.Request, visit: Visit, place: str) -> web.StreamResponse:
        """What could stand on the page, to choose from."""
        draft = await self.site.database.read(lambda s: self._draft(s, visit, place))
        await self.site.note(visit, "listed", detail=str(len(draft.facts.sentences)))
        return self._shown(visit, "publishing_choose.html", place, draft)

    async def _look(self, request: web.Request, visit: Visit, place: str) -> web.StreamResponse:
        """The page as it will be; nobody else sees it yet."""
        form = await request.post()
        draft = await self.site.database.read(lambda s: self._draft(s, visit, place, form))
        return self._shown(visit, "publishing_look.html", place, draft)

    async def _on(self, request: web.Request, visit: Visit, place: str) -> web.StreamResponse:
        """The page is there for everybody: what was looked at, as far as it is still so."""
        form, now = await request.post(), self.site.clock.now()
        draft = await self.site.database.read(lambda s: self._draft(s, visit, place, form))
        edition = public_pages.new_edition(place, draft.quarters, draft.facts.justice, now)

        def publish(connection: Transaction) -> None:
            for part in draft.coming:
                publications.let_out(connection, part)
            public_pages.publish(
                connection,
                visit.who,
                edition,
                draft.facts.sentences,
                [each.id for each in draft.facts.changes],
            )
            audit.note(connection, visit.who, "page_on", now, detail=place or ALL)

        await self.site.database.write(publish)
        return see_other(HERE)

    async def _off(self, _request: web.Request, visit: Visit, place: str) -> web.StreamResponse:
        now = self.site.clock.now()

        def switch(connection: Transaction) -> None:
            if public_pages.switch_off(connection, place):
                audit.note(connection, visit.who, "page_off", now, detail=place or ALL)

        await self.site.database.write(switch)
        return see_other(HERE)

    def _draft(
        self,
        session: Snapshot,
        visit: Visit,
        place: str,
        form: MultiMapping[object] | None = None,
    ) -> Draft:
        """What could stand on a page; with a form of it what was ticked there. Sentences stand only
        among at least so many stories as leave the gate."""
        k = self.site.services.settings.privacy.small_number
        places = places_of(self.site, session)
        quarters = quarters_until(quarter_of(week_of(self.site.clock.now())))
        parts = (publications.public_part(session, each, places.of_team, k) for each in quarters)
        coming = [part for part in parts if part is not None]
        told, promises = numbers_of(session, quarters, place, k, coming)
        mine = places.teams(place)
        sentences = public_pages.sentences(session, visit.who, mine) if told else []
        offered = public_pages.offered(session, mine)
        if form is not None:
            ticked = set(map(str, form.getall("sentence", [])))
            sentences = [each for each in sentences if f"{each.story_id}.{each.words}" in ticked]
            named = set(map(str, form.getall("change", [])))
            offered = [each for each in offered if each.id in named]
        facts = PublicFacts(
            places.names[place] if place else visit.words("public.all"),
            quarters[0],
            quarters[-1],
            told,
            promises,
            sentences,
            offered,
            changes.justice(session),
        )
        return Draft(facts, quarters, coming, public_pages.live(session).get(place))

    def _shown(self, visit: Visit, template: str, place: str, draft: Draft) -> web.StreamResponse:
        return self.site.page(
            visit,
            template,
            facts=draft.facts,
            live=draft.live,
            place=place,
            address=ADDRESS,
            there=f"{HERE}/{place or ALL}",
            here_at=HERE,
            k=self.site.services.settings.privacy.small_number,
            quarter=lambda each: quarter_words(visit.words, each),
        )
