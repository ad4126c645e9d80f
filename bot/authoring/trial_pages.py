"""The pages on which a guide is tried: the real chat, marked and coloured, over a rehearsal."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from functools import partial

from aiohttp import web
from markupsafe import Markup

from bot.authoring.guide_desk import GuideDesk, TriedGuide
from bot.authoring.guide_links import drawn
from bot.authoring.guide_pages import GuidePages
from bot.authoring.rehearsal import Rehearsal, Rehearsals
from bot.channels.web.channel import HEARTBEAT
from bot.channels.web.frames import MAX_FRAME
from bot.channels.web.limits import ChatLimits
from bot.channels.web.pages import ChatPages, direction
from bot.channels.web.socket import OpenPage
from bot.coordinators.pages.site import Site, Visit
from conversations.authoring.draft_check import can_be_told

TRIAL = "/proef/{token:[0-9a-f]{32}}"
PHONE = "/coordinator/guides/{id}/phone/{step}"
LOADING = "{loading:[0-9a-f]{32}}/ws"


class TrialPages(GuidePages):
    """`/proef/<token>` for who got the link; `/coordinator/guides/<id>/phone/<step>` for its
    author, from a step (`-`: the first)."""

    def __init__(self, site: Site, desk: GuideDesk) -> None:
        super().__init__(site, desk)
        self.rehearsals = Rehearsals()
        self.limits = ChatLimits()
        self.limits.places.most = 500
        shelf, settings = site.services.shelf, site.services.settings
        library = shelf.shipped
        self.pages = ChatPages(
            lambda language: library.phrases(language).sentences,
            [(each, library.name(each)) for each in library.spoken],
            _no_sections,
            settings.public_url,
            0,
            False,
            voice_heard=False,
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            self.post("/try", self._try),
            web.get(TRIAL, self._trial),
            web.get(f"{TRIAL}/{LOADING}", self._trial_socket),
            self.get(PHONE, self._phone),
            self.get(f"{PHONE}/{LOADING}", self._phone_socket),
        ]

    async def _try(self, request: web.Request, visit: Visit) -> web.Response:
        """A link to try what is written now, for a day."""
        written = await self.edits.written(request)
        if written is None:
            return self.site.missing(visit)
        if not can_be_told(await self.desk.checked(written, visit.words.language)):
            problem = visit.words("guides.try.cannot")
            return self.site.page(
                visit, "guide_try.html", 400, guide=written.guide, problem=problem
            )
        token = await self.desk.link(written.guide, written.revision)
        link = f"{self.site.services.settings.public_url}/proef/{token}"
        code = drawn(link).code
        return self.site.page(
            visit, "guide_try.html", guide=written.guide, problem="", link=link, code=code
        )

    async def _trial(self, request: web.Request) -> web.Response:
        """Nothing happens yet: programs open links too."""
        if await self.desk.tried(request.match_info["token"]) is None:
            said = "web.rehearsal_gone", "web.rehearsal_gone_text"
            return self.pages.error(request, said, 404)
        return self.chat(request, f"/proef/{request.match_info['token']}")

    async def _trial_socket(self, request: web.Request) -> web.StreamResponse:
        tried = await self.desk.tried(request.match_info["token"])
        return await self.talk(request, tried, "")

    async def _phone(self, request: web.Request, visit: Visit) -> web.Response:
        guide, step = request.match_info["id"], request.match_info["step"]
        if await self.desk.as_saved(guide) is None:
            return self.site.missing(visit)
        return self.chat(request, f"/coordinator/guides/{guide}/phone/{step}")

    async def _phone_socket(self, request: web.Request, _visit: Visit) -> web.StreamResponse:
        tried = await self.desk.as_saved(request.match_info["id"])
        step = request.match_info["step"]
        return await self.talk(request, tried, "" if step == "-" else step)

    def phone(self, request: web.Request, guide: str) -> Markup:
        """The chat to stand beside the list of a guide, from its first step."""
        path = f"/coordinator/guides/{guide}/phone/-/{secrets.token_hex(16)}"
        return self.pages.beside(request, path)

    def chat(self, request: web.Request, path: str) -> web.Response:
        """The chat of a rehearsal at this path, one for each loading."""
        return self.pages.chat(request, rehearsal=f"{path}/{secrets.token_hex(16)}")

    async def talk(
        self, request: web.Request, tried: TriedGuide | None, step: str
    ) -> web.StreamResponse:
        """Rehearse a guide from a step (empty: the first)."""
        if tried is None:
            raise web.HTTPNotFound
        if not self.pages.ours(request):
            raise web.HTTPForbidden
        place = self.limits.places.take(self.site.networks.of(request), _transport_of(request))
        if place is None:
            raise web.HTTPServiceUnavailable
        name = request.match_info["loading"]
        rehearsal = self.rehearsals.enter(name, Rehearsal(tried.told, self.desk.facts, step))
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME)
        await socket.prepare(request)
        page = OpenPage(
            socket,
            name,
            rehearsal.accept,
            rehearsal.log,
            rehearsal.opening,
            partial(self._greeting, tried),
            asyncio.Lock(),
            place,
            self.limits,
            self.site.services.shelf.dwell,
        )
        rehearsal.pages.append(page)
        try:
            await page.serve()
        finally:
            rehearsal.pages.remove(page)
            self.limits.places.leave(place)
            self.rehearsals.leave(name)
        return socket

    def _greeting(self, tried: TriedGuide, language: str, shown: str) -> dict[str, object]:
        language = self.pages.language(language)
        greeting: dict[str, object] = {
            "t": "hello",
            "languages": [
                list(each) for each in self.pages.languages if each[0] in tried.languages
            ],
            "language": language,
            "dir": direction(language),
        }
        if language != shown:
            labels = self.site.services.shelf.shipped.phrases(language).sentences
            greeting["labels"] = self.pages.texts.of_page(labels)
        return greeting


def _transport_of(request: web.Request) -> Callable[[], None]:
    def cut() -> None:
        if request.transport is not None:
            request.transport.abort()

    return cut


def _no_sections(_language: str) -> Sequence[tuple[str, str]]:
    return ()
