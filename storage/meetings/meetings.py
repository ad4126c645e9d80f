"""Meetings, and who takes part in them. What was entered is sealed; this package does not read it
beyond the uid under which a calendar knows the meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import Vault, new_id

Side = Literal["", "host", "guest", "member"]

MEETING = core(tables.Meeting)
MEMBER = core(tables.Member)


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """A meeting as it is stored. `data` is all that was entered, as JSON; `ends_at` None: it has no
    last day; `planned_until` None: no prompt was planned yet."""

    id: str
    uid: str
    code: str
    kind: str
    state: str
    data: Mapping[str, Any] = field(default_factory=dict)
    feed_id: str | None = None
    ends_at: datetime | None = None
    planned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who takes part; `invited` and with no side: has not answered yet."""

    meeting_id: str
    person_id: str
    channel: str
    side: Side
    invited: bool


def add(connection: Transaction, row: StoredMeeting) -> StoredMeeting:
    """Store a new meeting, with an id when it has none."""
    made = row if row.id else replace(row, id=new_id())
    upsert(connection, MEETING, _values(connection.vault, made), ["id"])
    return made


def save(connection: Transaction, row: StoredMeeting) -> None:
    """Keep a known meeting as it is now."""
    values = _values(connection.vault, row)
    connection.execute(update(MEETING).where(MEETING.c.id == row.id).values(**values))


def note_planned(connection: Transaction, meeting_id: str, until: datetime) -> None:
    """Note that its prompts are rows up to this moment."""
    connection.execute(
        update(MEETING).where(MEETING.c.id == meeting_id).values(planned_until=until)
    )


def by_id(reads: Reads, meeting_id: str) -> StoredMeeting | None:
    return _one(reads, MEETING.c.id == meeting_id)


def by_code(reads: Reads, code: str) -> StoredMeeting | None:
    """The meeting that people join with this code."""
    return _one(reads, MEETING.c.code == code)


