"""What one chat is to get from this process: messages in their order, and changes of messages,
which go when no message waits. Of one message only the newest change is made."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Iterator

from bot.channels.base import Outgoing
from conversations.engine.effects import Mark, Tick
from storage.outbox.outbox import OutboxMessage, carrier

Going = tuple[OutboxMessage, Outgoing]
"""A row and what its channel is to do with it."""


def is_edit(outgoing: Outgoing) -> bool:
    """Whether it only changes a message that is there."""
    return isinstance(outgoing.effect, Mark | Tick)


class ChatQueue:
    """The rows of one chat that are in hand. `sent` are those of which it is still being kept that
    they went; `seen` counts the looks at the table, `more` asks for another one."""

    def __init__(self, seen: int) -> None:
        self.messages: deque[Going] = deque()
        self.sent: list[tuple[OutboxMessage, asyncio.Future[None]]] = []
        self.news = asyncio.Event()
        self.seen = seen
        self.more = False
        self._edits: dict[Hashable, Going] = {}
        self.task: asyncio.Task[None] | None = None

    def add(self, going: Going, *, apart: bool) -> OutboxMessage | None:
        """Take a row in hand; the one that need not go any more because of it. `apart`: a change
        makes way for messages."""
        row, outgoing = going
        self.news.set()
        if not (apart and is_edit(outgoing)):
            self.messages.append(going)
            return None
        place = row.turn, carrier(outgoing.ref)
        earlier = self._edits.pop(place, None)
        self._edits[place] = going
        return earlier[0] if earlier else None

    def next_edit(self) -> Going | None:
        """The change to make first: ticks, which the person is looking at, before marks."""
        edits = self._edits.values()
        ticks = (each for each in edits if isinstance(each[1].effect, Tick))
        return next(ticks, None) or next(iter(edits), None)

    def made(self, edit: Going) -> None:
        """This change is made, or back in the table."""
        self._edits = {place: each for place, each in self._edits.items() if each is not edit}

    def rows(self) -> Iterator[OutboxMessage]:
        """All that is in hand."""
        for row, _ in (*self.messages, *self._edits.values()):
            yield row
        for row, _ in self.sent:
            yield row
