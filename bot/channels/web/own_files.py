"""Recordings and pictures of the web chat, shown to the browser that sent them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channels.base import ReceivedFile
from bot.channels.web.cookies import Cookies

OwnFile = Callable[[str, str], Awaitable[ReceivedFile | None]]
"""The file with an id, for the person at an address; None when it is not there, or not theirs."""

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Accept-Ranges": "bytes"}


async def no_file(_address: str, _blob_id: str) -> ReceivedFile | None:
    return None


class OwnFiles:
    """`GET /file/<id>`: only with the cookie of who sent it; no store keeps it on the way. Parts of
    it too, for players that ask for a recording in parts."""

    def __init__(self, cookies: Cookies, own_file: OwnFile) -> None:
        self._cookies = cookies
        self._own_file = own_file

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/file/{id:[0-9a-f]{32}}", self._file)]

    async def _file(self, request: web.Request) -> web.Response:
        address = await self._cookies.address_of(request)
        file = await self._own_file(address, request.match_info["id"]) if address else None
        if file is None:
            raise web.HTTPNotFound
        try:
            asked = request.http_range
        except ValueError:
            raise web.HTTPRequestRangeNotSatisfiable from None
        data, size, headers = file.data, len(file.data), dict(_HEADERS)
        if asked.start is not None or asked.stop is not None:
            start, stop, _ = asked.indices(size)
            if start >= stop:
                raise web.HTTPRequestRangeNotSatisfiable
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
            data = data[start:stop]
        return web.Response(
            body=data,
            status=206 if "Content-Range" in headers else 200,
            content_type=file.media_type,
            headers=headers,
        )
