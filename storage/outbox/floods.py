"""Flood limit: how much may wait for one person."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine.database import Reads
from storage.engine.types import one_of
from storage.outbox.outbox import OUTBOX, PASSING

MOST = 60
"""Answers that wait for one person; at Telegram's pace a minute of reading."""
HELPING = 15
"""More of them, in which is still said who can help; then it waits there several times already."""


def crowded(reads: Reads, person_id: str, more: int = 0) -> bool:
    """Whether so much waits for someone, and so many more, that more would not be read."""
    rows = (
        select(OUTBOX.c.id)
        .where(
            OUTBOX.c.person_id == person_id,
            one_of(OUTBOX.c.state, "pending"),
            ~one_of(OUTBOX.c.kind, *PASSING),
        )
        .offset(MOST + more - 1)
        .limit(1)
    )
    return reads.execute(rows).first() is not None
