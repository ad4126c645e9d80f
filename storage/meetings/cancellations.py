"""Meetings that will be off soon: asked for, taken back, or carried out when their time comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

CANCELLATION = core(tables.Cancellation)


class MeetingOrDay(NamedTuple):
    """A meeting, or the one of a series on a day (in ISO form)."""

    meeting_id: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What will be off, and from when on."""

    which: MeetingOrDay
    due_at: datetime


def ask(connection: Transaction, which: MeetingOrDay, due_at: datetime) -> bool:
    """Call it off at that moment; asked again, the first moment stays. Whether it is new."""
    row = {"meeting_id": which.meeting_id, "day": which.day, "due_at": due_at}
    return upsert(connection, CANCELLATION, row, ["meeting_id", "day"], change=())


def take_back(connection: Transaction, which: MeetingOrDay) -> bool:
    """It goes on. False when there is nothing to take back (any more)."""
    mine = (CANCELLATION.c.meeting_id == which.meeting_id, CANCELLATION.c.day == which.day)
    return connection.execute(delete(CANCELLATION).where(*mine)).rowcount > 0


def waiting(reads: Reads) -> list[Cancellation]:
    """What will be off soon, the first one first."""
    query = select(CANCELLATION).order_by(CANCELLATION.c.due_at, CANCELLATION.c.day)
    rows = reads.execute(query)
    return [Cancellation(MeetingOrDay(row.meeting_id, row.day), row.due_at) for row in rows]


def take_due(connection: Transaction, now: datetime) -> MeetingOrDay | None:
    """One whose time has come, taken out; None when there is none. Until the transaction is over no
    other process gets it."""
    query = (
        select(CANCELLATION)
        .where(CANCELLATION.c.due_at <= now)
        .order_by(CANCELLATION.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    which = MeetingOrDay(row.meeting_id, row.day)
    return which if take_back(connection, which) else None
