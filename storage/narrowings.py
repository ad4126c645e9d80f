"""Narrowings: that a story of some week went out of what an audience may read, because it was
withdrawn, changed, held, forgotten or shared less far. Nothing else is kept of it.

Who could read a story when a number that counts it left learns nothing from the number later. Who
came after the story was gone would: they see no numbers that left before it went.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

NARROWING = core(tables.Narrowing)


def note(connection: Transaction, week: str, audiences: Iterable[str]) -> None:
    """A story of this week cannot be read any more by these audiences."""
    rows = [{"week": week, "audience": audience} for audience in sorted(audiences)]
    if rows:
        connection.execute(insert(NARROWING), rows)


def newest(reads: Reads) -> int:
    """The number of the last one; 0 when there was none. They are numbered as they come."""
    return int(reads.execute(select(func.max(NARROWING.c.id))).scalar() or 0)


def until(reads: Reads, audience: str, weeks: Iterable[str], last: int) -> list[tuple[str, int]]:
    """Those of these weeks up to the number `last`: (week, number)."""
    query = select(NARROWING.c.week, NARROWING.c.id).where(
        NARROWING.c.audience == audience,
        NARROWING.c.week.in_(list(weeks)),
        NARROWING.c.id <= last,
    )
    return [(row.week, row.id) for row in reads.execute(query)]
