"""WhatsApp by webhook: posts are checked, read, stored, and only then answered."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from aiohttp import web

from bot.channels.base import Accept, AccountName, Arrival, Outgoing, ReceivedFile, SendError
from bot.channels.whatsapp.cloud_api import Reports, WhatsApp
from bot.channels.whatsapp.received import Media, Received
from bot.channels.whatsapp.webhook_reader import is_signed, read
from bot.logs import reason
from bot.validation.unicode_input import decode_json
from conversations.engine.events import Sent, SentProblem
from storage.engine.errors import Unavailable

SIGNATURE = "X-Hub-Signature-256"
MOST_OF_A_POST = 3 * 1024 * 1024
"""The most bytes of one post, as Meta promises."""
PATIENCE = 15.0
"""Seconds for one file, all tries together: WhatsApp waits no longer for an answer."""
TRIES = 3
FAILED_MOST = 15
"""Files that may fail in an hour: after twenty WhatsApp gives none for half an hour."""
HOUR = 3600.0

_log = logging.getLogger(__name__)


class FileFetches:
    """Fetches recordings and pictures at once; their links live five minutes."""

    def __init__(self, channel: WhatsApp, *, voice: bool, photo: bool) -> None:
        self._channel = channel
        self._voice, self._photo = voice, photo
        self._failed: deque[float] = deque(maxlen=FAILED_MOST)

    def wanted(self, media: Media) -> bool:
        """Whether such a file may be taken at all."""
        return self._voice if media.voice else self._photo

    async def fetched(self, arrival: Arrival, media: Media) -> Arrival:
        """The arrival with its file, or with what is wrong with it."""
        got = await self._file(media)
        if isinstance(got, ReceivedFile):
            return replace(arrival, file=got)
        event = arrival.event
        if not isinstance(event, Sent):
            return arrival
        return replace(arrival, event=replace(event, problem=got))

    async def _file(self, media: Media) -> ReceivedFile | SentProblem:
        now = time.monotonic()
        if len(self._failed) == FAILED_MOST and now - self._failed[0] < HOUR:
            return "lost"
        try:
            async with asyncio.timeout(PATIENCE):
                for last in (*[False] * (TRIES - 1), True):
                    try:
                        data = await self._channel.client.download(media.id)
                        return ReceivedFile(data, media.media_type)
                    except SendError:
                        self._failed.append(now)
                        await asyncio.sleep(0 if last else 0.3)
        except ValueError:
            return "too_big"
        except Exception as error:  # whatever is wrong with it, the others do not wait for it
            _log.warning("a file could not be fetched (%s)", type(error).__name__)
        return "lost"


class CloudWebhook:
    """The channel, spoken to by posts to `/whatsapp`. `numbers` are the ids of the number and of
    the account (which may be empty), `bell` tells what words are about where it only rings. Any
    number of processes may take them."""

    name = WhatsApp.name

    def __init__(
        self,
        channel: WhatsApp,
        numbers: tuple[str, str],
        secrets: tuple[str, str],
        reports: Reports,
        never: Callable[[str], bool],
        files: FileFetches,
        bell: Callable[[str], AccountName] | None,
    ) -> None:
        self.channel = channel
        self._number_id, self._account_id = numbers
        self._app_secret, self._verify_token = secrets
        self._reports = reports
        self._never = never
        self._files = files
        self._bell = bell
        self._accept: Accept | None = None

    def setup(self, app: web.Application) -> None:
        app.add_routes([web.get("/whatsapp", self._verify), web.post("/whatsapp", self._post)])

    async def run(self, accept: Accept) -> None:
        """Take what is posted until cancelled; what stopped the channel before is known at once."""
        self._accept = accept
        try:
            with suppress(Unavailable):  # whoever looks next hears it
                await self.channel.standstill.look()
            await asyncio.Event().wait()
        finally:
            self._accept = None

    async def send(self, outgoing: Outgoing) -> str:
        return await self.channel.send(outgoing)

    async def close(self) -> None:
        await self.channel.close()

    async def _verify(self, request: web.Request) -> web.Response:
        """The handshake: who knows the token gets its challenge back."""
        given = request.query.get("hub.verify_token", "").encode("utf-8", "replace")
        right = hmac.compare_digest(given, self._verify_token.encode())
        if not right or request.query.get("hub.mode") != "subscribe":
            raise web.HTTPForbidden
        return web.Response(text=request.query.get("hub.challenge", ""))

    async def _post(self, request: web.Request) -> web.Response:
        """403 for a wrong signature, 400 for what is no post of WhatsApp (posting it again would
        not help), 503 when it could not be committed: WhatsApp then posts it again."""
        body = await request.content.read(MOST_OF_A_POST + 1)
        while len(body) <= MOST_OF_A_POST and (more := await request.content.read(MOST_OF_A_POST)):
            body += more
        if len(body) > MOST_OF_A_POST:
            raise web.HTTPRequestEntityTooLarge(MOST_OF_A_POST, len(body))
        if not is_signed(body, request.headers.get(SIGNATURE, ""), self._app_secret):
            raise web.HTTPForbidden
        try:
            post = decode_json(body)
        except ValueError:
            post = None
        if not isinstance(post, dict):
            raise web.HTTPBadRequest
        if self._accept is None:
            raise web.HTTPServiceUnavailable
        received = read(
            post,
            self._number_id,
            self._bell,
            self._never,
            self._account_id,
            self.channel.ledger.hidden,
        )
        if received.unread:
            _log.warning("%d things in a post could not be read; left out", received.unread)
        try:
            await self._take(received, self._accept)
        except Exception as error:
            _log.error("a post was not stored (%s); WhatsApp sends it again", reason(error))
            raise web.HTTPServiceUnavailable from None
        return web.Response()

    async def _take(self, received: Received, accept: Accept) -> None:
        """Everything of a post. Who sent no file does not wait for those of others."""
        await self._reports(received.statuses)
        await self.channel.hear(received.statuses)
        for code in received.trouble:
            await self.channel.standstill.posted(code)
        for notice in received.account:
            await self.channel.take_notice(notice)
        await self.channel.ledger.note_templates(received.templates)
        wanted = {ref: each for ref, each in received.media.items() if self._files.wanted(each)}
        arrivals = _ordered(received.arrivals)
        slow = {each.address for each in arrivals if each.ref in wanted}
        if quick := [each for each in arrivals if each.address not in slow]:
            await accept(quick)
        rest = [each for each in arrivals if each.address in slow]
        if rest:
            await accept([await self._with_file(each, wanted) for each in rest])

    async def _with_file(self, arrival: Arrival, wanted: dict[str, Media]) -> Arrival:
        media = wanted.get(arrival.ref)
        if media is None or not isinstance(arrival.event, Sent):
            return arrival
        return await self._files.fetched(arrival, media)


def _ordered(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """In the order in which they were written, as far as that is told."""
    return sorted(arrivals, key=lambda each: each.heard or float("inf"))
