"""Flood limit: how much may wait for one person."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads
from storage.engine.types import one_of
from storage.outbox.outbox import OUTBOX, PASSING

MOST = 60
"""Answers that wait for one person; at Telegram's pace a minute of reading."""
HELPING = 15
"""More of them, in which is still said who can help; then it waits there several times already."""

_BEYOND = CompiledStatement(
    lambda _: (
        select(OUTBOX.c.id)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            one_of(OUTBOX.c.state, "pending"),
            ~one_of(OUTBOX.c.kind, *PASSING),
        )
        .offset(bindparam("so_many"))
        .limit(1)
    )
)


def crowded(reads: Reads, person_id: str, more: int = 0) -> bool:
    """Whether so much waits for someone, and so many more, that more would not be read."""
    return _BEYOND.one(reads, person=person_id, so_many=MOST + more - 1) is not None
