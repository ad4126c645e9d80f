"""Pages of one network wait for each other, and for nobody else: who asks for hundreds at once
would have everybody wait for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.client_networks import ClientNetworks
from bot.network_limiter import NetworkLimiter, NetworkShares

PAGES = 4, 6
"""Pages of one network, and of one site, that are made at the same time: each takes a few
thousandths of a second. Sending them is not counted: it takes as long as the line is slow."""
DESKS = 16, 24
"""The same of pages of coordinators, some of which look at all stories."""
REQUESTS = 3000, 1 / 300
"""Requests of one network at once, and the seconds between more of them: a hall full of phones
loads the chat at the same moment. Who asks for more waits, and cannot ask again meanwhile."""
LONGEST = 10.0
"""Seconds that a request waits for that. Who breaks off and asks anew would have everybody behind
the same address wait for ever."""
SMALL = 32 * 1024
"""Bytes of a form that is waited for: no more than are read before anybody asks for them."""
SERVICES = frozenset(("/telegram", "/whatsapp"))
"""Where services post what all people say, from a few addresses. A post that is not theirs is
refused before anything is done."""


class FairShare:
    """Keeps the order of each network."""

    def __init__(
        self,
        networks: ClientNetworks,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._networks = networks
        self._pause = pause
        self._requests = NetworkLimiter(*REQUESTS)
        self._pages, self._desks = NetworkShares(*PAGES), NetworkShares(*DESKS)

    @web.middleware
    async def wait(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Make a page when it is the turn of its network, once its form is there. What lasts (an
        open page, a file that is still coming) only begins then: it has bounds of its own."""
        if request.path in SERVICES:
            return await handler(request)
        network = self._networks.of(request)
        pause = self._requests.reserve(network, LONGEST)
        if pause is None:
            raise _too_many()
        if pause:
            await self._pause(pause)
        if not request.content.is_eof() and (request.content_length or SMALL + 1) <= SMALL:
            await request.content.wait_eof()
        lasts = hdrs.UPGRADE in request.headers or not request.content.is_eof()
        shares = self._desks if request.path.startswith("/coordinator") else self._pages
        async with shares.turn(network):
            if request.transport is None:  # nobody waits for it any more
                raise web.HTTPBadRequest
            if not lasts:
                return await handler(request)
        return await handler(request)


def _too_many() -> web.HTTPTooManyRequests:
    """On a connection that ends with it."""
    refused = web.HTTPTooManyRequests()
    refused.force_close()
    return refused
