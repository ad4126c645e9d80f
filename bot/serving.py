"""The pages on their port, and leaving it so that nobody notices."""

from __future__ import annotations

import asyncio

from aiohttp import web

GRACE = 5.0
"""Seconds that what was begun may still take, once no more is taken."""


class CannotListen(Exception):
    """The pages cannot be served. The text names the mend."""


class Server:
    """Serves an application from `open` until `close`. Once `leaving` is set every answer says that
    its connection is not to be used again, so that a proxy turns to another process."""

    def __init__(
        self, pages: web.Application, host: str, port: int, leaving: asyncio.Event
    ) -> None:
        pages.on_response_prepare.append(self._prepare)
        self._runner = web.AppRunner(pages, access_log=None, shutdown_timeout=GRACE)
        self._where = host, port
        self._leaving = leaving
        self._open = False

    async def open(self) -> None:
        """Raises CannotListen."""
        host, port = self._where
        await self._runner.setup()
        self._open = True
        try:
            await web.TCPSite(self._runner, host, port).start()
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

    async def _prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._leaving.is_set() and not isinstance(response, web.WebSocketResponse):
            response.force_close()
            response.headers["Connection"] = "close"
