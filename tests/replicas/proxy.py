"""A proxy before several processes, as Caddy is one: it asks each whether it is ready, and turns to
another when a connection is refused. Anything else that goes wrong is passed on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import aiohttp
from aiohttp import web

_OWN = ("host", "connection", "content-length", "transfer-encoding", "keep-alive")
_SOCKET = ("upgrade", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions")


class Proxy:
    """`answers` counts what clients got, by path and status."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.behind: list[str] = []
        self.answers: Counter[tuple[str, int]] = Counter()
        self.ready: dict[str, list[int]] = {}
        self._session = aiohttp.ClientSession(
            auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )
        self._down: set[str] = set()

    def wrong(self) -> dict[tuple[str, int], int]:
        """The answers that say that the server failed."""
        return {which: count for which, count in self.answers.items() if which[1] >= 500}

    async def watch(self) -> None:
        """Ask each every fifth of a second whether it is ready."""
        while True:
            for each in list(self.behind):
                await self._ask(each)
            await asyncio.sleep(0.2)

    async def _ask(self, where: str) -> None:
        status = 0
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.get(f"{where}/ready") as answer:
                status = answer.status
        self.ready.setdefault(where, []).append(status)
        (self._down.discard if status == 200 else self._down.add)(where)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        try:
            answer = await (self._socket(request) if upgrade else self._plain(request))
        except (aiohttp.ClientError, OSError):
            answer = web.Response(status=502)
        self.answers[request.path, answer.status] += 1
        return answer

    def _order(self) -> Iterator[str]:
        yield from sorted(self.behind, key=lambda each: each in self._down)

    async def _plain(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _OWN}
        headers["Host"] = request.host
        for where in self._order():
            url = f"{where}{request.path_qs}"
            with suppress(aiohttp.ClientConnectorError):
                async with self._session.request(
                    request.method, url, data=body, headers=headers, allow_redirects=False
                ) as answer:
                    data = await answer.read()
                    kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in _OWN]
                    return web.Response(status=answer.status, body=data, headers=kept)
        return web.Response(status=502)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        skip = (*_OWN, *_SOCKET)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in skip}
        headers["Host"] = request.host
        for where in self._order():
            with suppress(aiohttp.ClientConnectorError):
                async with self._session.ws_connect(f"{where}/ws", headers=headers) as behind:
                    return await self._join(request, behind)
        return web.Response(status=502)

    async def _join(
        self, request: web.Request, behind: aiohttp.ClientWebSocketResponse
    ) -> web.StreamResponse:
        before = web.WebSocketResponse()
        await before.prepare(request)

        async def inwards() -> None:
            async for message in before:
                await behind.send_str(message.data)
            await behind.close()

        inward = asyncio.create_task(inwards())
        with suppress(ConnectionError):
            async for message in behind:
                await before.send_str(message.data)
        await before.close(code=behind.close_code or 1001)
        inward.cancel()
        await asyncio.gather(inward, return_exceptions=True)
        return before


@asynccontextmanager
async def proxy(port: int) -> AsyncIterator[Proxy]:
    """Listens on that port of this machine."""
    one = Proxy(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    watching = asyncio.create_task(one.watch())
    try:
        yield one
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await runner.cleanup()
        await one._session.close()
