"""What all coordinator pages share: sessions, CSRF, headers, templates."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from markupsafe import Markup

from bot.assets.named_files import NamedFiles
from bot.channels.web.page_files import STATIC, page_files
from bot.client_networks import ClientNetworks
from bot.clock import Clock
from bot.coordinators.after_login import signed, wanted_page
from bot.coordinators.compiled_pages import CompiledPages
from bot.coordinators.kept_results import KeptResults
from bot.coordinators.phrases import CoordinatorPhrases, words
from bot.helper.tasks import Helper, HelperFailed
from bot.rate_limiter import Limiter
from bot.services import Services
from bot.templating import templates_in
from bot.validation.unicode_input import replace_surrogates
from storage.coordinators import audit, logins
from storage.coordinators.coordinators import Coordinator, Role
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.weeks import AMSTERDAM

_log = logging.getLogger(__name__)
HERE = Path(__file__).parents[1]
COOKIE = "vertelbot_coordinator"
EVERYONE: tuple[Role, ...] = ("association", "team", "reader")
ASSOCIATION: tuple[Role, ...] = ("association",)
MODERATORS: tuple[Role, ...] = ("association", "team")
PAGES_A_MINUTE = 240
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "script-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with none at all, a form would not say where it comes from
    "X-Robots-Tag": "noindex",
}

MENU: dict[str, Collection[Role]] = {
    "overview": EVERYONE,
    "stories": EVERYONE,
    "patterns": EVERYONE,
    "sessions": EVERYONE,
    "digest": MODERATORS,
    "meetings": MODERATORS,
    "files": MODERATORS,
    "figures": EVERYONE,
    "guides": EVERYONE,
    "people": MODERATORS,
    "teams": EVERYONE,
    "settings": EVERYONE,
}
"""The entries of the menu, and who sees each."""
ELSEWHERE = {
    "story": "stories",
    "queue": "stories",
    "log": "people",
    "blocked": "people",
    "limits": "sessions",
    "public": "sessions",
    "threads": "sessions",
    "whatsapp": "settings",
}
"""Pages that belong to an entry of the menu by another name than the beginning of their path."""


@cache
def site_files() -> NamedFiles:
    """Read once, at the start."""
    folder = HERE / "static"
    sheets = {"coordinator.css": [STATIC / "base.css", folder / "coordinator.css"]}
    return NamedFiles(
        "/coordinator/static",
        folder,
        sheets=sheets,
        scripts=["guides.js", "live.js", "menu.js", "story.js"],
        beside=page_files(),
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone who is logged in, at one request. `csrf` stands in every form of the session,
    `entry` is the entry of the menu that the page belongs to."""

    who: Coordinator
    csrf: str
    words: CoordinatorPhrases
    entry: str


def menu_entry(path: str) -> str:
    """The entry of the menu that a path belongs to: `overview`, `stories`…; empty for none."""
    room = path.removeprefix("/coordinator").strip("/").partition("/")[0] or "overview"
    entry = ELSEWHERE.get(room, room)
    return entry if entry in MENU else ""


Handler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


