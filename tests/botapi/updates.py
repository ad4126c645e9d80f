"""The updates that wait for the bot, with the rules of `getUpdates` about confirming."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.botapi.errors import ApiError

Json = dict[str, Any]

_DEFAULT_KINDS_OFF = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FAR = 10


@dataclass(slots=True)
class _Entry:
    update: Json
    again: bool = False
    given: bool = False


class UpdateQueue:
    """Updates in order. `history` keeps all of them, for delivering one again."""

    def __init__(self, first: int) -> None:
        self.next = first
        self.history: dict[int, Json] = {}
        self.confirmed = 0
        self._waiting: list[_Entry] = []
        self._kinds: Collection[str] = ()
        self._poll = 0
        self._wake = asyncio.Event()

    @property
    def waiting(self) -> list[Json]:
        """Updates that the bot has not confirmed."""
        return [entry.update for entry in self._waiting]

    def push(self, kind: str, body: Any) -> int:
        """Queue an update of a kind the bot asked for; its id."""
        update_id = self.next
        if self._kinds and kind not in self._kinds:
            return update_id
        if not self._kinds and kind in _DEFAULT_KINDS_OFF:
            return update_id
        self.push_raw({"update_id": update_id, kind: body})
        return update_id

    def push_raw(self, update: Json) -> None:
        """Queue an update as it is, whatever is in it."""
        self.next = update["update_id"] + 1
        self.history[update["update_id"]] = update
        self._waiting.append(_Entry(update))
        self._wake.set()

    def redeliver(self, update_id: int) -> None:
        """Give an update once more, confirmed or not."""
        self._waiting.insert(0, _Entry(self.history[update_id], again=True))
        self._wake.set()

    def restart_ids(self, first: int) -> None:
        """What happens after a week of silence: ids go on from somewhere else."""
        self.next = first

    def confirm(self, update_id: int) -> None:
        """A webhook answered 200."""
        self._waiting = [e for e in self._waiting if e.update["update_id"] != update_id]
        self.confirmed += 1

    async def get(
        self, offset: int, limit: int, timeout: float, kinds: Collection[str]
    ) -> list[Json]:
        """One `getUpdates`. A later call ends this one with 409."""
        self._poll += 1
        poll = self._poll
        self._kinds = kinds or self._kinds
        self._wake.set()
        self._forget(offset)
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while True:
            if poll != self._poll:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one "
                    "bot instance is running",
                )
            left = until - loop.time()
            if self._waiting or left <= 0:
                break
            self._wake.clear()
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                continue
        chosen = self._waiting[:limit]
        for entry in chosen:
            entry.given = True
        return [entry.update for entry in chosen]

    def end_polls(self) -> None:
        """Let every open poll end (the server stops)."""
        self._poll += 1
        self._wake.set()

    def _forget(self, offset: int) -> None:
        if offset < 0:
            offset = self.next + offset
        elif offset > self.next + _FAR:
            return  # an offset from before the ids began again
        before = len(self._waiting)
        self._waiting = [
            entry
            for entry in self._waiting
            if (entry.again and not entry.given)
            or (not entry.again and entry.update["update_id"] >= offset)
        ]
        self.confirmed += before - len(self._waiting)
