"""Ending the weekly letters from a letter, without logging in: `/coordinator/unsubscribe`."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from bot.coordinators.digest.unsubscribe_link import PATH, who_unsubscribes
from bot.coordinators.pages.site import Site
from bot.validation.signed_ids import PATTERN
from storage.coordinators import audit, coordinators
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction


class DigestUnsubscribePage:
    """A page with a button, and what the button does."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[web.RouteDef]:
        link = f"{PATH}/{{token:{PATTERN}}}"
        return [web.get(link, self._ask), web.post(link, self._stop)]

    async def _ask(self, request: web.Request) -> web.Response:
        """A button first: a program that looks at links in letters must not end anything."""
        return self._page(request, await self._who(request), done=False)

    async def _stop(self, request: web.Request) -> web.Response:
        """Also what a mail program posts by itself (RFC 8058): without a cookie, and from its own
        site. A link that is none gets the same answer."""
        who, now = await self._who(request), self.site.clock.now()

        def stop(connection: Transaction, who_id: str) -> None:
            known = coordinators.by_id(connection, who_id)
            if known is not None and known.digest:
                coordinators.save(connection, replace(known, digest=False))
                audit.note(connection, known, "coordinator_changed", now)

        if who is not None:
            who_id = who.id
            await self.site.database.write(lambda c: stop(c, who_id))
        return self._page(request, who, done=True)

    async def _who(self, request: web.Request) -> Coordinator | None:
        vault = self.site.services.vault
        who_id = who_unsubscribes(vault, request.match_info["token"])
        if who_id is None:
            return None
        return await self.site.database.read(lambda s: coordinators.by_id(s, who_id))

    def _page(self, request: web.Request, who: Coordinator | None, *, done: bool) -> web.Response:
        language = who.language if who else "nl"
        return self.site.page(
            None, "digest_unsubscribe.html", language=language, action=request.path, done=done
        )
