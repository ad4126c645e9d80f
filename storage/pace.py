"""The pace of a channel as the database keeps it: slots for several processes to send in, and a
silence that the channel asked for, which outlives a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import meta
from storage.database import Reads
from storage.meta import META

AHEAD = 0.1
"""Seconds ahead that slots are given out. Who comes later with something urgent waits that long."""
FARTHEST = 5.0
"""A next slot further away than these seconds was written before the clock was put back."""


@dataclass(frozen=True, slots=True)
class Share:
    """The slots that a process may send in, as seconds from now; and when to ask again."""

    slots: tuple[float, ...]
    again: float


def lease(
    connection: Connection, channel: str, interval: float, wanted: int, behind: float = 0.0
) -> Share:
    """Slots for one process, `interval` seconds apart over all of them (PostgreSQL). `behind` so
    many seconds something came in late: all that follow move by as much."""
    key = f"slot:{channel}"
    meta.offer(connection, key, "0")
    query = select(META.c.value, func.extract("epoch", func.clock_timestamp()))
    value, clock = connection.execute(query.where(META.c.key == key).with_for_update()).one()
    now = float(clock)
    slots: list[float] = []
    silence = halted(connection, channel, now)
    if silence:
        return Share((), silence)
    following = max(min(float(value), now + FARTHEST), now) + behind
    while len(slots) < wanted and following <= now + AHEAD:
        slots.append(following - now)
        following += interval
    meta.put(connection, key, repr(following))
    return Share(tuple(slots), max(0.0, following - now - AHEAD))


def halt(connection: Connection, channel: str, seconds: float, moment: datetime) -> None:
    """Nothing goes through this channel for so many seconds."""
    now = _now(connection, moment)
    if halted(connection, channel, now) < seconds:
        meta.put(connection, f"halt:{channel}", f"{now!r} {seconds!r}")


def silence(connection: Connection, channel: str, moment: datetime) -> float:
    """Seconds for which nothing may go through a channel."""
    return halted(connection, channel, _now(connection, moment))


def halted(reads: Reads, channel: str, now: float) -> float:
    value = meta.get(reads, f"halt:{channel}")
    if value is None:
        return 0.0
    began, seconds = map(float, value.split())
    # A clock that was put back makes no silence longer.
    return min(seconds, max(0.0, began + seconds - now))


def _now(connection: Connection, moment: datetime) -> float:
    """One clock for all: that of the server, where there is one."""
    if connection.dialect.name != "postgresql":
        return moment.timestamp()
    return float(
        connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one()
    )
