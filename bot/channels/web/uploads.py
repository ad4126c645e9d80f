"""Uploads of the web chat: recordings and pictures, confirmed once committed."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from aiohttp import web

from bot.channels.base import Accept, Arrival, Echo, ReceivedFile
from bot.channels.web.cookies import Cookies
from bot.channels.web.frames import external_id
from bot.channels.web.pages import ChatPages
from bot.client_networks import ClientNetwork, ClientNetworks
from bot.logs import reason
from bot.network_limiter import NetworkShares
from bot.rate_limiter import Limiter
from conversations.engine.events import Sent

_log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
PATIENCE = 180.0
"""Seconds for one body; a phone on a poor line sends a recording of minutes in less."""
ROOM, ROOM_OF_SITE, ROOM_OF_NETWORK = 96 * 1024 * 1024, 64 * 1024 * 1024, 48 * 1024 * 1024
"""Bytes of all bodies that are under way, and of those from one site and one network. A body takes
what has come of it, not what is to come: who sends slowly takes little."""
TAKEN, TAKEN_OF_SITE, TAKEN_OF_NETWORK = 4, 3, 2
"""Files that are looked at and stored at the same time, and those from one site and network."""
FILES = 15, 5.0
"""Files of one browser at once, and the seconds between more of them."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class UploadRoom:
    """Counts the bytes of bodies under way, of each network and site, and all (""). They are in
    memory and nowhere else: in a temporary file, speech would lie on a disk unencrypted."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    @contextmanager
    def body(self, network: ClientNetwork) -> Iterator[Callable[[int], bool]]:
        """Gives a function that asks for so many bytes more; all come free at the end."""
        mine, bounds = 0, {"": ROOM}
        if network:
            bounds |= {network.subnet: ROOM_OF_NETWORK, network.site: ROOM_OF_SITE}

        def more(count: int) -> bool:
            nonlocal mine
            if any(self._taken[name] + count > most for name, most in bounds.items()):
                return False
            mine += count
            self._taken.update(dict.fromkeys(bounds, count))
            return True

        try:
            yield more
        finally:
            self._taken.subtract(dict.fromkeys(bounds, mine))
            for name in bounds:
                if not self._taken[name]:
                    del self._taken[name]


class Uploads:
    """`POST /voice` and `POST /photo`: the body is the file, `X-Message` the browser's own id of
    it (the same when it is sent again), `X-Seconds` how long a recording is. A browser sends one
    at a time."""

    def __init__(
        self,
        pages: ChatPages,
        cookies: Cookies,
        accept: Callable[[], Accept | None],
        networks: ClientNetworks,
        admits: Callable[[str, ClientNetwork], Awaitable[bool]],
    ) -> None:
        self._pages = pages
        self._cookies = cookies
        self._accept = accept
        self._networks = networks
        self._admits = admits
        self._files = Limiter(*FILES)
        self._sending: set[str] = set()
        self._room = UploadRoom()
        self._all = asyncio.Semaphore(TAKEN)
        self._shares = NetworkShares(TAKEN_OF_NETWORK, TAKEN_OF_SITE)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/voice", self._voice), web.post("/photo", self._photo)]

    async def _voice(self, request: web.Request) -> web.Response:
        return await self._take(request, "voice")

    async def _photo(self, request: web.Request) -> web.Response:
        return await self._take(request, "photo")

    async def _take(self, request: web.Request, kind: Literal["voice", "photo"]) -> web.Response:
        ref = request.headers.get("X-Message", "")
        address = await self._cookies.address_of(request)
        accept = self._accept()
        if not (self._pages.ours(request) and address):
            raise web.HTTPForbidden
        if not _ID.fullmatch(ref):
            raise web.HTTPBadRequest
        if (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
        if address in self._sending or not self._files.take(address):
            raise web.HTTPTooManyRequests
        network = self._networks.of(request)
        if accept is None or not await self._admits(address, network):
            raise web.HTTPServiceUnavailable
        self._sending.add(address)
        try:
            with self._room.body(network) as more:
                data = await _body(request, more)
                seconds = _seconds(request.headers.get("X-Seconds", "")) if kind == "voice" else 0
                echo = Echo(_clock(seconds) if seconds else "", ref, kind)
                file = ReceivedFile(data, request.content_type, seconds)
                name, event = external_id(address, ref), Sent(kind, ref)
                arrival = Arrival("web", name, address, event, echo=echo, file=file)
                async with self._shares.turn(network), self._all:
                    await self._hand_over(accept, arrival)
        finally:
            self._sending.discard(address)
        return web.json_response({"ok": True})

    async def _hand_over(self, accept: Accept, arrival: Arrival) -> None:
        try:
            await accept([arrival])
        except Exception as error:
            _log.warning("a file of the web chat was not taken: %s", reason(error))
            raise web.HTTPServiceUnavailable from None


async def _body(request: web.Request, more: Callable[[int], bool]) -> bytes:
    """The whole body, within bounds of size, time and room."""
    data = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > MOST_BYTES:
                    raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(data))
                if not more(len(piece)):
                    raise web.HTTPServiceUnavailable
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(data)


def _seconds(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text) else 0


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
