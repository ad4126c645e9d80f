"""Paces sending: so many messages a second overall, and so many to one chat.

The generic cell rate algorithm (GCRA, ITU-T I.371): each lane remembers the moment at which it
would be empty again. A message may go when that moment is at most `burst` messages ahead.

A server counts what comes in, not what went out, and a message may overtake another on its way. So
the pacer hears when each was answered: whatever took longer than the fastest may have come in later
by as much, and what follows keeps its distance from that. Within one chat, where one follows the
other, it keeps its distance from the answer.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from storage.replicas.pace import SECOND, Moved, Pace, Share

HANGING = 2.0
"""After so many seconds a message without an answer holds up no others."""
COMPARED = 30
"""Messages of which the fastest tells how long the way takes."""
FEW = 10
"""So few tell nothing yet: the first ones also open their connections."""
SEVERAL = 3
"""When so many chats are refused together, it is about all chats and not about one."""
TOGETHER = 1.5
"""Seconds between refusals that belong together."""


MOST = 30
"""Messages that Telegram takes in a second."""


def telegram_paces() -> tuple[Pace, Pace]:
    """Telegram's limits: `MOST` messages a second, and one a second to a chat with small bursts."""
    return Pace(MOST, burst=3, most=MOST), Pace(1 / SECOND, burst=3)


def whatsapp_paces() -> tuple[Pace, Pace]:
    """WhatsApp's limits: 80 messages a second, in and out together, of which half is ours; and one
    in six seconds to a person, of which 45 may be borrowed."""
    return Pace(40, burst=5, most=40), Pace(1 / 6.05, burst=44)


@dataclass(slots=True)
class Flight:
    """A message on its way. `came_in` is the last moment at which the server can have counted it,
    as if the way there took no time; None before the answer. `rested` is when its chat would have
    been at rest without it, `slot` what the database has it down for, among several processes."""

    chat: str
    began: float
    rested: float
    came_in: float | None = None
    slot: float = 0.0


