"""A browser as far as the server sees one: a cookie, pages, a WebSocket."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.channels.web.stage import Stage


class Browser:
    """Someone with a browser."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.socket: aiohttp.ClientWebSocketResponse | None = None

    async def get(self, path: str = "/", **headers: str) -> aiohttp.ClientResponse:
        async with self.session.get(self.stage.url + path, headers=headers) as answer:
            await answer.read()
            return answer

    async def post(self, path: str, origin: str | None = None) -> aiohttp.ClientResponse:
        headers = {"Origin": origin or self.stage.url}
        async with self.session.post(self.stage.url + path, headers=headers) as answer:
            await answer.read()
            return answer

    async def connect(self, origin: str | None = None) -> None:
        self.socket = await self.session.ws_connect(
            f"{self.stage.url}/ws", headers={"Origin": origin or self.stage.url}
        )

    async def open(self, after: int = 0, **more: object) -> list[dict[str, Any]]:
        """Load the page, connect, say hello; the frames until the page is up to date."""
        await self.get()
        await self.connect()
        await self.send(t="hello", after=after, page="p1", **more)
        return await self.until("live")

    async def send(self, **frame: object) -> None:
        assert self.socket is not None
        await self.socket.send_json(frame)

    async def read(self) -> dict[str, Any]:
        assert self.socket is not None
        frame: dict[str, Any] = await self.socket.receive_json(timeout=30)
        return frame

    async def until(self, kind: str) -> list[dict[str, Any]]:
        frames = [await self.read()]
        while frames[-1]["t"] != kind:
            frames.append(await self.read())
        return frames

    async def rows(self, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            frame = await self.read()
            if frame["t"] == "row":
                found.append(frame)
        return found
