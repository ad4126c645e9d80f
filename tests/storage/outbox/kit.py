"""Rows of the outbox for its tests."""

from __future__ import annotations

from datetime import timedelta

from storage.outbox import outbox
from storage.outbox.outbox import Lane
from tests.storage.stores import NOW, Store


async def put(
    store: Store,
    person_id: str | None,
    text: str,
    turn: int = 1,
    lane: Lane = "reply",
    due_in: timedelta = timedelta(0),
) -> int:
    """A text, to a person or (None) to a group. Its id."""
    to = None if person_id else ("telegram", "-100", "nl")
    return await store.database.write(
        lambda c: outbox.put(c, person_id, {"text": text}, turn, "say", lane, NOW + due_in, to=to)
    )
