"""Attachments (blobs): sealed in pieces, of a draft or of a kept story, and their transcription."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.tables.blobs import Blob, BlobChunk
from storage.vault.erasure import ErasureLog
from storage.vault.vault import new_id

BLOB = core(Blob)
CHUNK = core(BlobChunk)
_QUEUED = text("blob.state <> ''")
"""As in the index of recordings that wait to be transcribed."""
_QUEUED_COUNT = CompiledStatement(lambda _: select(func.count()).select_from(BLOB).where(_QUEUED))

PIECE = 64 * 1024
"""Bytes sealed together, so that no row grows beyond what an archive reads at once."""

Kind = Literal["voice", "photo"]


@dataclass(frozen=True, slots=True)
class Content:
    """A recording or picture, opened. `media_type` as in `audio/ogg`; `seconds` is how long a
    recording says it is (0: unknown)."""

    kind: Kind
    media_type: str
    data: bytes
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class TranscriptionJob:
    """A recording to write out, held until the lease ends. `attempts` is how often it was begun,
    and tells this lease from another."""

    id: str
    person_id: str
    attempts: int


# -- keeping


def put(
    connection: Transaction,
    person_id: str,
    content: Content,
    transcribe_at: datetime | None = None,
    blob_id: str = "",
) -> str:
    """Keep what a person sent, as long as the draft names it; its id (a new one unless it is told).
    With `transcribe_at` it joins the queue of what is to be transcribed."""
    blob_id = blob_id or new_id()
    pieces = [content.data[at : at + PIECE] for at in range(0, len(content.data), PIECE)]
    facts = {
        "media_type": content.media_type,
        "seconds": content.seconds,
        "pieces": len(pieces),
    }
    connection.execute(
        insert(BLOB).values(
            id=blob_id,
            kind=content.kind,
            person_id=person_id,
            sealed=connection.vault.seal_json(f"blob:{blob_id}", facts),
            state="" if transcribe_at is None else "waiting",
            attempts=0,
            due_at=transcribe_at,
        )
    )
    for number, piece in enumerate(pieces):
        sealed = connection.vault.seal(f"blob:{blob_id}:{number}", piece)
        connection.execute(insert(CHUNK).values(blob_id=blob_id, number=number, sealed=sealed))
    return blob_id


def read(reads: Reads, blob_id: str) -> Content | None:
    """None when it is gone. Raises SealBroken when a piece is missing or was changed."""
    row = reads.execute(select(BLOB.c.kind, BLOB.c.sealed).where(BLOB.c.id == blob_id)).first()
    if row is None:
        return None
    facts = reads.vault.open_json(f"blob:{blob_id}", row.sealed)
    query = select(CHUNK.c.number, CHUNK.c.sealed).where(CHUNK.c.blob_id == blob_id)
    sealed = {piece.number: piece.sealed for piece in reads.execute(query)}
    data = b"".join(
        reads.vault.open(f"blob:{blob_id}:{number}", sealed.get(number, b""))
        for number in range(facts["pieces"])
    )
    return Content(row.kind, facts["media_type"], data, facts["seconds"])


def of_person(reads: Reads, person_id: str) -> list[str]:
    """What a person sent and no story has yet."""
    return list(reads.execute(select(BLOB.c.id).where(BLOB.c.person_id == person_id)).scalars())


def give(
    connection: Transaction,
    ids: Collection[str],
    story_id: str,
    consent_id: str,
    kind: Kind,
) -> None:
    """From now on these are of a kept story, under a consent of their own; nothing leads from them
    to the person any more."""
    connection.execute(
        update(BLOB)
        .where(BLOB.c.id.in_(ids), BLOB.c.kind == kind)
        .values(
            person_id=None,
            story_hash=connection.vault.story_hash(story_id),
            consent_id=consent_id,
            consent_purpose=kind,
            consent_answer="yes",
            state="",
            due_at=None,
        )
    )


# -- erasing


def drop(
    connection: Transaction,
    person_id: str,
    ids: Iterable[str],
    erased: ErasureLog,
    week: str,
) -> int:
    """These of a person go, unless a story has them by now; how many went."""
    return _erase(connection, and_(BLOB.c.person_id == person_id, BLOB.c.id.in_(ids)), erased, week)


def keep_only(
    connection: Transaction,
    story_id: str,
    ids: Collection[str],
    erased: ErasureLog | None = None,
    week: str = "",
) -> int:
    """Of a story only these stay; how many went."""
    these = and_(BLOB.c.story_hash == connection.vault.story_hash(story_id), BLOB.c.id.not_in(ids))
    return _erase(connection, these, erased, week)


def forget_drafts(connection: Transaction, person_ids: Collection[str] | Select[Any]) -> None:
    """What these people (a query for their ids) have in drafts goes."""
    connection.execute(delete(BLOB).where(BLOB.c.person_id.in_(person_ids)))


def _erase(
    connection: Transaction,
    these: ColumnElement[bool],
    erased: ErasureLog | None,
    week: str,
) -> int:
    ids = connection.execute(select(BLOB.c.id).where(these)).scalars().all()
    if ids and erased is not None:
        erased.add(week, *(("blob", connection.vault.blob_hash(blob_id)) for blob_id in ids))
    connection.execute(delete(CHUNK).where(CHUNK.c.blob_id.in_(ids)))
    connection.execute(delete(BLOB).where(BLOB.c.id.in_(ids)))
    return len(ids)


# -- writing out


def claim(connection: Transaction, now: datetime, until: datetime) -> TranscriptionJob | None:
    """The recording that waits longest, or whose lease ended; it is taken until then. On PostgreSQL
    two processes never take the same one."""
    row = connection.execute(
        select(BLOB.c.id, BLOB.c.person_id, BLOB.c.attempts)
        .where(
            _QUEUED,
            BLOB.c.person_id.is_not(None),
            or_(BLOB.c.state == "waiting", and_(BLOB.c.state == "working", BLOB.c.due_at < now)),
        )
        .order_by(BLOB.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    connection.execute(
        update(BLOB)
        .where(BLOB.c.id == row.id)
        .values(state="working", attempts=row.attempts + 1, due_at=until)
    )
    return TranscriptionJob(row.id, row.person_id, row.attempts + 1)


def renew(connection: Transaction, work: TranscriptionJob, until: datetime) -> bool:
    """Hold a recording longer; False when it is gone, or another process holds it."""
    return bool(connection.execute(_held(work).values(due_at=until)).rowcount)


def settle(connection: Transaction, work: TranscriptionJob) -> bool:
    """It is transcribed, or never will be; False when it is gone, or another process holds it."""
    return bool(connection.execute(_held(work).values(state="", due_at=None)).rowcount)


def release(
    connection: Transaction, work: TranscriptionJob, again_at: datetime, *, begun: bool = True
) -> None:
    """Let someone try again; without `begun` it does not count as a try."""
    attempts = work.attempts if begun else work.attempts - 1
    connection.execute(_held(work).values(state="waiting", due_at=again_at, attempts=attempts))


def recover(connection: Transaction) -> int:
    """After a stop: whoever was at it is gone. Only for a database of one process."""
    stopped = update(BLOB).where(_QUEUED, BLOB.c.state == "working").values(state="waiting")
    return connection.execute(stopped).rowcount


def queued(reads: Reads) -> int:
    """How many recordings wait to be transcribed, or are at it."""
    row = _QUEUED_COUNT.one(reads)
    return row[0] if row else 0


def _held(work: TranscriptionJob) -> Update:
    return update(BLOB).where(
        BLOB.c.id == work.id, BLOB.c.state == "working", BLOB.c.attempts == work.attempts
    )
