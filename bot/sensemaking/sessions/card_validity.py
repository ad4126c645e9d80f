"""`/k/<code>`: whether a printed card may still be read. It says that and nothing else, counts
nobody, and does not know an unknown code from one that was withdrawn."""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.limits import CODES_OF_NETWORK
from bot.coordinators.pages.site import Site
from bot.network_limiter import NetworkLimiter
from storage.sensemaking import session_cards


class CardValidityPage:
    """The page behind the code on a card."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._codes = NetworkLimiter(*CODES_OF_NETWORK)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/k/{code:[A-Za-z0-9]{1,16}}", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        if not self._codes.take(self.site.networks.of(request)):
            return self.site.page(None, "message.html", status=429, key="error.slow")
        code = request.match_info["code"]
        valid = await self.site.database.read(lambda s: session_cards.is_valid(s, code))
        return self.site.page(None, "card_validity.html", valid=valid)
