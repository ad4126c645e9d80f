"""Login with a one-time link, and logout."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.coordinators.after_login import checked_page, signed
from bot.coordinators.login_links import send_links
from bot.coordinators.pages.site import COOKIE, Site, Visit, see_other
from bot.network_limiter import NetworkLimiter
from bot.rate_limiter import Limiter
from bot.validation.mail_addresses import NoAddress, parse_address
from storage.coordinators import audit, coordinators, logins
from storage.engine.transaction import Transaction

SESSION = timedelta(hours=12)
LETTERS = 5, 3 * 60
"""Login links for one mail address at once, and the seconds between more of them."""
VISITORS = 300, 3
"""Requests of one network for a link at once, and the seconds between more of them: behind one
address may stand everybody of a municipality, all with their digest of Monday morning."""
FAILURES = 30, 30
"""Links that are none, tried from one network at once, and the seconds between more of them."""


class LoginPages:
    """`/coordinator/login`: ask for a link, use it once, end the session. The page that was
    asked for comes along through form and link."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._letters = Limiter(*LETTERS)
        self._visitors = NetworkLimiter(*VISITORS)
        self._failures = NetworkLimiter(*FAILURES)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/coordinator/login", self._form),
            web.post("/coordinator/login", self._ask),
            web.get("/coordinator/login/{token}", self._confirm),
            web.post("/coordinator/login/{token}", self._login),
            web.post("/coordinator/logout", self.site.guard(self._logout)),
            web.post("/coordinator/logout/everywhere", self.site.guard(self._everywhere)),
        ]

    async def _form(self, _request: web.Request) -> web.Response:
        return self.site.page(None, "login.html", sent=False)

    async def _ask(self, request: web.Request) -> web.Response:
        """Send a link to a known address. Unknown or not, the answer is the same."""
        site = self.site
        if not (site.same_site(request) and await site.readable(request)):
            return site.page(None, "message.html", status=403, key="error.form")
        form, vault = await request.post(), site.services.vault
        typed, page = str(form.get("address", "")).strip(), checked_page(vault, form)
        carried = signed(vault, page)
        if not self._visitors.take(site.networks.of(request)):
            return self._too_many()
        try:
            address = parse_address(typed)
        except NoAddress:
            return site.page(
                None,
                "login.html",
                status=400,
                sent=False,
                problem="people.address",
                carried=carried,
            )
        if not self._letters.take(site.networks.hashed(address)):
            return self._too_many()
        now, url = site.clock.now(), site.services.settings.public_url

        def send(connection: Transaction) -> None:
            for one in dict.fromkeys((address, typed)):
                known = coordinators.with_address(connection, "mail", one)
                if known:
                    send_links(connection, known, url, now, page)
                    return

        await site.database.write(send)
        return site.page(None, "login.html", sent=True)

    async def _confirm(self, request: web.Request) -> web.Response:
        """A button first: a program that looks at links in letters must not use one up."""
        return self.site.page(None, "confirm.html", action=request.path_qs)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        """With a token that is too long to be guessed: only those that are none are counted."""
        site, token = self.site, request.match_info["token"]
        vault, now = site.services.vault, site.clock.now()
        if not site.same_site(request):
            return site.page(None, "message.html", status=403, key="error.form")

        def login(connection: Transaction) -> str | None:
            who_id = logins.use_link(connection, token, now)
            who = who_id and coordinators.by_id(connection, who_id)
            if not who:
                return None
            audit.note(connection, who, "login", now)
            return logins.open_session(connection, who.id, now, SESSION)

        session = await site.database.write(login)
        if (
            session is None
        ):  # a token is too long to be guessed: who has a good one is never held up
            if not self._failures.take(site.networks.of(request)):
                return self._too_many()
            return site.page(None, "message.html", status=403, key="login.expired")
        response = see_other(checked_page(vault, request.query))
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=site.services.settings.public_url.startswith("https:"),
            path="/coordinator",
        )
        return response

    def _too_many(self) -> web.Response:
        return self.site.page(None, "message.html", status=429, key="error.slow")

    async def _logout(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        token = request.cookies.get(COOKIE, "")
        await self.site.database.write(lambda c: logins.end_session(c, token))
        await self.site.note(visit, "logout")
        return _out()

    async def _everywhere(self, _request: web.Request, visit: Visit) -> web.StreamResponse:
        who = visit.who.id
        await self.site.database.write(lambda c: logins.end_all_sessions(c, who))
        await self.site.note(visit, "sessions_ended")
        return _out()


def _out() -> web.Response:
    response = see_other("/coordinator/login")
    response.del_cookie(COOKIE, path="/coordinator")
    return response
