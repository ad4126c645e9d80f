"""The page `/bereik`: where someone may be reached, in which order, when not, and not at all.

It also takes the subscriptions of browsers (`/push`), and serves what works without a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from aiohttp import web

from bot.bells.bell_address import WrongAddress, mask, read_address
from bot.channels.push.subscription import NoSubscription, read_subscription
from bot.channels.web.cookies import Cookies
from bot.channels.web.page_files import STATIC, TEMPLATES, page_files
from bot.channels.web.pages import ChatPages, direction
from bot.meetings.prompts.answers import decline_all
from bot.rate_limiter import Limiter
from bot.services import Services
from bot.templating import templates_in
from storage.bells import bells
from storage.bells.bells import StoredBell
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.people import people
from storage.people.people import Person

MOST_ADDRESSES = 5
"""Addresses that one page may give: it is no machine to ring strangers with."""
MOST_BYTES = 8192
TRIES = 60, 5.0
"""Changes of one browser at once, and the seconds between more of them."""
KINDS = {"mail": "email", "sms": "tel", "whatsapp": "tel"}
"""Channels whose address is typed, and what kind of address it is."""


@dataclass(frozen=True, slots=True)
class ShownBell:
    """A bell on the page; of its address only enough to know it again."""

    channel: str
    name: str
    shown: str
    problem: str


class BellPages:
    """Adds the pages to an application. `channels` are those that ring here, `key` is the public
    key of web push (empty: there is none)."""

    def __init__(
        self,
        database: Database,
        services: Services,
        pages: ChatPages,
        cookies: Cookies,
        channels: Collection[str],
        key: str = "",
    ) -> None:
        self._database = database
        self._services = services
        self._pages = pages
        self._cookies = cookies
        self._channels = channels
        self._key = key
        self._tries = Limiter(*TRIES)
        templates = Path(__file__).parent / "templates"
        self._templates = templates_in(templates, TEMPLATES, asset=page_files().url)

    def setup(self, app: web.Application) -> None:
        app.add_routes(
            [
                web.get("/bereik", self._show),
                web.post("/bereik", self._change),
                web.post("/push", self._subscribe),
                web.get("/sw.js", _worker),
                web.get("/offline", self._offline),
            ]
        )

    async def _show(self, request: web.Request, note: str = "") -> web.Response:
        address = await self._cookies.address_of(request)

        def read(session: Snapshot) -> tuple[Person | None, list[StoredBell]]:
            person = people.find(session, "web", address) if address else None
            mine = bells.of_person(session, person.id) if person else []
            return person, mine

        person, mine = await self._database.read(read)
        rules = self._services.settings.prompts
        _, _, label = self._words(request, person)
        quiet = person.memory.quiet if person else ()
        has = {each.channel for each in mine if not each.problem}
        return self._page(
            request,
            "bells.html",
            person,
            status=400 if note else 200,
            note=note,
            known=person is not None,
            off=person is not None and person.memory.prompts == "off",
            bells=[
                ShownBell(each.channel, label[f"bells_{each.channel}"], mask(each), each.problem)
                for each in mine
            ],
            key=self._key,
            rings_push="push" in has,
            addable=[
                (name, kind, label[f"bells_{name}"], label[f"bells_address_{kind}"])
                for name, kind in KINDS.items()
                if name in self._channels and name not in has
            ],
            quiet=quiet or ("", ""),
            quiet_note=label["bells_quiet_note"]
            .replace("{from}", f"{rules.quiet_from:%H:%M}")
            .replace("{until}", f"{rules.quiet_until:%H:%M}"),
        )

    async def _change(self, request: web.Request) -> web.Response:
        """One choice of the page. A wrong address is said; everything else shows the page anew."""
        if not self._pages.ours(request):
            raise web.HTTPForbidden
        form = await request.post()
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        what, _, channel = given.get("do", "").partition(":")
        changes = {
            "add": lambda c, p: self._add(c, p, channel, given.get("address", "")),
            "remove": lambda c, p: bells.remove(c, p.id, channel),
            "first": lambda c, p: self._first(c, p, channel),
            "quiet": lambda c, p: self._quiet(c, p, given.get("from", ""), given.get("until", "")),
            "off": self._off,
            "on": lambda c, p: self._keep(c, p.remembering(prompts="")),
        }
        if what not in changes:
            raise web.HTTPBadRequest
        try:
            await self._write(request, changes[what])
        except WrongAddress:
            return await self._show(request, "bells_refused")
        return web.Response(status=303, headers={"Location": "/bereik"})

    async def _subscribe(self, request: web.Request) -> web.Response:
        """A browser says where to ring. A new subscription takes the place of the old one; with
        `?keep` it only does that, and a browser whose bell was taken away hears so (410)."""
        if not self._pages.ours(request):
            raise web.HTTPForbidden
        if not self._key or (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPNotFound
        try:
            sent = read_subscription(
                await request.read(), private=self._services.settings.push.private
            )
        except NoSubscription:
            raise web.HTTPBadRequest from None
        keeps = "keep" in request.query

        def put(connection: Transaction, person: Person) -> None:
            mine = bells.of_person(connection, person.id)
            if keeps and not any(each.channel == "push" for each in mine):
                raise web.HTTPGone
            bells.put(connection, person.id, "push", sent.address)

        await self._write(request, put)
        return web.Response(status=204)

    async def _offline(self, request: web.Request) -> web.Response:
        """What a browser keeps to show without a connection. It holds nothing of anybody."""
        return self._page(request, "offline.html", None)

    async def _write(
        self, request: web.Request, change: Callable[[Transaction, Person], object]
    ) -> None:
        """Change something about the person of this browser. Raises HTTPForbidden for a browser
        that nobody talked in."""
        address = await self._cookies.address_of(request)
        if not address:
            raise web.HTTPForbidden
        if not self._tries.take(address):
            raise web.HTTPTooManyRequests

        def write(connection: Transaction) -> bool:
            for person in people.at(connection, "web", [address]):
                change(connection, person)
                return True
            return False

        if not await self._database.write(write):
            raise web.HTTPForbidden

    # -- changes

    def _add(self, connection: Transaction, person: Person, channel: str, typed: str) -> None:
        if channel not in KINDS or channel not in self._channels:
            raise WrongAddress
        if person.memory.addresses >= MOST_ADDRESSES:
            raise WrongAddress
        address = read_address(KINDS[channel], typed, channel)
        known = people.at(connection, channel, [address])
        if any(each.blocked or each.memory.prompts == "off" for each in known):
            raise WrongAddress
        bells.put(connection, person.id, channel, address)
        self._keep(connection, person.remembering(addresses=person.memory.addresses + 1))

    def _first(self, connection: Transaction, person: Person, channel: str) -> None:
        mine = [each.channel for each in bells.of_person(connection, person.id)]
        if channel in mine:
            rest = [each for each in mine if each != channel]
            bells.arrange(connection, person.id, [channel, *rest])

    def _quiet(self, connection: Transaction, person: Person, begin: str, end: str) -> None:
        try:
            hours = tuple(f"{time.fromisoformat(each):%H:%M}" for each in (begin, end) if each)
        except ValueError:
            raise WrongAddress from None
        self._keep(connection, person.remembering(quiet=hours if len(hours) == 2 else ()))

    def _off(self, connection: Transaction, person: Person) -> None:
        """Nothing rings any more, and no question comes."""
        bells.remove_all(connection, person.id)
        self._keep(connection, person.remembering(prompts="off"))
        decline_all(connection, [person.id])

    def _keep(self, connection: Transaction, person: Person) -> None:
        people.save(connection, person)

    # -- pages

    def _words(
        self, request: web.Request, person: Person | None
    ) -> tuple[str, str, dict[str, str]]:
        language = person.language if person else self._pages.words(request)[0]
        phrases = self._services.shelf.library.phrases(language)
        return language, direction(language), dict(phrases.sentences)

    def _page(
        self,
        request: web.Request,
        name: str,
        person: Person | None,
        *,
        status: int = 200,
        **facts: object,
    ) -> web.Response:
        language, aligned, label = self._words(request, person)
        text = self._templates.get_template(name).render(
            label=label, language=language, dir=aligned, **facts
        )
        response = web.Response(text=text, content_type="text/html", status=status)
        response.headers["Referrer-Policy"] = "same-origin"  # else a form does not say its origin
        return response


async def _worker(_request: web.Request) -> web.Response:
    """The service worker; from the root, for it rings for all of the site."""
    headers = {"Cache-Control": "no-cache"}
    text = (STATIC / "sw.js").read_text("utf-8")
    return web.Response(text=text, content_type="text/javascript", headers=headers)
