"""The signed cookie that identifies a browser: only this server can make one."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

OLD_COOKIE = "vertelbot"
"""The cookie of before, a token that nobody had signed; without https also the one of now."""
COOKIE_DAYS = 180
LEAVING = 10
"""How many seconds a browser that left can still come back."""

_SIGNED = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Cookies:
    """Gives browsers their cookie and reads it: the address of a person, with a signature.

    `sign` makes the signature; it must stay the same when keys are rotated. `is_known` says whether
    somebody talked at an address: only then an unsigned cookie of before is read, and the signed
    one takes its place, so that a conversation goes on. Any other unsigned one could have been
    planted by another site under the same domain. Where there is https the name forbids that.
    """

    def __init__(
        self,
        sign: Callable[[str], str],
        is_known: Callable[[str], Awaitable[bool]],
        *,
        https: bool,
    ) -> None:
        self._sign = sign
        self._is_known = is_known
        self._https = https
        self.name = f"__Host-{OLD_COOKIE}" if https else OLD_COOKIE
        self.leaving = f"{self.name}-leaving"

    async def address_of(self, request: web.Request) -> str:
        """The address of a browser. Empty without a good cookie."""
        if address := self._signed(request):
            return address
        token = request.cookies.get(OLD_COOKIE, "")
        if not _TOKEN.fullmatch(token):
            return ""
        address = hashlib.sha256(token.encode()).hexdigest()
        return address if await self._is_known(address) else ""

    def _signed(self, request: web.Request, name: str = "") -> str:
        found = _SIGNED.fullmatch(request.cookies.get(name or self.name, ""))
        if found is None or not hmac.compare_digest(self._sign(found[1]), found[2]):
            return ""
        return found[1]

    async def give(
        self, request: web.Request, response: web.StreamResponse, *, anew: bool = False
    ) -> str:
        """Let the response carry the cookie by which the browser is known from now on: the address
        in it, which is a new one where it had no good cookie, or where somebody else comes."""
        known = "" if anew else await self.address_of(request)
        return self.keep(request, response, known or self.new_address())

    def new_address(self) -> str:
        """An address at which nobody was ever."""
        return secrets.token_hex(32)

    def keep(self, request: web.Request, response: web.StreamResponse, address: str) -> str:
        """Let the response carry the cookie of this address. Returns the address."""
        self._set(response, self.name, address, COOKIE_DAYS * 86_400)
        if self.name != OLD_COOKIE and OLD_COOKIE in request.cookies:
            response.del_cookie(OLD_COOKIE, path="/", httponly=True, samesite="Lax")
        return address

    async def greet(self, request: web.Request, socket: web.WebSocketResponse) -> str:
        """The address of a page that opens a socket. One that was loaded before cookies were signed
        gets its new cookie here; one that sends none at all gets none: it would not keep it."""
        if address := self._signed(request):
            return address
        sent = {self.name, OLD_COOKIE} & request.cookies.keys()
        return await self.give(request, socket) if sent else ""

    def take_back(self, response: web.StreamResponse) -> None:
        """Let the browser forget its cookie."""
        response.del_cookie(self.name, path="/", httponly=True, samesite="Lax", secure=self._https)
        if self.name != OLD_COOKIE:
            response.del_cookie(OLD_COOKIE, path="/", httponly=True, samesite="Lax")

    def leave(self, response: web.StreamResponse, address: str) -> None:
        """Let the browser know for a few seconds who was here."""
        self._set(response, self.leaving, address, LEAVING)

    def left(self, request: web.Request) -> str:
        """Who left this browser just now; empty when that is too long ago."""
        return self._signed(request, self.leaving)

    def come_back(self, response: web.StreamResponse, address: str) -> None:
        """Let the browser be known again."""
        self._set(response, self.name, address, COOKIE_DAYS * 86_400)
        response.del_cookie(
            self.leaving, path="/", httponly=True, samesite="Lax", secure=self._https
        )

    def _set(self, response: web.StreamResponse, name: str, address: str, seconds: int) -> None:
        response.set_cookie(
            name,
            f"{address}.{self._sign(address)}",
            max_age=seconds,
            httponly=True,
            samesite="Lax",
            secure=self._https,
            path="/",
        )