class Site:
    """Everything a page needs. `guard` makes a handler out of what only some may do."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        templates: Sequence[Path],
        helper: Helper,
    ) -> None:
        self.database = database
        self.services = services
        self.clock = clock
        self.helper = helper
        self.results = KeptResults(database, helper)
        self.networks = ClientNetworks(services.settings.web.trusted_proxies)
        self._pages = Limiter(PAGES_A_MINUTE, 60 / PAGES_A_MINUTE)
        folders = [HERE / "templates", *templates]
        self._compiled = CompiledPages(helper, folders)
        self._templates = templates_in(
            *folders,
            compiled=self._compiled.cache,
            asset=site_files().url,
            page_asset=page_files().url,
        )

    def guard(
        self, handler: Handler, roles: Collection[Role] = EVERYONE
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Only for these roles, and only from a page of ours when something is changed."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            token = replace_surrogates(request.cookies.get(COOKIE, ""))
            who = await self._who(token)
            if who is None:
                carried = signed(self.services.vault, wanted_page(request))
                return self.page(None, "login.html", status=401, sent=False, carried=carried)
            visit = Visit(who, self.csrf(token), words(who.language), menu_entry(request.path))
            if not self._pages.take(who.id):
                return self.page(visit, "message.html", status=429, key="error.slow")
            try:
                ours = request.method != "POST" or await self._ours(request, visit.csrf)
            except web.HTTPRequestEntityTooLarge:
                own = f"error.too_large.{visit.entry}"
                key = own if visit.words.has(own) else "error.too_large"
                return self.page(visit, "message.html", status=413, key=key)
            if not ours:
                return self.page(visit, "message.html", status=403, key="error.form")
            if who.role not in roles:
                return self.page(visit, "message.html", status=403, key="error.role")
            self.helper.warm()
            await self._compiled.ready()
            try:
                return await handler(request, visit)
            except HelperFailed as problem:
                _log.error("a page could not be made: %s", problem)
                return self.page(visit, "message.html", status=503, key="error.reading")

        return guarded

    def page(
        self,
        visit: Visit | None,
        template: str,
        status: int = 200,
        language: str = "nl",
        **facts: object,
    ) -> web.Response:
        """A page, in the language of who is there; for a stranger in this one."""
        said = visit.words if visit else words(language)
        text = self._templates.get_template(template).render(
            t=said,
            who=visit.who if visit else None,
            csrf=lambda: _hidden(visit.csrf if visit else ""),
            here=template,
            menu=MENU,
            entry=visit.entry if visit else "",
            **facts,
        )
        return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)

    def part(self, visit: Visit, template: str, **facts: object) -> Markup:
        """A part of a page, made of a template of its own, which escapes what it is given."""
        made = self._templates.get_template(template).render(t=visit.words, who=visit.who, **facts)
        return Markup(made)  # noqa: S704 - made of a template, which escapes

    def missing(self, visit: Visit) -> web.Response:
        """There is no such thing, or not for this coordinator: both look the same."""
        return self.page(visit, "message.html", status=404, key="error.missing")

    async def note(self, visit: Visit, action: audit.Action, **about: str) -> None:
        """Add a line to the audit log."""
        now = self.clock.now()

        def add(connection: Transaction) -> None:
            audit.note(connection, visit.who, action, now, **about)

        await self.database.write(add)

    def today(self) -> str:
        """The day it is in the Netherlands, in ISO form."""
        return self.clock.now().astimezone(AMSTERDAM).date().isoformat()

    def csrf(self, token: str) -> str:
        """What the forms of a session carry; nobody can make it without the key."""
        return self.services.vault.token_hash(f"form:{token}")

    def same_site(self, request: web.Request) -> bool:
        """Whether no page of another site sent the request; a browser says so of every form."""
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        public = urlsplit(self.services.settings.public_url)
        try:
            return urlsplit(origin).netloc in (request.host, public.netloc)
        except ValueError:
            return False

    async def readable(self, request: web.Request) -> bool:
        """Whether the form of a request can be read. No browser sends one that cannot."""
        try:
            for name, value in (await request.post()).items():
                text = value.filename if isinstance(value, web.FileField) else str(value)
                f"{name}{text}".encode()  # not when it holds half a character
        except (LookupError, ValueError):
            return False
        return True

    async def _ours(self, request: web.Request, csrf: str) -> bool:
        if not await self.readable(request):
            return False
        form = await request.post()
        return self.same_site(request) and hmac.compare_digest(
            str(form.get("csrf", "")).encode(), csrf.encode()
        )

    async def _who(self, token: str) -> Coordinator | None:
        if not token:
            return None
        now = self.clock.now()
        return await self.database.read(lambda session: logins.in_session(session, token, now))


def said_of(request: web.Request, visit: Visit, key: str) -> str:
    """The sentence about how many were added, by the number in the address of a page."""
    added = request.query.get("added", "")
    return visit.words.many(key, int(added)) if added.isdecimal() and len(added) < 6 else ""


def see_other(path: str) -> web.Response:
    """Go on to a page after a form."""
    return web.Response(status=303, headers={"Location": path, **HEADERS})


def _hidden(csrf: str) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf)
