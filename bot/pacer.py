"""An even pace for sending: so many messages a second overall, and so many to one chat.

The generic cell rate algorithm (GCRA, ITU-T I.371): each lane remembers the moment at which it
would be empty again. A message may go when that moment is at most `burst` messages ahead.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from storage.pace import Share

WINDOW = 1.02
"""A second, and a little for messages that overtake each other on their way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_second` messages on average, `burst` of them at once: so much may be caught up after a
    time in which nothing could be sent."""

    per_second: float
    burst: float = 1

    @property
    def interval(self) -> float:
        """Seconds between two messages at this pace."""
        return 1 / self.per_second


@dataclass(slots=True)
class Pacer:
    """When the next message may go. All times are seconds of one monotonic clock. With `most`, no
    `WINDOW` ever holds more messages, however much the overall pace has to catch up."""

    overall: Pace
    per_chat: Pace
    most: int = 0
    _recent: deque[float] = field(default_factory=deque)
    _empty_at: dict[str, float] = field(default_factory=dict)
    _halted_until: float = 0.0

    async def prepare(self) -> None:
        """To be awaited before asking for a turn."""

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may go; 0 for now."""
        return max(self.turn(now), self._ready(chat, self.per_chat, now))

    def turn(self, now: float) -> float:
        """Seconds until a message to some chat may go."""
        full = bool(self.most) and len(self._recent) == self.most
        window = self._recent[0] + WINDOW - now if full else 0.0
        return max(0.0, self._halted_until - now, window, self._ready("", self.overall, now))

    def _ready(self, name: str, pace: Pace, now: float) -> float:
        return self._empty_at.get(name, now) - (pace.burst - 1) * pace.interval - now

    def sent(self, chat: str, now: float) -> None:
        """A message to this chat goes now."""
        self._fill("", self.overall, now)
        self._fill(chat, self.per_chat, now)
        self._recent.append(now)
        if len(self._recent) > self.most:
            self._recent.popleft()

    def heard(self, chat: str, moments: Iterable[float]) -> None:
        """Messages to this chat went at these moments, perhaps through another process."""
        known = self._empty_at.pop(chat, 0.0)
        for moment in moments:
            self._fill(chat, self.per_chat, moment)
        self._empty_at[chat] = max(known, self._empty_at.get(chat, 0.0))

    def _fill(self, name: str, pace: Pace, now: float) -> None:
        self._empty_at[name] = max(self._empty_at.get(name, now), now) + pace.interval
        if len(self._empty_at) > 10_000:
            self._empty_at = {name: at for name, at in self._empty_at.items() if at > now}

    def halt(self, seconds: float, now: float) -> None:
        """The server asked for silence: nothing goes for so many seconds."""
        self._halted_until = max(self._halted_until, now + seconds)


WANTED = 4
"""Slots to ask for at a time: a tenth of a second of sending."""
LATE = 0.3
"""A slot that has passed by this part of the interval is lost: used later, and overtaken by others
on its way, it would make one message too many in some second."""


class SharedPacer(Pacer):
    """A pacer among several processes: the overall pace is kept in slots that `lease` gives out, so
    many at a time as it is asked for."""

    def __init__(
        self, overall: Pace, per_chat: Pace, lease: Callable[[int], Awaitable[Share]]
    ) -> None:
        super().__init__(overall, per_chat)
        self._lease = lease
        self._slots: deque[float] = deque()
        self._again = 0.0
        self._leasing = asyncio.Lock()

    async def prepare(self) -> None:
        async with self._leasing:
            now = time.monotonic()
            if self._slot(now) is None and now >= max(self._again, self._halted_until):
                share = await self._lease(WANTED)
                now = time.monotonic()
                self._slots.extend(now + slot for slot in share.slots)
                self._again = now + share.again

    def turn(self, now: float) -> float:
        slot = self._slot(now)
        ready = max(self._again, now + self.overall.interval) if slot is None else slot
        return max(0.0, self._halted_until - now, ready - now)

    def sent(self, chat: str, now: float) -> None:
        self._slots.popleft()
        self._fill(chat, self.per_chat, now)

    def _slot(self, now: float) -> float | None:
        """The next slot that can be used."""
        while self._slots and self._slots[0] < now - LATE * self.overall.interval:
            self._slots.popleft()
        return self._slots[0] if self._slots else None