def locked(connection: Transaction, meeting_id: str) -> StoredMeeting | None:
    """A meeting that nobody else plans or changes until the transaction is over."""
    query = select(MEETING).where(MEETING.c.id == meeting_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else _row(connection.vault, row)


def code_taken(reads: Reads, code: str) -> bool:
    return reads.execute(select(MEETING.c.id).where(MEETING.c.code == code)).first() is not None


def listed(reads: Reads, *, feed_id: str | None = None) -> list[StoredMeeting]:
    """All meetings, or those of one feed."""
    query = select(MEETING)
    if feed_id is not None:
        query = query.where(MEETING.c.feed_id == feed_id)
    return [_row(reads.vault, row) for row in reads.execute(query)]


def by_uids(reads: Reads, uids: Iterable[str]) -> list[StoredMeeting]:
    """The known meetings among these uids."""
    hashes = [_uid_hash(reads.vault, uid) for uid in uids]
    found = []
    for start in range(0, len(hashes), 500):
        query = select(MEETING).where(MEETING.c.uid_hash.in_(hashes[start : start + 500]))
        found += [_row(reads.vault, row) for row in reads.execute(query)]
    return found


def to_plan(connection: Transaction, until: datetime, limit: int) -> list[StoredMeeting]:
    """Meetings whose prompts are not rows up to this moment and may still be needed. On PostgreSQL
    no other process gets them."""
    query = (
        select(MEETING)
        .where(
            MEETING.c.state != "cancelled",
            or_(MEETING.c.planned_until.is_(None), MEETING.c.planned_until < until),
            or_(
                MEETING.c.ends_at.is_(None),
                MEETING.c.planned_until.is_(None),
                MEETING.c.ends_at >= MEETING.c.planned_until,
            ),
        )
        .order_by(MEETING.c.planned_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_row(connection.vault, row) for row in connection.execute(query)]


def belongs_to(connection: Transaction, meeting_id: str, feed_id: str) -> None:
    """From now on this feed says whether it goes on."""
    connection.execute(update(MEETING).where(MEETING.c.id == meeting_id).values(feed_id=feed_id))


def remove(connection: Transaction, meeting_id: str) -> None:
    """Take out a meeting that nobody takes part in."""
    connection.execute(delete(MEETING).where(MEETING.c.id == meeting_id))


def forget(connection: Transaction, before: datetime) -> int:
    """Meetings whose last day is longer ago go, with who took part and the prompts."""
    return connection.execute(delete(MEETING).where(MEETING.c.ends_at < before)).rowcount


# -- who takes part


def join(
    connection: Transaction, meeting_id: str, person_id: str, side: Side, *, invited: bool = False
) -> bool:
    """Take part; who did already keeps the place, and a known side changes. Whether it is new."""
    row = {"meeting_id": meeting_id, "person_id": person_id, "side": side, "invited": invited}
    new = upsert(connection, MEMBER, row, ["meeting_id", "person_id"], change=())
    if side and not new:
        mine = (MEMBER.c.meeting_id == meeting_id, MEMBER.c.person_id == person_id)
        connection.execute(update(MEMBER).where(*mine).values(side=side))
    return new


def leave(connection: Transaction, meeting_id: str, person_id: str) -> bool:
    """Take part no more. Whether that was so before."""
    mine = (MEMBER.c.meeting_id == meeting_id, MEMBER.c.person_id == person_id)
    return connection.execute(delete(MEMBER).where(*mine)).rowcount > 0


def members(reads: Reads, meeting_id: str) -> list[Member]:
    """Who takes part."""
    return _members(reads, MEMBER.c.meeting_id == meeting_id)


def member(reads: Reads, meeting_id: str, person_id: str) -> Member | None:
    """Someone's place in a meeting."""
    found = _members(reads, (MEMBER.c.meeting_id == meeting_id) & (MEMBER.c.person_id == person_id))
    return found[0] if found else None


def memberships(reads: Reads, person_ids: Iterable[str]) -> list[Member]:
    """What these people take part in."""
    return _members(reads, MEMBER.c.person_id.in_(list(person_ids)))


def counts(reads: Reads) -> dict[str, int]:
    """How many take part in each meeting."""
    query = select(MEMBER.c.meeting_id, func.count()).group_by(MEMBER.c.meeting_id)
    return {row[0]: row[1] for row in reads.execute(query)}


def _members(reads: Reads, condition: ColumnElement[bool]) -> list[Member]:
    person = core(tables.Person)
    query = (
        select(MEMBER, person.c.channel)
        .join(person, person.c.id == MEMBER.c.person_id)
        .where(condition)
        .order_by(MEMBER.c.meeting_id, MEMBER.c.person_id)
    )
    return [
        Member(row.meeting_id, row.person_id, row.channel, row.side, row.invited)
        for row in reads.execute(query)
    ]


def _one(reads: Reads, condition: ColumnElement[bool]) -> StoredMeeting | None:
    row = reads.execute(select(MEETING).where(condition)).one_or_none()
    return None if row is None else _row(reads.vault, row)


def _row(vault: Vault, row: Row[Any]) -> StoredMeeting:
    sealed = vault.open_json(f"meeting:{row.id}", row.sealed)
    return StoredMeeting(
        row.id,
        sealed["uid"],
        row.code,
        row.kind,
        row.state,
        sealed["data"],
        row.feed_id,
        row.ends_at,
        row.planned_until,
    )


def _values(vault: Vault, row: StoredMeeting) -> dict[str, Any]:
    return {
        "id": row.id,
        "uid_hash": _uid_hash(vault, row.uid),
        "code": row.code,
        "kind": row.kind,
        "state": row.state,
        "feed_id": row.feed_id,
        "sealed": vault.seal_json(f"meeting:{row.id}", {"uid": row.uid, "data": dict(row.data)}),
        "ends_at": row.ends_at,
        "planned_until": row.planned_until,
    }


def _uid_hash(vault: Vault, uid: str) -> str:
    return vault.address_hash("calendar", uid)
