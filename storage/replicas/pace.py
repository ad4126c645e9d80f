"""The pace of a channel among replicas: slots to send in, and a silence that the channel asked for,
which outlives a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage import meta
from storage.engine.transaction import Reads, Transaction
from storage.meta import META

SECOND = 1.005
"""A second, and a little for two clocks that do not go alike."""
AHEAD = 0.07
"""Seconds ahead that slots are given out. Who comes later with something urgent waits that long."""
APART = 0.001
"""Every slot has a moment of its own, by which it is known."""
FARTHEST = 5.0
"""A slot further away than these seconds was given out before the clock was put back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_second` messages on average, `burst` of them at once: so much may be caught up after a
    time in which nothing could be sent. With `most`, never more than so many in any second."""

    per_second: float
    burst: float = 1
    most: int = 0

    @property
    def interval(self) -> float:
        """Seconds between two messages at this pace."""
        return 1 / self.per_second


Moved = Mapping[float, float | None]
"""By slots that were given out: when what went in one came in, if that was later; None for one that
is given back."""


@dataclass(frozen=True, slots=True)
class Share:
    """The slots that a process may send in, and when to ask again: seconds of the clock of the
    database, which said `now` as it gave them out."""

    now: float
    slots: tuple[float, ...]
    again: float


def lease(
    connection: Transaction,
    channel: str,
    pace: Pace,
    wanted: int,
    moved: Moved,
) -> Share:
    """Slots for one process (PostgreSQL), and what became of those given out before."""
    key = f"slots:{channel}"
    meta.offer(connection, key, "")
    query = select(META.c.value, func.extract("epoch", func.clock_timestamp()))
    value, clock = connection.execute(query.where(META.c.key == key).with_for_update()).one()
    now = float(clock)
    if silence := halted(connection, channel, now):
        return Share(now, (), now + silence)
    given = [float(slot) for slot in value.split()]
    came_in = [moved.get(slot, slot) for slot in given]
    taken = sorted(slot for slot in came_in if slot is not None and slot <= now + FARTHEST)
    slots: list[float] = []
    while (slot := max(now, _following(taken, pace))) <= now + AHEAD and len(slots) < wanted:
        slots.append(slot)
        taken.append(slot)
    kept = taken[-max(pace.most, int(pace.burst)) :]
    meta.put(connection, key, " ".join(map(repr, kept)))
    return Share(now, tuple(slots), slot - AHEAD)


def _following(taken: Sequence[float], pace: Pace) -> float:
    """The first moment for a message after those, which are in order."""
    if not taken:
        return 0.0
    empty = 0.0
    for slot in taken:
        empty = max(empty, slot) + pace.interval
    following = max(taken[-1] + APART, empty - (pace.burst - 1) * pace.interval)
    if pace.most and len(taken) >= pace.most:
        following = max(following, taken[-pace.most] + SECOND)
    return following


def halt(connection: Transaction, channel: str, seconds: float, moment: datetime) -> None:
    """Nothing goes through this channel for so many seconds."""
    now = _now(connection, moment)
    if halted(connection, channel, now) < seconds:
        meta.put(connection, f"halt:{channel}", f"{now!r} {seconds!r}")


def silence(connection: Transaction, channel: str, moment: datetime) -> float:
    """Seconds for which nothing may go through a channel."""
    return halted(connection, channel, _now(connection, moment))


def halted(reads: Reads, channel: str, now: float) -> float:
    value = meta.get(reads, f"halt:{channel}")
    if value is None:
        return 0.0
    began, seconds = map(float, value.split())
    # A clock that was put back makes no silence longer.
    return min(seconds, max(0.0, began + seconds - now))


def _now(connection: Transaction, moment: datetime) -> float:
    """One clock for all: that of the server, where there is one."""
    if connection.dialect.name != "postgresql":
        return moment.timestamp()
    return float(
        connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one()
    )
