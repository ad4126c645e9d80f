"""Consent records: append-only, with the exact words that were shown."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from msgspec import convert
from sqlalchemy import insert, select, update

from conversations.guide.model import Purpose
from storage import tables
from storage.engine.statements import add
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id
from storage.weeks import week_of

RemarkPurpose = Literal["remark", "remark_beside"]
"""A remark of a teller about what was done with a story, and that it may stand beside the story."""
ConsentPurpose = Purpose | RemarkPurpose
ConsentEvent = Literal["asked", "given", "refused", "withdrawn"]

VERSION = 1
"""Of the shape of these records."""

CONSENT = core(tables.Consent)


class ConsentMissing(Exception):
    """A story may not be kept without a given consent to keep it."""


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """An answer to one purpose. `answer` is `yes`, `no`, or for the team `coordinator`; `shown` are
    the exact words; `at` is when it was answered. The rest are the terms it was given under."""

    purpose: ConsentPurpose
    answer: str
    shown: str
    at: datetime
    language: str
    guide: str
    fingerprint: str
    channel: str
    controller: str = ""
    recipients: str = ""
    retention: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A consent record as it was kept; `record` is gone after erasure."""

    id: str
    purpose: str
    answer: str
    event: str
    week: str
    notice_sha256: str
    record: ConsentRecord | None


def append(
    connection: Transaction,
    story_id: str,
    record: ConsentRecord,
    event: ConsentEvent | None = None,
) -> str:
    """Add a record about a story; its id. The event follows from the answer unless it is told."""
    consent_id = new_id()
    sealed = {**asdict(record), "at": record.at.isoformat(timespec="seconds")}
    for column in ("purpose", "answer"):
        del sealed[column]
    row = {
        "id": consent_id,
        "story_hash": connection.vault.story_hash(story_id),
        "purpose": record.purpose,
        "answer": record.answer,
        "event": event or ("refused" if record.answer == "no" else "given"),
        "notice_sha256": hashlib.sha256(record.shown.encode()).hexdigest(),
        "week": week_of(record.at),
        "version": VERSION,
        "sealed": connection.vault.seal_json(f"consent:{consent_id}", sealed),
    }
    add(connection, CONSENT, row)
    return consent_id


def append_withdrawal(connection: Transaction, story_hash: str, week: str) -> None:
    """Add that keeping was withdrawn, without any words."""
    connection.execute(
        insert(CONSENT).values(
            id=new_id(),
            story_hash=story_hash,
            purpose="keep",
            answer="no",
            event="withdrawn",
            notice_sha256="",
            week=week,
            version=VERSION,
            sealed=None,
        )
    )


def forget_words(connection: Transaction, story_hash: str) -> None:
    """Empty what was sealed in the records about a story; that they were made stays."""
    connection.execute(
        update(CONSENT)
        .where(CONSENT.c.story_hash == story_hash, CONSENT.c.sealed.is_not(None))
        .values(sealed=None)
    )


def history(reads: Reads, story_id: str) -> list[Past]:
    """All records about a story, oldest first as far as the time is still known."""
    query = select(CONSENT).where(CONSENT.c.story_hash == reads.vault.story_hash(story_id))
    past = []
    for row in reads.execute(query):
        record = None
        if row.sealed is not None:
            data = reads.vault.open_json(f"consent:{row.id}", row.sealed)
            data |= {"purpose": row.purpose, "answer": row.answer}
            record = convert(data, ConsentRecord)
        past.append(
            Past(row.id, row.purpose, row.answer, row.event, row.week, row.notice_sha256, record)
        )
    order = {"asked": 0, "given": 1, "refused": 2, "withdrawn": 3}
    return sorted(
        past,
        key=lambda p: (p.week, p.record.at.timestamp() if p.record else 0.0, order[p.event]),
    )
