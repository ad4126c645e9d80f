"""Published versions of guides: who may be asked what from now on, and how many stories came of
each."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.guides.drafts import Texts
from storage.people import guide_versions

PUBLICATION = core(tables.GuidePublication)
VERSION = core(tables.GuideVersion)


@dataclass(frozen=True, slots=True)
class Publication:
    """A published version of a guide. `source` is all it is made of, as the library reads it."""

    guide: str
    number: int
    fingerprint: str
    revision: int
    text: str
    texts: Texts
    note: str
    coordinator_id: str
    at: datetime
    recalled_at: datetime | None
    recall_note: str
    source: str


class NumberTaken(Exception):
    """Somebody published since; nothing was written."""


def publish(
    connection: Transaction,
    guide: str,
    made_of: tuple[int, str, Texts],
    built: tuple[str, str],
    *,
    after: int,
    note: str,
    who: str,
    now: datetime,
) -> int:
    """Publish a version `made_of` a revision, its text and its translations, with the fingerprint
    and the source of what was `built` of them. `after` is the number of the one before (0: none).
    Raises NumberTaken."""
    if newest_number(connection, guide) != after:
        raise NumberTaken
    revision, text, texts = made_of
    fingerprint, source = built
    guide_versions.remember(connection, guide, fingerprint, source)
    row = {
        "guide": guide, "number": after + 1, "fingerprint": fingerprint, "revision": revision,
        "text": text, "texts": json.dumps(texts, ensure_ascii=False, sort_keys=True),
        "note": note, "coordinator_id": who, "at": now, "recalled_at": None,
        "recall_note": None,
    }  # fmt: skip
    connection.execute(insert(PUBLICATION).values(row))
    return after + 1


def recall(connection: Transaction, guide: str, number: int, now: datetime, note: str = "") -> bool:
    """Nobody begins this version any more. False when that was so already, or there is none."""
    changed = connection.execute(
        update(PUBLICATION)
        .where(
            PUBLICATION.c.guide == guide,
            PUBLICATION.c.number == number,
            PUBLICATION.c.recalled_at.is_(None),
        )
        .values(recalled_at=now, recall_note=note or None)
    )
    return changed.rowcount == 1


def newest_number(reads: Reads, guide: str) -> int:
    query = select(func.max(PUBLICATION.c.number)).where(PUBLICATION.c.guide == guide)
    return int(reads.execute(query).scalar() or 0)


def of_guide(reads: Reads, guide: str) -> list[Publication]:
    """The versions of a guide, newest first."""
    query = _query().where(PUBLICATION.c.guide == guide).order_by(PUBLICATION.c.number.desc())
    return [_publication(row) for row in reads.execute(query)]


def every(reads: Reads) -> list[Publication]:
    """All versions of all guides, each guide's oldest first."""
    query = _query().order_by(PUBLICATION.c.guide, PUBLICATION.c.number)
    return [_publication(row) for row in reads.execute(query)]


def mark(reads: Reads) -> tuple[int, int]:
    """Changes with every publication and every recall: cheap to ask again and again."""
    query = select(func.count(), func.count(PUBLICATION.c.recalled_at))
    row = reads.execute(query).one()
    return int(row[0]), int(row[1])


def told_with(told: Counter[str], versions: list[Publication]) -> dict[int, int]:
    """How many stories came of each version, of what is counted by fingerprint. Two versions that
    are the same share theirs: it is counted with the newest."""
    found: dict[int, int] = {}
    for each in sorted(versions, key=lambda one: -one.number):
        found[each.number] = told.pop(each.fingerprint, 0)
    return found


def _query() -> Any:
    return select(PUBLICATION, VERSION.c.source).join(
        VERSION, VERSION.c.fingerprint == PUBLICATION.c.fingerprint
    )


def _publication(row: Row[Any]) -> Publication:
    return Publication(
        guide=row.guide,
        number=row.number,
        fingerprint=row.fingerprint,
        revision=row.revision,
        text=row.text,
        texts=json.loads(row.texts),
        note=row.note,
        coordinator_id=row.coordinator_id,
        at=row.at,
        recalled_at=row.recalled_at,
        recall_note=row.recall_note or "",
        source=row.source,
    )
