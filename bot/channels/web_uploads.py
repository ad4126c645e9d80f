"""Recordings and pictures of the web chat: posted as they are, confirmed once committed."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Literal

from aiohttp import web

from bot.channels.base import Accept, Arrival, Echo, File
from bot.channels.web_frames import external_id
from bot.channels.web_pages import Pages, address_of
from bot.channels.web_socket import Bucket
from conversations.events import Sent

log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
PATIENCE = 180.0
"""Seconds for one body; a phone on a poor line sends a recording of minutes in less."""
AT_ONCE = 4
"""Bodies that are held in memory at the same time."""
BROWSERS = 1000

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Uploads:
    """`POST /voice` and `POST /photo`: the body is the file, `X-Message` the browser's own id of
    it (the same when it is sent again), `X-Seconds` how long a recording is."""

    def __init__(self, pages: Pages, accept: Callable[[], Accept | None]) -> None:
        self._pages = pages
        self._accept = accept
        self._room = asyncio.Semaphore(AT_ONCE)
        self._buckets: dict[str, Bucket] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/voice", self._voice), web.post("/photo", self._photo)]

    async def _voice(self, request: web.Request) -> web.Response:
        return await self._take(request, "voice")

    async def _photo(self, request: web.Request) -> web.Response:
        return await self._take(request, "photo")

    async def _take(self, request: web.Request, kind: Literal["voice", "photo"]) -> web.Response:
        address, ref = address_of(request), request.headers.get("X-Message", "")
        accept = self._accept()
        if not (self._pages.ours(request) and address):
            raise web.HTTPForbidden
        if not _ID.fullmatch(ref):
            raise web.HTTPBadRequest
        if (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
        if not self._bucket(address).take():
            raise web.HTTPTooManyRequests
        if accept is None or self._room.locked():
            raise web.HTTPServiceUnavailable
        async with self._room:
            data = await _body(request)
            seconds = _seconds(request.headers.get("X-Seconds", "")) if kind == "voice" else 0
            arrival = Arrival(
                "web",
                external_id(address, ref),
                address,
                Sent(kind, ref),
                echo=Echo(_clock(seconds) if seconds else "", ref, kind),
                file=File(data, request.content_type, seconds),
            )
            try:
                await accept([arrival])
            except Exception as error:
                log.warning("a file of the web chat was not taken: %s", type(error).__name__)
                raise web.HTTPServiceUnavailable from None
        return web.json_response({"ok": True})

    def _bucket(self, address: str) -> Bucket:
        """How much this browser may still send; the last thousand browsers are remembered."""
        bucket = self._buckets.pop(address, None) or Bucket(0.2, 15, time.monotonic)
        self._buckets[address] = bucket
        if len(self._buckets) > BROWSERS:
            del self._buckets[next(iter(self._buckets))]
        return bucket


async def _body(request: web.Request) -> bytes:
    """The whole body, within bounds of size and time."""
    data = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > MOST_BYTES:
                    raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(data))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(data)


def _seconds(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text) else 0


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
