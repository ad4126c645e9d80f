"""Telegram by webhook: its server posts updates, and is answered 200 once they are committed."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.channels.base import Accept, Outgoing, SendError
from bot.channels.telegram.channel import Telegram
from bot.logs import reason
from bot.validation.unicode_input import decode_json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
MAX_UPDATE = 256 * 1024
"""The most bytes of one update; Telegram's own are far smaller."""

_RETRY = 10.0
_log = logging.getLogger(__name__)


class Webhook:
    """The same bot, spoken to by posts to `/telegram`. Any number of processes may take them."""

    name = Telegram.name

    def __init__(self, telegram: Telegram, public_url: str, secret: str) -> None:
        self.telegram = telegram
        self._url = f"{public_url}/telegram"
        self._secret = secret.encode()
        self._accept: Accept | None = None

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.post("/telegram", self._post)])

    async def run(self, accept: Accept) -> None:
        """Ask Telegram to post, and take what it posts until cancelled."""
        self._accept = accept
        try:
            await self._keep_trying()
            await asyncio.Event().wait()
        finally:
            self._accept = None

    async def prepare(self, profiles: Sequence[Any]) -> None:
        await self.telegram.prepare(profiles)

    async def send(self, outgoing: Outgoing) -> str:
        return await self.telegram.send(outgoing)

    async def close(self) -> None:
        await self.telegram.close()

    async def _keep_trying(self) -> None:
        for pause in itertools.repeat(_RETRY):
            if await self._set():
                return
            await asyncio.sleep(pause)

    async def _set(self) -> bool:
        try:
            await self.telegram.set_webhook(self._url, self._secret.decode())
        except SendError as error:
            _log.warning("could not set the webhook (%s); trying again in %g s", error, _RETRY)
            return False
        return True

    async def _post(self, request: web.Request) -> web.Response:
        """403 for a wrong secret, 400 for what is no update (posting it again would not help), 503
        when it could not be committed: Telegram then posts it again."""
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, self._secret):
            raise web.HTTPForbidden
        body = await request.content.readany()
        while len(body) <= MAX_UPDATE and not request.content.at_eof():
            body += await request.content.readany()
        update = _update(body)
        if update is None:
            raise web.HTTPBadRequest
        if self._accept is None:
            raise web.HTTPServiceUnavailable
        try:
            await self.telegram.take([update], self._accept)
        except Exception as error:
            _log.error(
                "a Telegram update was not stored (%s); Telegram sends it again", reason(error)
            )
            raise web.HTTPServiceUnavailable from None
        return web.Response()


def _update(body: bytes) -> Mapping[str, Any] | None:
    if len(body) > MAX_UPDATE:
        return None
    try:
        update = decode_json(body)
    except ValueError:
        return None
    return update if isinstance(update, dict) and type(update.get("update_id")) is int else None
