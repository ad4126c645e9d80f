"""Closes slow clients: one that connects and asks nothing, one whose request never ends, and those
of the site that holds most when there is no room for more. aiohttp waits for all without end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.client_networks import ClientNetworks
from bot.operations.fair_share import FairShare

HEAD_WITHIN = 10.0
"""Seconds within which a connection must have sent the head of its first request."""
KEPT_IDLE = 130.0
"""Seconds that a connection is kept for a next request: longer than proxies keep theirs, so that
it is they who end it (Caddy: 120)."""
BODY_GRACE = 5.0
"""Seconds that a body may take however slow it is."""
BODY_RATE = 4096
"""Bytes a second that a body must bring on average after that."""
LOOK_EVERY = 1.0
LOOKED_OVER = 64
"""Connections among which is looked for those that are gone; later at twice as many as are left."""
NEW = 1.0
"""Seconds within which a connection that was just accepted has its transport."""
PART = 16
"""One in so many connections is closed at once when there is no room."""


@dataclass(eq=False, slots=True)
class _Connection:
    """What is known of a connection: when it came, from which site is what it is busy with (None:
    it is idle), and whether it is that of an open page, which has its place elsewhere."""

    since: float
    timer: asyncio.TimerHandle
    site: str | None = None
    page: bool = False


class SlowClients:
    """Connections: one that asks nothing is closed when it takes too long. When there are as many
    as the process has room for, the site that has most gives some up: those first that are idle,
    and of these the ones that did nothing for longest. Else accepting and the database would run
    out of files together."""

    def __init__(self, most: int, networks: ClientNetworks) -> None:
        self._most = most
        self._networks = networks
        self.share = FairShare(networks)
        self._open: dict[web.RequestHandler, _Connection] = {}
        self._look_at = LOOKED_OVER
        self.accepted_at_once = min(128, most // 24)

    def came(self, handler: web.RequestHandler) -> None:
        """A connection was made for this protocol."""
        if len(self._open) >= min(self._most, self._look_at):
            self._look_over()
        timer = asyncio.get_running_loop().call_later(HEAD_WITHIN, self._close, handler)
        self._open[handler] = _Connection(time.monotonic(), timer)

    def asked(self, request: web.Request) -> None:
        """The head of a request came."""
        if connection := self._open.pop(request.protocol, None):
            connection.timer.cancel()
            connection.site = self._networks.of(request).site
            self._open[request.protocol] = connection

    def is_page(self, request: web.BaseRequest) -> None:
        """It became the socket of an open page."""
        if connection := self._open.get(request.protocol):
            connection.page = True

    def answered(self, request: web.Request) -> None:
        """The request has its answer, and its connection nothing to do."""
        if connection := self._open.get(request.protocol):
            connection.site = None

    def _look_over(self) -> None:
        """Forget those that are gone, and make room where none is left."""
        now = time.monotonic()
        self._open = {
            handler: connection
            for handler, connection in self._open.items()
            if handler.transport is not None or now - connection.since < NEW
        }
        self._look_at = max(LOOKED_OVER, 2 * len(self._open))
        if len(self._open) < self._most:
            return
        taken: dict[str, list[web.RequestHandler]] = {}
        for handler, connection in sorted(self._open.items(), key=lambda each: _busy(each[1])):
            if handler.transport is not None and not connection.page:
                taken.setdefault(self._site(handler, connection), []).append(handler)
        for handler in max(taken.values(), key=len, default=[])[: self._most // PART + 1]:
            self._close(handler)

    def _site(self, handler: web.RequestHandler, connection: _Connection) -> str:
        if connection.site is not None or handler.transport is None:
            return connection.site or ""
        peer = handler.transport.get_extra_info("peername")
        return self._networks.of_peer(peer[0] if peer else "").site

    def _close(self, handler: web.RequestHandler) -> None:
        if connection := self._open.pop(handler, None):
            connection.timer.cancel()
        if handler.transport is not None:
            handler.transport.abort()  # closing waits for what its client does not read
        handler.force_close()


def _busy(connection: _Connection) -> bool:
    return connection.site is not None


@web.middleware
async def bodies_keep_coming(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Break the connection of a body that hardly comes. Most are there with their head."""
    if request.content.is_eof():
        return await handler(request)
    watching = asyncio.create_task(_watch(request))
    try:
        return await handler(request)
    finally:
        watching.cancel()


async def _watch(request: web.Request) -> None:
    waited = BODY_GRACE
    await asyncio.sleep(BODY_GRACE)
    while not request.content.is_eof():
        if request.content.total_bytes < BODY_RATE * (waited - BODY_GRACE + LOOK_EVERY):
            if request.transport is not None:
                request.transport.abort()
            return
        await asyncio.sleep(LOOK_EVERY)
        waited += LOOK_EVERY
