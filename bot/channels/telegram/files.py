"""Downloads recordings and photos from Telegram at once. Their links hold the token of the bot, so
they are never kept, logged or shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from telegram.error import TelegramError

from bot.channels.base import Arrival, ReceivedFile
from bot.channels.telegram.client import DOWNLOADS, Client, cause
from conversations.engine.events import Sent, SentProblem

_log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
"""What the Bot API lets a bot fetch."""
PATIENCE = 30.0
"""Seconds for one file, all tries together."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What may be fetched at all, and how long a recording may be, in seconds."""

    voice: bool = True
    photo: bool = True
    most_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that an update tells of."""

    file_id: str
    size: int
    seconds: int = 0
    media_type: str = ""


def offer(update: Mapping[str, Any]) -> Offer | None:
    """The recording or photo in an update, as the plain dict it is. Raises KeyError, TypeError,
    ValueError, AttributeError or OverflowError when it is not as the Bot API describes it."""
    message = update.get("message") or {}
    if sizes := message.get("photo"):
        largest = max(sizes, key=lambda size: int(size["width"]) * int(size["height"]))
        return Offer(str(largest["file_id"]), int(largest.get("file_size", 0)))
    sound = message.get("voice") or message.get("audio")
    if not sound:
        return None
    return Offer(
        str(sound["file_id"]),
        int(sound.get("file_size", 0)),
        int(sound.get("duration", 0)),
        str(sound.get("mime_type", "")),
    )


def portion(
    arrivals: Sequence[Arrival], offers: Mapping[str, Offer]
) -> tuple[list[Arrival], list[Arrival]]:
    """What is taken of these arrivals, and what is for the next poll: of the people who sent files,
    everything from the first file on for which there is no room now."""
    files = [place for place, each in enumerate(arrivals) if carries(each, offers)]
    cut = files[DOWNLOADS] if len(files) > DOWNLOADS else len(arrivals)
    slow = {arrivals[place].address for place in files}
    now, later = list(arrivals[:cut]), list[Arrival]()
    for each in arrivals[cut:]:
        (later if each.address in slow else now).append(each)
    return now, later


def carries(arrival: Arrival, offers: Mapping[str, Offer]) -> bool:
    """Whether a file comes with an arrival."""
    return isinstance(arrival.event, Sent) and arrival.external_id in offers


class FileFetcher:
    """Adds to arrivals the files that they tell of."""

    def __init__(self, client: Client, rules: FileLimits) -> None:
        self._client = client
        self._rules = rules
        self._room = asyncio.Semaphore(DOWNLOADS)

    @asynccontextmanager
    async def room(self) -> AsyncIterator[None]:
        """Room in memory, until what was fetched is stored. Raises TimeoutError when there is none
        for long."""
        async with asyncio.timeout(PATIENCE):
            await self._room.acquire()
        try:
            yield
        finally:
            self._room.release()

    def offers(self, updates: Sequence[Mapping[str, Any]]) -> dict[str, Offer]:
        """The files of these updates that may be taken, by update id."""
        found = {}
        for update in updates:
            try:
                one = offer(update)
            except Exception as error:
                _log.warning("what a file is like could not be read (%s)", type(error).__name__)
                continue
            photo = "photo" in (update.get("message") or {})
            if one is not None and (self._rules.photo if photo else self._rules.voice):
                found[str(update.get("update_id"))] = one
        return found

    async def fetched(
        self, arrivals: Sequence[Arrival], offers: Mapping[str, Offer]
    ) -> list[Arrival]:
        """The arrivals with their files, or with what is wrong with them."""
        return await asyncio.gather(*(self._fetched(one, offers) for one in arrivals))

    async def _fetched(self, arrival: Arrival, offers: Mapping[str, Offer]) -> Arrival:
        one, event = offers.get(arrival.external_id), arrival.event
        if one is None or not isinstance(event, Sent):
            return arrival
        got = await self._file(one)
        if isinstance(got, ReceivedFile):
            return replace(arrival, file=got)
        return replace(arrival, event=replace(event, problem=got))

    async def _file(self, one: Offer) -> ReceivedFile | SentProblem:
        if one.seconds > self._rules.most_seconds:
            return "too_long"
        if one.size > MOST_BYTES:
            return "too_big"
        try:
            async with asyncio.timeout(PATIENCE):
                for last in (*[False] * (TRIES - 1), True):
                    try:
                        data = await self._client.download(one.file_id, MOST_BYTES)
                        return ReceivedFile(data, one.media_type, one.seconds)
                    except TelegramError as error:
                        if last:
                            _log.warning("a file could not be fetched (%s)", cause(error))
                        await asyncio.sleep(0 if last else 0.5)
        except Exception as error:  # whatever is wrong with it, the others do not wait for it
            _log.warning("a file could not be fetched (%s)", type(error).__name__)
        return "lost"
