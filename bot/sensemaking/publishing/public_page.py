"""`/verhalen` and `/verhalen/<code>`: public pages, for anybody. Nothing is asked of who looks, and
nothing is kept: no cookie, no script, nothing from elsewhere. No copy outlives what is taken back:
browsers, proxies and search engines are told to keep none."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.coordinators.pages.site import Site
from bot.coordinators.phrases import LANGUAGES, words
from bot.network_limiter import NetworkLimiter
from bot.sensemaking.publishing.public_facts import (
    PublicFacts,
    facts_of,
    places_of,
    quarter_words,
)
from storage.engine.transaction import Snapshot
from storage.sensemaking import public_pages

ADDRESS = "/verhalen"
LOOKS = (60, 1.0)
"""Looks of one network at once, and the seconds between more of them."""
PUBLIC_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, noarchive",
}


@dataclass(frozen=True, slots=True)
class PublicLook:
    """What somebody finds: a page (None: it is not on), and the others that are, by code."""

    facts: PublicFacts | None
    others: dict[str, str]
    together: bool


class PublicPage:
    """The pages as anybody sees them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._looks = NetworkLimiter(*LOOKS)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(ADDRESS, self._show),
            web.get(f"{ADDRESS}/{{code:[A-Za-z0-9]{{1,12}}}}", self._show),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        """A page that is switched off, or never was on, is not there."""
        place = request.match_info.get("code", "").upper()
        language = request.query.get("lang", "")
        language = language if language in LANGUAGES else "nl"
        if not self._looks.take(self.site.networks.of(request)):
            return self._page("public_none.html", 429, language, key="public.slow")
        found = await self.site.database.read(lambda session: self._look(session, place, language))
        if found.facts is None and (place or not found.others):
            return self._page("public_none.html", 404, language, key="public.missing")
        said = words(language)
        return self._page(
            "public.html",
            200,
            language,
            facts=found.facts,
            others=found.others,
            together=found.together,
            place=place,
            address=ADDRESS,
            quarter=lambda each: quarter_words(said, each),
            organisation=self.site.services.settings.organisation.name,
        )

    def _look(self, session: Snapshot, place: str, language: str) -> PublicLook:
        live = public_pages.live(session)
        names = places_of(self.site, session).names
        edition = live.get(place)
        name = names.get(place, "") if place else words(language)("public.all")
        return PublicLook(
            facts_of(self.site, session, edition, name) if edition and name else None,
            {code: each for code, each in names.items() if code in live and code != place},
            "" in live,
        )

    def _page(self, template: str, status: int, language: str, **facts: object) -> web.Response:
        answer = self.site.page(None, template, status=status, language=language, **facts)
        answer.headers.update(PUBLIC_HEADERS)
        return answer
