"""Visitors of a whole Vertelbot, each from a network that a trusted proxy tells of."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import aiohttp

from bot.channels.web.cookies import OLD_COOKIE

_NUMBERS = itertools.count(1)


def some_address() -> str:
    """An address that nobody else has."""
    number = next(_NUMBERS)
    return f"198.18.{number // 250}.{number % 250 + 1}"


class Visitor:
    """Someone at an address, with as many browsers as wanted."""

    def __init__(self, url: str, address: str = "") -> None:
        self.url = url
        self.address = address or some_address()
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=0),
            headers={"Origin": url, "X-Forwarded-For": self.address},
        )
        self.cookie = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.session.close()

    def another_browser(self) -> None:
        self.cookie = ""

    async def get(self, path: str) -> int:
        async with self.session.get(self.url + path) as answer:
            await answer.read()
            return answer.status

    async def post(self, path: str, data: Any = None, **headers: str) -> int:
        headers = {"Cookie": await self._cookie(), **headers}
        async with self.session.post(
            self.url + path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            await answer.read()
            return answer.status

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """A socket of this browser that says nothing yet."""
        return await self.session.ws_connect(
            f"{self.url}/ws", headers={"Cookie": await self._cookie()}, heartbeat=None
        )

    async def _cookie(self) -> str:
        """Of this browser, which gets it with its first page."""
        if not self.cookie:
            async with self.session.get(self.url) as answer:
                self.cookie = answer.cookies[OLD_COOKIE].value
        return f"{OLD_COOKIE}={self.cookie}"

    async def hello(self, **more: Any) -> list[dict[str, Any]]:
        """Open the chat; the frames until the page is up to date. The socket is `chat` then."""
        self.chat = await self.connect()
        await self.chat.send_json({"t": "hello", "after": 0, "page": "p1", **more})
        return await self.until("live")

    async def until(self, *kinds: str) -> list[dict[str, Any]]:
        """The frames up to the first of these kinds."""
        frames: list[dict[str, Any]] = []
        while not frames or frames[-1]["t"] not in kinds:
            frames.append(await self.chat.receive_json(timeout=10))
        return frames

    async def answer(self, **frame: Any) -> dict[str, Any]:
        """Do something in the chat; how it was taken."""
        await self.chat.send_json({"t": "say", "id": "m1", "text": "Een inwoner", **frame})
        return (await self.until("ack", "error"))[-1]


@contextmanager
def waited(what: str) -> Iterator[None]:
    """Print how long an honest person waits beside an attack."""
    began = time.monotonic()
    yield
    print(f"{what}: {1000 * (time.monotonic() - began):.0f} ms")
