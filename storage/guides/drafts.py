"""Drafts of guides: every save is a revision, and nobody saves over one that they did not see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

SAVE = core(tables.GuideSave)

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Translations by language and name of the text: its `text`, and the Dutch `source` it is of."""


@dataclass(frozen=True, slots=True)
class SavedGuide:
    """A save of a guide."""

    guide: str
    revision: int
    text: str
    texts: Texts
    coordinator_id: str
    at: datetime


class NewerSave(Exception):
    """Somebody saved since. `now` is what they saved; nothing was written."""

    def __init__(self, now: SavedGuide | None) -> None:
        super().__init__("there is a newer save")
        self.now = now


def save(
    connection: Transaction,
    guide: str,
    text: str,
    texts: Texts,
    *,
    since: int,
    who: str,
    now: datetime,
) -> int:
    """Save a draft over revision `since` (0: there is none); the number of this one. The same words
    again are no save. Raises NewerSave."""
    newest = newest_of(connection, guide)
    if (newest.revision if newest else 0) != since:
        raise NewerSave(newest)
    if newest and (newest.text, newest.texts) == (text, texts):
        return newest.revision
    row = {"guide": guide, "revision": since + 1, "coordinator_id": who, "at": now}
    said = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(SAVE).values({**row, "text": text, "texts": said}))
    return since + 1


def newest_of(reads: Reads, guide: str) -> SavedGuide | None:
    """The draft as it is now."""
    query = select(SAVE).where(SAVE.c.guide == guide).order_by(SAVE.c.revision.desc()).limit(1)
    row = reads.execute(query).first()
    return _draft(row) if row else None


def at_revision(reads: Reads, guide: str, revision: int) -> SavedGuide | None:
    """The draft as it was."""
    query = select(SAVE).where(SAVE.c.guide == guide, SAVE.c.revision == revision)
    row = reads.execute(query).first()
    return _draft(row) if row else None


def newest_of_all(reads: Reads) -> list[SavedGuide]:
    """Every draft as it is now, by the id of its guide."""
    last = select(SAVE.c.guide, func.max(SAVE.c.revision).label("last")).group_by(SAVE.c.guide)
    newest = last.subquery()
    query = select(SAVE).join(
        newest, (SAVE.c.guide == newest.c.guide) & (SAVE.c.revision == newest.c.last)
    )
    return [_draft(row) for row in reads.execute(query.order_by(SAVE.c.guide))]


def saves(reads: Reads, guide: str, limit: int = 100) -> list[tuple[int, str, datetime]]:
    """The saves of a draft, newest first: number, who, when."""
    query = (
        select(SAVE.c.revision, SAVE.c.coordinator_id, SAVE.c.at)
        .where(SAVE.c.guide == guide)
        .order_by(SAVE.c.revision.desc())
        .limit(limit)
    )
    return [(row.revision, row.coordinator_id, row.at) for row in reads.execute(query)]


def remove(connection: Transaction, guide: str) -> None:
    """The draft goes, with all its saves; what was published stays."""
    connection.execute(delete(SAVE).where(SAVE.c.guide == guide))


def _draft(row: Row[Any]) -> SavedGuide:
    texts = json.loads(row.texts)
    return SavedGuide(row.guide, row.revision, row.text, texts, row.coordinator_id, row.at)