@dataclass(slots=True)
class Pacer:
    """When the next message may go. All times are seconds of one monotonic clock. No second of the
    server ever holds more messages than the `most` of the overall pace, however much that has to
    catch up."""

    overall: Pace
    per_chat: Pace
    _flights: deque[Flight] = field(default_factory=deque)
    _ways: deque[float] = field(default_factory=lambda: deque(maxlen=COMPARED))
    _empty_at: dict[str, float] = field(default_factory=dict)
    _refusals: dict[str, tuple[float, float]] = field(default_factory=dict)
    _halted_until: float = 0.0

    async def prepare(self) -> None:
        """To be awaited before asking for a turn."""

    def wait(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may go; 0 for now."""
        return max(self.turn(now), self.chat(chat, now))

    def chat(self, chat: str, now: float, spare: int = 0) -> float:
        """Seconds until this chat may have a message, and so many more at once after it."""
        return max(0.0, self._ready(chat, self.per_chat, now) + spare * self.per_chat.interval)

    def turn(self, now: float) -> float:
        """Seconds until a message to some chat may go."""
        window = self._full_until(now) - now
        return max(0.0, self.halted(now), window, self._ready("", self.overall, now))

    def halted(self, now: float) -> float:
        """Seconds of silence that the server asked for and that are left; less than 0: none."""
        return self._halted_until - now

    def _full_until(self, now: float) -> float:
        if not self.overall.most or len(self._flights) < self.overall.most:
            return now
        first = self._flights[0]
        came_in = min(now, first.began + HANGING) if first.came_in is None else first.came_in
        return came_in + SECOND

    def _ready(self, name: str, pace: Pace, now: float) -> float:
        return self._empty_at.get(name, now) - (pace.burst - 1) * pace.interval - now

    def sent(self, chat: str, now: float) -> None:
        """A message to this chat goes now."""
        self._fill("", self.overall, now)
        self._fly(chat, now)

    def _fly(self, chat: str, now: float, slot: float = 0.0) -> None:
        self._flights.append(Flight(chat, now, self._empty_at.get(chat, now), slot=slot))
        self._fill(chat, self.per_chat, now)
        if len(self._flights) > (self.overall.most or COMPARED):
            self._flights.popleft()

    def answered(self, chat: str, now: float) -> None:
        """The server answered the message to this chat that is on its way, if there is one."""
        flight = next((f for f in self._flights if f.chat == chat and f.came_in is None), None)
        if flight is not None:
            self._ways.append(now - flight.began)
            flight.came_in = now if len(self._ways) <= FEW else now - min(self._ways)
            rested = max(flight.rested, now) + self.per_chat.interval
            self._empty_at[chat] = max(self._empty_at.get(chat, rested), rested)

    def more(self, chat: str, pieces: int, now: float) -> None:
        """What went to this chat was so many messages more than the one that was counted."""
        for _ in range(pieces):
            self._fill(chat, self.per_chat, now)

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

    def refused(self, chat: str, seconds: float, now: float) -> float:
        """The server refused a message and asked for so many seconds: its chat is held. How long
        all must be silent, because several chats were refused together; 0 when it was only one."""
        spare = (self.per_chat.burst - 1) * self.per_chat.interval
        self._empty_at[chat] = max(self._empty_at.get(chat, now), now + seconds + spare)
        lately = {chat: each for chat, each in self._refusals.items() if each[0] > now - TOGETHER}
        self._refusals = {**lately, chat: (now, now + seconds)}
        if len(self._refusals) < SEVERAL:
            return 0.0
        return max(0.0, min(until for _, until in self._refusals.values()) - now)

    def halt(self, seconds: float, now: float) -> None:
        """The server asked for silence: nothing goes for so many seconds."""
        self._halted_until = max(self._halted_until, now + seconds)


WANTED = 3
"""Slots to ask for at a time: as many as are given out ahead."""
LATE = 0.25
"""A slot that has passed by these seconds is given back."""
SLOW = 0.1
"""A message without an answer after these seconds may be coming in only now."""
CLOSE = 0.002
"""Seconds that make no difference."""
LEAP = 0.5
"""The clock of the database was set when it differs by these seconds."""

Lease = Callable[[int, Moved], Awaitable[Share]]
"""Asks for so many slots, and tells what became of others."""


class SharedPacer(Pacer):
    """A pacer among several processes: the overall pace is kept in slots that `lease` gives out, so
    many at a time as it is asked for. A slot may be used late; what went in it is put down for the
    moment at which it came in, before the slot of a second later is given out."""

    def __init__(self, overall: Pace, per_chat: Pace, lease: Lease) -> None:
        super().__init__(overall, per_chat)
        self._lease = lease
        self._slots: deque[float] = deque()
        self._unused: list[float] = []
        self._ahead: deque[tuple[float, float]] = deque(maxlen=COMPARED)
        self._again = 0.0
        self._leasing = asyncio.Lock()

    async def prepare(self) -> None:
        async with self._leasing:
            now = time.monotonic()
            if self._slot(now) is None and now >= max(self._again, self._halted_until):
                moved = self._moved(now)
                share = await self._lease(WANTED, moved)
                self._settle(moved)
                self._set_clock(now - share.now, time.monotonic() - share.now)
                self._slots.extend(share.slots)
                self._again = share.again + self._clock()

    def turn(self, now: float) -> float:
        slot = self._slot(now)
        ready = max(self._again, now + self.overall.interval) if slot is None else slot
        return max(0.0, self.halted(now), ready - now)

    def sent(self, chat: str, now: float) -> None:
        self._fly(chat, now, self._slots.popleft())

    def _slot(self, now: float) -> float | None:
        """The next slot that can be used, by the clock of this process."""
        while self._slots and self._slots[0] + self._clock() < now - LATE:
            self._unused.append(self._slots.popleft())
        return self._slots[0] + self._clock() if self._slots else None

    def _moved(self, now: float) -> dict[float, float | None]:
        """What the database has down for another moment than it came in."""
        moved: dict[float, float | None] = dict.fromkeys(self._unused)
        for flight in self._flights:
            if flight.came_in is not None:
                came_in = max(flight.came_in, flight.began)
            else:
                came_in = now if SLOW < now - flight.began < HANGING else flight.began
            came_in -= self._clock()
            if abs(came_in - flight.slot) > CLOSE:
                moved[flight.slot] = came_in
        return moved

    def _settle(self, moved: Moved) -> None:
        """The database has it down now."""
        self._unused = [slot for slot in self._unused if slot not in moved]
        for flight in self._flights:
            flight.slot = moved.get(flight.slot) or flight.slot

    def _set_clock(self, least: float, most: float) -> None:
        """The clock of this process is ahead of that of the database by something between these."""
        if self._ahead and not self._clock() - LEAP < (least + most) / 2 < self._clock() + LEAP:
            self._ahead.clear()
        self._ahead.append((least, most))

    def _clock(self) -> float:
        """How far the clock of this process is ahead of that of the database (as NTP finds it)."""
        if not self._ahead:
            return 0.0
        return (max(least for least, _ in self._ahead) + min(most for _, most in self._ahead)) / 2
