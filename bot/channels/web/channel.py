"""The web chat: one page on phones and desktops, for people without an account. A browser is known
by a cookie, a conversation runs over a WebSocket, and whatever was missed is read from the log."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channels.base import Accept, Account, Arrival, Outgoing
from bot.channels.web.browser_files import unasked
from bot.channels.web.cookies import Cookies
from bot.channels.web.desk import chat_page, desk_of
from bot.channels.web.error_pages import error_pages
from bot.channels.web.first_words import first_words
from bot.channels.web.frames import MAX_FRAME, external_id
from bot.channels.web.limits import ChatLimits, PageSlot
from bot.channels.web.own_files import OwnFile, OwnFiles, no_file
from bot.channels.web.page_files import page_files
from bot.channels.web.pages import (
    ChatPages,
    Choices,
    Labels,
    Sections,
    add_headers,
    direction,
)
from bot.channels.web.socket import Log, Opening, OpenPage
from bot.channels.web.uploads import Uploads
from bot.client_networks import ClientNetwork, ClientNetworks
from bot.logs import reason
from conversations.guide.dwell_times import DWELL, DwellTimes

_log = logging.getLogger(__name__)

PAGES_PER_PERSON = 10
"""Open pages of one browser; the oldest gives way to a new one."""

HEARTBEAT = 25.0
"""Seconds between two signs of life on a quiet connection."""


def no_sections(_language: str) -> Sequence[tuple[str, str]]:
    return ()


async def no_choices(payload: str, language: str) -> Choices:
    return Choices(language, "", ((payload, payload),))


Asking = Callable[[str, str], Awaitable[Choices]]
"""What the link with a payload asks, in a language or in that of its person. It only reads."""

LINK = "/{door:[mtvs]}/{payload:[A-Za-z0-9_-]{1,128}}"
"""Links of meetings, of teams and in letters; each leads to what its payload means."""

Announce = Callable[[str, str], Awaitable[None]]
"""Tells every process, this one too, what happened to the pages of an address."""


class WebChat:
    """The channel. `setup` puts its routes in an aiohttp application, which someone else serves;
    `run` hands what arrives to `accept`; `send` shows a row on every open page of its address. With
    `announce` there are several processes, and a page may be open at another one. Recordings last
    `voice_minutes` at most (0: none are taken) and, if `voice_heard`, are transcribed; `photos`
    says whether those are taken; an unfinished story lives `draft_days`. `own_file` finds what a
    browser sent. What `dwell` gives is how long a question must be visible before a tap counts."""

    name = "web"

    def __init__(
        self,
        *,
        log: Log,
        opening: Opening,
        labels: Labels,
        languages: Sequence[tuple[str, str]],
        public_url: str,
        cookies: Cookies,
        privacy: Sections = no_sections,
        announce: Announce | None = None,
        voice_minutes: int = 0,
        voice_heard: bool = False,
        photos: bool = False,
        draft_days: int = 0,
        trusted_proxies: Sequence[str] = (),
        choices: Asking = no_choices,
        own_file: OwnFile = no_file,
        dwell: Callable[[], DwellTimes] = lambda: DWELL,
    ) -> None:
        self.log = log
        self._opening = opening
        self._choices = choices
        self.pages = ChatPages(
            labels,
            languages,
            privacy,
            public_url,
            voice_minutes,
            photos,
            voice_heard=voice_heard,
            draft_days=draft_days,
        )
        self._networks = ClientNetworks(trusted_proxies)
        self.cookies = cookies
        self._own_file = own_file
        self._uploads = Uploads(
            self.pages, cookies, lambda: self._accept, self._networks, self._admits
        )
        self._announce = announce
        self._dwell = dwell
        self._accept: Accept | None = None
        self._open: dict[str, list[OpenPage]] = {}
        self.limits = ChatLimits()
        self._over = False
        self._entries: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def setup(self, app: web.Application) -> None:
        """Add the routes, and headers that keep every page of the application to itself."""
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._shutdown)
        app.middlewares.append(error_pages(self.pages.error))
        app.add_routes(
            [
                web.get("/", self._chat),
                web.get(LINK, self._link),
                web.post(LINK, self._tapped),
                web.get("/privacy", self._privacy),
                web.get("/gone", self._gone),
                web.post("/wipe", self._wipe),
                web.post("/wipe/undo", self._unwipe),
                web.get("/ws", self._socket),
                *self._uploads.routes(),
                *page_files().routes(),
                *OwnFiles(self.cookies, self._own_file).routes(),
                *unasked(self.pages.words),
            ]
        )

    async def run(self, accept: Accept) -> None:
        """Receive until cancelled; pages that come before or after wait and try again."""
        self._accept = accept
        try:
            await asyncio.Event().wait()
        finally:
            self._accept = None

    async def send(self, outgoing: Outgoing) -> str:
        """Show a row on the open pages of its address. A page that is not there reads the row from
        the log when it comes."""
        if self._announce is not None:
            await self._announce("rows", outgoing.address)
            return ""
        for connection in self._open.get(outgoing.address, ()):
            connection.push(outgoing)
        return ""

    async def forget(self, address: str) -> None:
        """Clear the open pages of an address whose log was erased, and show what is left of it."""
        await self._everywhere("reset", address)

    def hear(self, what: str, address: str) -> None:
        """What a process announced: pages of an address have new `rows` in the log, must begin
        again (`reset`), or are `gone`. `again`: any page may have missed something."""
        match what:
            case "rows":
                for connection in self._open.get(address, ()):
                    connection.follow()
            case "reset":
                for connection in self._open.get(address, ()):
                    connection.restart()
            case "gone":
                for connection in self._open.get(address, ()):
                    connection.tell({"t": "gone"})
            case "again":
                for connections in self._open.values():
                    for connection in connections:
                        connection.follow()

    async def _everywhere(self, what: str, address: str) -> None:
        if self._announce is None:
            self.hear(what, address)
        else:
            await self._announce(what, address)

    async def close(self) -> None:
        """Let go of the open pages; they come back by themselves."""
        every = [one for connections in self._open.values() for one in connections]
        await asyncio.gather(*(connection.close(1001) for connection in every))

    async def _shutdown(self, _app: web.Application) -> None:
        self._over = True
        await self.close()

    async def _chat(self, request: web.Request) -> web.Response:
        address = await self.cookies.address_of(request)
        language = self.pages.words(request)[0]
        rows = await first_words(self._opening, address, language, self._dwell())
        address = address or self.cookies.new_address()
        response = self.pages.chat(request, rows, teller=external_id(address, "page"))
        self.cookies.keep(request, response, address)
        return response

    async def _link(self, request: web.Request, note: str = "", status: int = 200) -> web.Response:
        """What a link asks. Nothing happens yet: programs open links too, and run their script."""
        payload = request.match_info["payload"]
        language = self.pages.language(request.headers.get("Accept-Language", ""))
        if request.match_info["door"] == "s":
            if not self.limits.look_up(self._networks.of(request)):
                slow = Choices(language, self.pages.labels(language)["busy"], ())
                return self.pages.link(slow, status=429)
            payload = f"s-{payload}"
        asked = await self._choices(payload, language)
        desk = desk_of(request)
        response = self.pages.link(asked, note, status, desk)
        await self.cookies.give(request, response, anew=bool(desk) and not note)
        return response

    async def _tapped(self, request: web.Request) -> web.StreamResponse:
        """A tap on the page of a link: it is taken once, and the chat shows what came of it."""
        if not self.pages.ours(request):
            raise web.HTTPForbidden
        payload = request.match_info["payload"]
        address = await self.cookies.address_of(request)
        if not address:  # and the page gives a cookie to a browser that takes one
            return await self._link(request, "web.no_cookies", 400)
        network = self._networks.of(request)
        if not (self.limits.frames.take(address) and await self._admits(address, network)):
            return await self._link(request, "busy", 503)
        mark = request.query.get("mark", "")[:64] or secrets.token_hex(16)
        arrival = Arrival(
            self.name,
            external_id(address, f"link {mark}"),
            address,
            Account("start", payload),
            self.pages.language(request.headers.get("Accept-Language", "")),
        )
        if not await self._taken(arrival):
            return await self._link(request, "busy", 503)
        return web.Response(status=303, headers={"Location": chat_page(desk_of(request))})

    async def _privacy(self, request: web.Request) -> web.Response:
        return self.pages.privacy(request)

    async def _gone(self, request: web.Request) -> web.Response:
        return self.pages.gone(request, undo=bool(self.cookies.left(request)))

    async def _wipe(self, request: web.Request) -> web.Response:
        """Let a browser go at once, and erase everything of it (`?what=chat`: all but its kept
        stories) in a few seconds. `?what=desk`: the same as `chat`, with no way back, because who
        left a desk in silence is not who stands there now. 503 when that was not committed: the
        page must not say so."""
        if not self.pages.ours(request):
            raise web.HTTPForbidden
        address, asked = await self.cookies.address_of(request), request.query.get("what")
        if address:
            what = "chat" if asked in ("chat", "desk") else "now"
            known = await self._opening(address, "") is None  # else there is nothing to erase
            if known and not await self._asked(address, Account("wipe", what)):
                raise web.HTTPServiceUnavailable
            await self._everywhere("gone", address)
        response = self.pages.forgetful()
        self.cookies.take_back(response)
        if address and asked != "desk":
            self.cookies.leave(response, address)
        return response

    async def _admits(self, address: str, network: ClientNetwork) -> bool:
        """Whether a browser may send something: it is known, or it may begin a conversation."""
        return await self._opening(address, "") is None or self.limits.begin(network)

    async def _unwipe(self, request: web.Request) -> web.Response:
        """After all not: the browser is known again, and nothing is erased if that is in time."""
        if not self.pages.ours(request):
            raise web.HTTPForbidden
        response = web.Response(status=303, headers={"Location": chat_page(desk_of(request))})
        if address := self.cookies.left(request):
            if not await self._asked(address, Account("unwipe")):
                raise web.HTTPServiceUnavailable
            self.cookies.come_back(response, address)
        return response

    async def _asked(self, address: str, event: Account) -> bool:
        """An account command that a page gives by itself, taken once."""
        once = external_id(address, f"{event.name} {secrets.token_hex(16)}")
        return await self._taken(Arrival(self.name, once, address, event))

    async def _taken(self, arrival: Arrival) -> bool:
        if self._accept is None:
            return False
        try:
            await self._accept([arrival])
        except Exception as error:
            _log.warning("a tap on a page was not taken: %s", reason(error))
            return False
        return True

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self.pages.ours(request):
            raise web.HTTPForbidden

        def cut() -> None:
            if request.transport is not None:
                request.transport.abort()

        accept, places = self._accept, self.limits.places
        place = places.take(self._networks.of(request), cut) if accept else None
        if accept is None or place is None:
            raise web.HTTPServiceUnavailable
        try:
            return await self._talk(request, accept, place)
        finally:
            places.leave(place)

    async def _talk(
        self, request: web.Request, accept: Accept, place: PageSlot
    ) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME)
        address = await self.cookies.greet(request, socket)
        await socket.prepare(request)
        if not address:
            await socket.send_json({"t": "error", "code": "no_cookie"})
            await socket.close(code=1008)
            return socket
        entry = self._entries.setdefault(address, asyncio.Lock())
        connection = OpenPage(
            socket,
            address,
            accept,
            self.log,
            self._opening,
            self._greeting,
            entry,
            place,
            self.limits,
            self._dwell(),
        )
        try:
            await self._enter(address, connection)
            if self._over:  # it came while the others were let go
                await connection.close(1001)
            await connection.serve()
        finally:
            self._leave(address, connection)
        return socket

    async def _enter(self, address: str, connection: OpenPage) -> None:
        connections = self._open.setdefault(address, [])
        connections.append(connection)
        if len(connections) > PAGES_PER_PERSON:
            await connections.pop(0).close(1008)

    def _leave(self, address: str, connection: OpenPage) -> None:
        connections = self._open.get(address, [])
        if connection in connections:
            connections.remove(connection)
        if not connections:
            self._open.pop(address, None)

    def _greeting(self, language: str, shown: str) -> dict[str, object]:
        """What a page is told first; its texts when those it has are of another language."""
        language = self.pages.language(language)
        greeting: dict[str, object] = {
            "t": "hello",
            "languages": [list(one) for one in self.pages.languages],
            "language": language,
            "dir": direction(language),
        }
        if language != shown:
            greeting["labels"] = self.pages.texts.of_page(self.pages.labels(language))
        return greeting
