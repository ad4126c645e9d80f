"""Withdrawals: a story goes without a trace."""

from __future__ import annotations

from sqlalchemy import delete

from storage import narrowings, tables
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.stories import blobs, consents, relays
from storage.stories.permissions import readers
from storage.stories.rows import SEVERAL, stored_row
from storage.vault.erasure import ErasureLog

STORY = core(tables.Story)
CONVERSATION = core(tables.Conversation)
OUTBOX = core(tables.Outbox)


def withdraw(connection: Transaction, story_id: str, erased: ErasureLog, week: str) -> bool:
    """A story goes, with the draft and the messages it came from, what was shown of it to anybody,
    and the words of its consents. False when there is no such story."""
    row = stored_row(connection, story_id)
    if row is None:
        return False
    hashed, trace = connection.vault.story_hash(story_id), connection.vault.trace(story_id)
    erased.add(week, ("story", hashed), ("trace", trace))
    narrowings.note(connection, row.week, readers(row))
    connection.execute(delete(STORY).where(STORY.c.id == story_id))
    relays.drop(connection, story_id)
    blobs.keep_only(connection, story_id, ())
    for table in (CONVERSATION, OUTBOX):
        connection.execute(delete(table).where(table.c.trace == trace))
    shown = OUTBOX.c.state.not_in(("pending", "sending"))
    connection.execute(delete(OUTBOX).where(OUTBOX.c.trace == SEVERAL, shown))
    consents.forget_words(connection, hashed)
    consents.append_withdrawal(connection, hashed, week)
    return True
