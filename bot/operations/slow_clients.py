"""Closes slow clients: one that connects and asks nothing, and one whose request never ends.
aiohttp waits for both without end."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

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


class SlowClients:
    """Connections that have not asked anything yet: each is closed when it takes too long."""

    def __init__(self) -> None:
        self._waiting: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    def came(self, connection: web.RequestHandler) -> None:
        """A connection was made for this protocol."""
        loop = asyncio.get_running_loop()
        self._waiting[connection] = loop.call_later(HEAD_WITHIN, self._close, connection)

    def _close(self, connection: web.RequestHandler) -> None:
        del self._waiting[connection]
        connection.force_close()

    def asked(self, connection: web.RequestHandler) -> None:
        """The head of a request came."""
        if timer := self._waiting.pop(connection, None):
            timer.cancel()


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
