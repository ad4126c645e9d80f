"""Drafts of guides: every save is a revision, and nobody saves over one that they did not see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

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

    @property
    def put_away(self) -> bool:
        """Whether this save put the draft away: nobody writes it any more, until it is taken
        back."""
        return not self.text


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
    """Save a draft over revision `since` (0: there is none, or it was put away); the number of this
    one. The same words again are no save. Raises NewerSave."""
    newest = newest_of(connection, guide)
    last = newest.revision if newest else 0
    if since != last and (since or (newest and not newest.put_away)):
        raise NewerSave(newest)
    if newest and (newest.text, newest.texts) == (text, texts):
        return last
    row = {"guide": guide, "revision": last + 1, "coordinator_id": who, "at": now}
    said = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(SAVE).values({**row, "text": text, "texts": said}))
    return last + 1


def put_away(connection: Transaction, guide: str, since: int, who: str, now: datetime) -> int:
    """Put the draft away: a save like any other, that can be gone back from. Raises NewerSave."""
    return save(connection, guide, "", {}, since=since, who=who, now=now)


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


def saves(reads: Reads, guide: str, before: int = 0, limit: int = 100) -> list[SavedGuide]:
    """The saves of a draft, newest first; only those `before` this one, where it is given."""
    query = select(SAVE).where(SAVE.c.guide == guide).order_by(SAVE.c.revision.desc())
    query = query.where(SAVE.c.revision < before) if before else query
    return [_draft(row) for row in reads.execute(query.limit(limit))]


def _draft(row: Row[Any]) -> SavedGuide:
    texts = json.loads(row.texts)
    return SavedGuide(row.guide, row.revision, row.text, texts, row.coordinator_id, row.at)
