"""The HTTP server, and its graceful shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import Sequence
from typing import cast

from aiohttp import web, web_response
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from bot.channels.base import Accept, Arrival
from bot.operations.slow_clients import KEPT_IDLE, SlowClients, bodies_keep_coming

GRACE = 5.0
"""Seconds that what was begun may still take, once no more is taken."""

SHARE = 0.0005
"""Seconds that a thread goes on while another one waits."""

MOST_OF_A_FORM = 2_000_000 + 64 * 1024
"""Bytes of one form: a calendar as large as those that are fetched, and what is around it."""

# No answer tells a version, also where a request is too broken for our pages.
vars(web_response).update(SERVER_SOFTWARE="Vertelbot")


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a line is worth reading: what is no HTTP, anybody may send without end."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


logging.getLogger("aiohttp.server").addFilter(_is_ours)


class CannotListen(Exception):
    """The pages cannot be served. The text names the mend."""


class Server:
    """Serves an application from `open` until `close`. Once `leaving` is set every answer says that
    its connection is not to be used again, so that a proxy turns to another process. What is posted
    is never unpacked: no page of ours packs, and it could be a bomb."""

    def __init__(
        self,
        pages: web.Application,
        host: str,
        port: int,
        leaving: asyncio.Event,
        clients: SlowClients,
    ) -> None:
        pages.on_response_prepare.append(self._prepare)
        pages.middlewares.extend([self._asked, bodies_keep_coming, clients.share.wait])
        self._clients = clients
        self._runner = web.AppRunner(
            pages,
            access_log=None,
            shutdown_timeout=GRACE,
            auto_decompress=False,
            keepalive_timeout=KEPT_IDLE,
        )
        self._where = host, port
        self._leaving = leaving
        self._open = False

    async def open(self) -> None:
        """Raises CannotListen."""
        host, port = self._where
        await self._runner.setup()
        self._open = True
        try:
            await _Site(self._runner, host, port, self._clients).start()
        except OSError as error:
            await self.close()
            raise CannotListen(
                f"cannot listen on {host}:{port} ({error.strerror}): stop what is there, or set "
                "another port under [web]"
            ) from None

    async def close(self) -> None:
        """Take no new connections, finish what was begun, let the open pages go: they come back by
        themselves. May be called twice."""
        if self._open:
            self._open = False
            await self._runner.cleanup()

    @web.middleware
    async def _asked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._clients.asked(request)
        try:
            return await handler(request)
        except HttpProcessingError:  # a body that is not what its head says
            raise web.HTTPBadRequest from None
        except ConnectionError:
            if request.transport is None:  # it went away before its body was there: no fault of us
                raise web.HTTPBadRequest from None
            raise
        finally:
            self._clients.answered(request)

    async def _prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        if isinstance(response, web.WebSocketResponse):
            self._clients.is_page(request)
        elif self._leaving.is_set():
            response.force_close()
            response.headers["Connection"] = "close"


class _Site(web.TCPSite):
    """Tells of every connection that is made."""

    def __init__(self, runner: web.AppRunner, host: str, port: int, clients: SlowClients) -> None:
        super().__init__(runner, host, port, backlog=clients.accepted_at_once)
        self._clients = clients

    async def start(self) -> None:
        await web.BaseSite.start(self)
        make = cast(web.Server, self._runner.server)

        def connected() -> web.RequestHandler:
            connection = make()
            self._clients.came(connection)
            return connection

        self._server = await asyncio.get_running_loop().create_server(
            connected, self._host, self._port, backlog=self._backlog
        )


def spare_collector() -> None:
    """What is there at the start stays: the garbage collector need not look at it again. Each time
    it would hold up everybody for as long as twenty turns take."""
    gc.collect()
    gc.freeze()


def take_turns() -> None:
    """Threads give way to each other ten times as often as they would. A page that looks at many
    stories keeps a thread busy, and a turn of who tells asks that thread for room many times."""
    sys.setswitchinterval(SHARE)


class RunningTurns:
    """Hands arrivals on, and knows whether turns are being taken."""

    def __init__(self, accept: Accept) -> None:
        self._accept = accept
        self._running = 0
        self._none = asyncio.Event()

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        """As `bot.channels.base.Accept`."""
        self._running += 1
        try:
            await self._accept(arrivals, offset=offset, epoch=epoch)
        finally:
            self._running -= 1
            if not self._running:
                self._none.set()

    async def wait_for_none(self, seconds: float) -> None:
        """Wait for a moment in which none is, so many seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._running:
                    self._none.clear()
                    await self._none.wait()
