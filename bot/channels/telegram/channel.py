"""The Telegram channel: durable long polling in, the outbox out (by `outgoing`)."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import (
    Accept,
    Arrival,
    Group,
    Leave,
    Outgoing,
    Refused,
    SendError,
)
from bot.channels.telegram.client import Client, cause, seconds
from bot.channels.telegram.files import FileFetcher, FileLimits, Offer, carries, portion
from bot.channels.telegram.outgoing import Sender
from bot.channels.telegram.profile import Profile
from bot.channels.telegram.updates import (
    CHANNEL,
    KINDS,
    after,
    arrivals,
    joins,
    tap_id,
    tapped_long_ago,
)
from bot.logs import reason
from conversations.engine.events import CommandName, Tapped

_log = logging.getLogger(__name__)

_PATIENCE = 1.0
_LONGEST_PAUSE = 4.0
"""The most seconds between two tries, so that polling is back soon after its server is."""
_LONGEST_PREPARING = 300.0
_TYPING_MAX = 20
_BEST_EFFORT = 5.0
_VERY_LONG = 60_000


class Telegram:
    """One bot. `base_url` is the root of the Bot API server; `load_offset` reads where polling
    goes on (0: nowhere yet); `labels` are the texts of the fixed buttons in every language; `rules`
    say which files are fetched; `poll` is how long one poll waits, in seconds."""

    name = CHANNEL

    def __init__(
        self,
        token: str,
        base_url: str,
        load_offset: Callable[[], Awaitable[int]],
        labels: Mapping[str, CommandName] | None = None,
        *,
        rules: FileLimits | None = None,
        poll: int = 30,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = Client(token, base_url)
        self._files = FileFetcher(self._client, rules or FileLimits())
        self._sender = Sender(self._client)
        self._load_offset = load_offset
        self._labels = labels or {}
        self._poll = poll
        self._pause = pause
        self._failures = 0
        self._name = ""
        self._groups: set[str] = set()
        self._background: set[asyncio.Task[None]] = set()

    async def prepare(self, profiles: Sequence[Profile]) -> None:
        """Set the commands and descriptions of the bot, the first profile also for clients in any
        other language, and learn the name of the bot. What fails is tried until it is done; what
        is refused stays as it was."""
        await self._until_done("the name of the bot", "getMe")
        for language, profile in [("", profiles[0]), *((each.language, each) for each in profiles)]:
            commands = [{"command": name, "description": what} for name, what in profile.commands]
            about, short = profile.description, profile.short_description
            for method, text in (
                ("setMyCommands", {"commands": commands}),
                ("setMyDescription", {"description": about}),
                ("setMyShortDescription", {"short_description": short}),
            ):
                what = "the commands and descriptions"
                await self._until_done(what, method, **text, language_code=language)

    @property
    def own_name(self) -> str:
        """The name of the bot, once it is known."""
        return self._name

    async def _until_done(self, what: str, method: str, **params: object) -> None:
        for tries in itertools.count():
            try:
                answer = await self._client.call(method, **params)
            except Refused as error:
                _log.warning("could not set %s: %s", what, error)
                return
            except SendError as error:
                wait = min(2.0**tries, _LONGEST_PREPARING)
                _log.warning("could not set %s (%s); trying again in %g s", what, error, wait)
                await self._pause(wait)
            else:
                if method == "getMe":
                    self._name = str(answer.get("username", ""))
                return

    async def username(self) -> str:
        """The name of the bot, for links. Raises SendError."""
        return str((await self._client.call("getMe"))["username"])

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted instead of polling for them. Raises SendError."""
        await self._client.call(
            "setWebhook", url=url, secret_token=secret, allowed_updates=list(KINDS)
        )

    async def run(self, accept: Accept) -> None:
        """Poll until cancelled. A poll confirms only what `accept` has committed."""
        offset = await self._begin()
        while True:
            try:
                updates = await self._updates(offset)
            except TelegramError as error:
                await self._recover(error)
                continue
            if updates:
                try:
                    offset = await self.take(updates, accept, offset=after(updates)) or offset
                except Exception as error:
                    await self._failed("arrivals were not stored", error)
                    continue
            self._failures = 0

    async def take(
        self, updates: Sequence[Mapping[str, Any]], accept: Accept, offset: int | None = None
    ) -> int | None:
        """Have updates accepted, from a poll or a webhook. A tap is answered by its turn, and here
        if it is none of a conversation.
        Where polling goes on: at `offset`, or before it at files that are for the next poll."""
        updates, found = self._read(updates)
        offers = self._files.offers(updates)
        now, later = portion(found, offers)
        if later:
            offset = int(later[0].external_id)
        typing: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        patience = loop.call_later(
            _PATIENCE, lambda: typing.append(loop.create_task(self._typing(found)))
        )
        try:
            await self._accepted(now, offers, accept, offset)
        except BaseException:
            self._groups.difference_update(a.address for a in found if isinstance(a.event, Group))
            raise
        finally:
            patience.cancel()
            for task in typing:
                task.cancel()
        taken = {arrival.query for arrival in found}
        for update in updates:
            if (query := tap_id(update)) and query not in taken:
                self._start(self._best_effort("answerCallbackQuery", callback_query_id=query))
        return offset

    async def _accepted(
        self,
        found: Sequence[Arrival],
        offers: Mapping[str, Offer],
        accept: Accept,
        offset: int | None,
    ) -> None:
        """Who sent no file does not wait for those of others."""
        slow = {arrival.address for arrival in found if carries(arrival, offers)}
        if not slow:
            await accept(found, offset=offset)
            return
        await accept([arrival for arrival in found if arrival.address not in slow])
        rest = [arrival for arrival in found if arrival.address in slow]
        async with self._files.room():
            await accept(await self._files.fetched(rest, offers), offset=offset)

    async def send(self, outgoing: Outgoing) -> str:
        """Deliver one row; the id of the message. Raises SendError."""
        ref = await self._sender.send(outgoing)
        if isinstance(outgoing.effect, Leave):
            self._groups.discard(outgoing.address)
        return ref

    async def close(self) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._client.close()

    # Receiving

    async def _begin(self) -> int:
        """Where polling goes on, as soon as it can be read."""
        while True:
            try:
                return await self._load_offset()
            except Exception as error:
                await self._failed("where polling goes on could not be read", error)

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        found = await self._client.ask(
            "getUpdates",
            read_timeout=self._poll + 10.0,
            offset=offset or None,
            timeout=self._poll,
            allowed_updates=list(KINDS),
        )
        if not isinstance(found, list):
            raise TelegramError("no list of updates")
        return found

    def _read(
        self, updates: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Mapping[str, Any]], list[Arrival]]:
        """The updates that can be read, and what they mean. Any other is passed over, whatever is
        wrong with it: the others do not wait for it."""
        readable, found = [], []
        for update in updates:
            try:
                meant = [
                    self._timed(each, update) for each in arrivals(update, self._labels, self._name)
                ]
            except Exception as error:
                what = type(error).__name__  # its words might be a person's
                _log.warning("an update could not be read (%s) and is left out", what)
                continue
            readable.append(update)
            found += [each for each in meant if self._is_news(each, update)]
        return readable, found

    def _timed(self, arrival: Arrival, update: Mapping[str, Any]) -> Arrival:
        """A tap with how long its message was visible, as far as that is known here."""
        if not isinstance(arrival.event, Tapped):
            return arrival
        seen = self._sender.visible_for(
            arrival.address, arrival.tapped, arrival.event.turn, time.monotonic()
        )
        if seen is None:
            seen = _VERY_LONG if tapped_long_ago(update, time.time()) else 0
        return replace(arrival, event=replace(arrival.event, seen=seen))

    def _is_news(self, arrival: Arrival, update: Mapping[str, Any]) -> bool:
        """A group is told only once that the bot leaves, unless the bot is taken into it anew.
        It is remembered before it is accepted, because the bot may leave before all is."""
        if not isinstance(arrival.event, Group):
            return True
        known = arrival.address in self._groups
        self._groups.add(arrival.address)
        return not known or joins(update)

    async def _typing(self, found: Sequence[Arrival]) -> None:
        for address in list(dict.fromkeys(arrival.address for arrival in found))[:_TYPING_MAX]:
            if not address.startswith("-"):
                await self._best_effort("sendChatAction", chat_id=int(address), action="typing")

    async def _recover(self, error: TelegramError) -> None:
        self._failures += 1
        wait = self._back_off()
        match error:
            case RetryAfter():
                wait = seconds(error)
                what = "the Bot API asks to wait"
            case InvalidToken():
                wait = _LONGEST_PAUSE
                what = "the Bot API does not know this bot: check token in [telegram]"
            case Conflict() if "webhook" in error.message:
                await self._best_effort("deleteWebhook")
                what = "a webhook was set for this bot; it is taken away, because mode is polling"
            case Conflict():
                what = "another process is polling with the same token: stop one of the two"
            case _:
                what = f"no updates from the Bot API ({cause(error)})"
        _log.warning("%s; trying again in %g s", what, wait)
        await self._pause(wait)

    async def _failed(self, what: str, error: Exception) -> None:
        """Say so, without the traceback, which might hold what people said; and wait."""
        self._failures += 1
        _log.error("%s (%s)", what, reason(error))
        await self._pause(self._back_off())

    def _back_off(self) -> float:
        return float(min(2 ** min(self._failures - 1, 10), _LONGEST_PAUSE))

    async def _best_effort(self, method: str, **params: object) -> None:
        with suppress(SendError, TimeoutError):
            async with asyncio.timeout(_BEST_EFFORT):
                await self._client.call(method, **params)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
