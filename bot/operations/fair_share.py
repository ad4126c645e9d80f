"""Pages of one network wait for each other, and for nobody else: who asks for hundreds at once
would have everybody wait for all of them."""

from __future__ import annotations

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.client_networks import ClientNetworks
from bot.network_limiter import NetworkShares

PAGES = 4, 6
"""Pages of one network, and of one site, that are made at the same time: each takes a few
thousandths of a second. Sending them is not counted: it takes as long as the line is slow."""
DESKS = 16, 24
"""The same of pages of coordinators, some of which look at all stories."""
SERVICES = frozenset(("/telegram", "/whatsapp"))
"""Where services post what all people say, from a few addresses. A post that is not theirs is
refused before anything is done."""


class FairShare:
    """Keeps the order of each network."""

    def __init__(self, networks: ClientNetworks) -> None:
        self._networks = networks
        self._pages, self._desks = NetworkShares(*PAGES), NetworkShares(*DESKS)

    @web.middleware
    async def wait(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Make a page when it is the turn of its network. An open page lasts, and what is posted
        may still be coming: they have bounds of their own."""
        coming = request.method == hdrs.METH_POST and not request.content.is_eof()
        if coming or hdrs.UPGRADE in request.headers or request.path in SERVICES:
            return await handler(request)
        shares = self._desks if request.path.startswith("/coordinator") else self._pages
        async with shares.turn(self._networks.of(request)):
            if request.transport is None:  # nobody waits for it any more
                raise web.HTTPBadRequest
            return await handler(request)
