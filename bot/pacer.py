"""An even pace for sending: so many messages a second overall, and so many to one chat.

The generic cell rate algorithm (GCRA, ITU-T I.371): each lane remembers the moment at which it
would be empty again. A message may go when that moment is at most `burst` messages ahead.

A server counts what comes in, not what went out, and a message may overtake another on its way. So
the pacer hears when each was answered: whatever took longer than the fastest may have come in later
by as much, and what follows keeps its distance from that.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from storage.pace import Share

SECOND = 1.005
"""A second, and a little for two clocks that do not go alike."""
HANGING = 2.0
"""After so many seconds a message without an answer holds up no others."""
COMPARED = 30
"""Messages of which the fastest tells how long the way takes."""


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
class Flight:
    """A message on its way. `came_in` is the last moment at which the server can have counted it,
    as if the way there took no time; None before the answer."""

    chat: str
    began: float
    came_in: float | None = None


@dataclass(slots=True)
class Pacer:
    """When the next message may go. All times are seconds of one monotonic clock. With `most`, no
    second of the server ever holds more messages, however much the overall pace has to catch up."""

    overall: Pace
    per_chat: Pace
    most: int = 0
    _flights: deque[Flight] = field(default_factory=deque)
    _ways: deque[float] = field(default_factory=lambda: deque(maxlen=COMPARED))
    _empty_at: dict[str, float] = field(default_factory=dict)
    _halted_until: float = 0.0

    async def prepare(self) -> None:
        """To be awaited before asking for a turn."""

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may go; 0 for now."""
        return max(self.turn(now), self._ready(chat, self.per_chat, now))

    def turn(self, now: float) -> float:
        """Seconds until a message to some chat may go."""
        window = self._full_until(now) - now
        return max(0.0, self._halted_until - now, window, self._ready("", self.overall, now))

    def _full_until(self, now: float) -> float:
        if not self.most or len(self._flights) < self.most:
            return now
        first = self._flights[0]
        came_in = min(now, first.began + HANGING) if first.came_in is None else first.came_in
        return came_in + SECOND

    def _ready(self, name: str, pace: Pace, now: float) -> float:
        return self._empty_at.get(name, now) - (pace.burst - 1) * pace.interval - now

    def sent(self, chat: str, now: float) -> None:
        """A message to this chat goes now."""
        self._fill("", self.overall, now)
        self._fill(chat, self.per_chat, now)
        self._fly(chat, now)

    def _fly(self, chat: str, now: float) -> None:
        self._flights.append(Flight(chat, now))
        if len(self._flights) > (self.most or COMPARED):
            self._flights.popleft()

    def answered(self, chat: str, now: float) -> None:
        """The server answered the message to this chat that is on its way, if there is one."""
        flight = next((f for f in self._flights if f.chat == chat and f.came_in is None), None)
        if flight is not None:
            self._ways.append(now - flight.began)
            flight.came_in = now - min(self._ways)
            self._came_in(flight)

    def _came_in(self, flight: Flight) -> None:
        """For a pacer that must do something about a message that was slow."""

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
LATE = 1.0
"""A slot that has passed by this part of the interval is lost; one that was used late moves the
slots to come."""
SLACK = 0.5
"""A message that came in later than its slot by this part of the interval moves the slots to come:
by then it could meet the one of a second later."""

Lease = Callable[[int, float], Awaitable[Share]]
"""Asks for so many slots, and moves those to come by so many seconds."""


class SharedPacer(Pacer):
    """A pacer among several processes: the overall pace is kept in slots that `lease` gives out, so
    many at a time as it is asked for."""

    def __init__(self, overall: Pace, per_chat: Pace, lease: Lease) -> None:
        super().__init__(overall, per_chat)
        self._lease = lease
        self._slots: deque[float] = deque()
        self._again = 0.0
        self._behind = 0.0
        self._leasing = asyncio.Lock()

    async def prepare(self) -> None:
        async with self._leasing:
            now = time.monotonic()
            if self._slot(now) is None and now >= max(self._again, self._halted_until):
                behind, self._behind = self._behind, 0.0
                share = await self._lease(WANTED, behind)
                now = time.monotonic()
                self._slots.extend(now + slot for slot in share.slots)
                self._again = now + share.again

    def turn(self, now: float) -> float:
        slot = self._slot(now)
        ready = max(self._again, now + self.overall.interval) if slot is None else slot
        return max(0.0, self._halted_until - now, ready - now)

    def sent(self, chat: str, now: float) -> None:
        slot = self._slots.popleft()
        self._fill(chat, self.per_chat, now)
        self._fly(chat, min(slot, now))

    def _came_in(self, flight: Flight) -> None:
        late = (flight.came_in or 0.0) - flight.began - SLACK * self.overall.interval
        self._behind = max(self._behind, late)

    def _slot(self, now: float) -> float | None:
        """The next slot that can be used."""
        while self._slots and self._slots[0] < now - LATE * self.overall.interval:
            self._slots.popleft()
        return self._slots[0] if self._slots else None
