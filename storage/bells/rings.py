"""What was rung for which message: each bell once at most, one after the other. Which may follow
which is decided elsewhere; here a change counts only if the state is still what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update

from storage import tables
from storage.engine.statements import dialect_insert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core, one_of
from storage.vault.vault import new_id

RING = core(tables.Ring)
ATTEMPT = core(tables.RingAttempt)
OUTBOX = core(tables.Outbox)

State = Literal["waiting", "ringing", "rung", "uncertain", "failed", "needless"]
"""`waiting`: not before its time. `ringing`: the call may go out any moment; committed before it
does. `uncertain`: it may or may not have arrived. `needless`: the question was answered first."""


@dataclass(frozen=True, slots=True)
class StoredRing:
    """A message for which bells are rung."""

    id: str
    person_id: str
    message_id: int
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One bell of a ring; `reason` is what its channel said when it failed."""

    ring_id: str
    channel: str
    number: int
    address_hash: str
    outbox_id: int
    state: State
    reason: str
    at: datetime


def begin(
    connection: Transaction, person_id: str, message_id: int, now: datetime
) -> StoredRing | None:
    """A ring for a message; None when there is one already."""
    made = StoredRing(new_id(), person_id, message_id, now)
    values = {name: getattr(made, name) for name in made.__slots__}
    statement = dialect_insert(connection, RING).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["message_id"])
    done = connection.execute(statement, execution_options={"preserve_rowcount": True})
    return made if done.rowcount else None


def add_attempt(connection: Transaction, attempt: StoredAttempt) -> None:
    """The next bell of a ring. The database refuses a channel that was tried."""
    values = {name: getattr(attempt, name) for name in attempt.__slots__}
    connection.execute(insert(ATTEMPT).values(values))


def change(connection: Transaction, attempt: StoredAttempt, **values: object) -> bool:
    """Change an attempt, if its state is still that of `attempt`. Whether it was."""
    this = and_(
        ATTEMPT.c.ring_id == attempt.ring_id,
        ATTEMPT.c.channel == attempt.channel,
        ATTEMPT.c.state == attempt.state,
    )
    return connection.execute(update(ATTEMPT).where(this).values(**values)).rowcount > 0


def by_id(reads: Reads, ring_id: str) -> StoredRing | None:
    row = reads.execute(select(RING).where(RING.c.id == ring_id)).mappings().one_or_none()
    return None if row is None else StoredRing(**row)


def by_outbox(reads: Reads, outbox_id: int) -> StoredAttempt | None:
    """The attempt that a row of the outbox carries, or carried."""
    query = select(ATTEMPT).where(ATTEMPT.c.outbox_id == outbox_id)
    row = reads.execute(query).mappings().one_or_none()
    return None if row is None else StoredAttempt(**row)


def attempts(reads: Reads, ring_id: str) -> list[StoredAttempt]:
    """What was rung, in that order."""
    query = select(ATTEMPT).where(ATTEMPT.c.ring_id == ring_id).order_by(ATTEMPT.c.number)
    return [StoredAttempt(**row) for row in reads.execute(query).mappings()]


def of_person(reads: Reads, person_id: str) -> list[tuple[StoredRing, Sequence[StoredAttempt]]]:
    """All that was rung for someone, oldest first."""
    query = select(RING).where(RING.c.person_id == person_id).order_by(RING.c.begun_at, RING.c.id)
    found = [StoredRing(**row) for row in reads.execute(query).mappings()]
    return [(each, attempts(reads, each.id)) for each in found]


def lost(connection: Transaction) -> list[StoredAttempt]:
    """Attempts whose sender was lost in the middle: the outbox does not carry them any more."""
    carried = exists().where(
        OUTBOX.c.id == ATTEMPT.c.outbox_id, OUTBOX.c.state.in_(("pending", "sending"))
    )
    query = select(ATTEMPT).where(one_of(ATTEMPT.c.state, "ringing"), ~carried)
    rows = connection.execute(query.with_for_update(skip_locked=True)).mappings()
    return [StoredAttempt(**row) for row in rows]


def room_at(
    reads: Reads,
    channel: str,
    address_hash: str,
    limit: int,
    now: datetime,
    window: timedelta,
    slack: timedelta,
) -> datetime:
    """When a channel that may ring for `limit` different addresses in any `window` has room for
    this one: `now`, or behind all that wait, so that each is put off once and in its order. What
    waits may ring as much as `slack` late, and has its room until then."""
    counts = and_(
        ATTEMPT.c.channel == channel,
        ATTEMPT.c.at > now - window,
        or_(
            ATTEMPT.c.state.in_(("ringing", "rung", "uncertain")),
            and_(ATTEMPT.c.state == "waiting", ATTEMPT.c.at > now),
        ),
    )
    soon = select(ATTEMPT.c.address_hash).where(counts, ATTEMPT.c.at <= now + slack).distinct()
    taken = set(reads.execute(soon).scalars())
    if len(taken) < limit or address_hash in taken:
        return now
    newest = select(ATTEMPT.c.at).where(counts).order_by(ATTEMPT.c.at.desc())
    last: datetime | None = reads.execute(newest.offset(max(0, limit - 1)).limit(1)).scalar()
    return (last if last and limit else now) + window + slack


def waiting(reads: Reads, channel: str, now: datetime) -> tuple[int, datetime | None]:
    """How many different addresses a channel is still to ring that have no moment yet, and the
    last moment of the others."""
    its = and_(ATTEMPT.c.channel == channel, one_of(ATTEMPT.c.state, "waiting"))
    due = select(func.count(ATTEMPT.c.address_hash.distinct())).where(its, ATTEMPT.c.at <= now)
    last = select(func.max(ATTEMPT.c.at)).where(its, ATTEMPT.c.at > now)
    return int(reads.execute(due).scalar_one()), reads.execute(last).scalar()


def look_again(connection: Transaction, channel: str, now: datetime) -> int:
    """The room of a channel changed: whatever waits for it (and not because it was withheld) finds
    its moment anew. How many."""
    its = and_(
        ATTEMPT.c.channel == channel,
        one_of(ATTEMPT.c.state, "waiting"),
        ATTEMPT.c.reason == "",
        ATTEMPT.c.at > now,
    )
    rows = select(ATTEMPT.c.outbox_id).where(its)
    pending = and_(one_of(OUTBOX.c.state, "pending"), OUTBOX.c.id.in_(rows))
    connection.execute(update(OUTBOX).where(pending).values(due_at=now))
    return connection.execute(update(ATTEMPT).where(its).values(at=now)).rowcount


def drop_waiting(connection: Transaction, person_id: str) -> None:
    """Nothing of someone is rung any more: the rows of the outbox hold an address, and go."""
    mine = select(ATTEMPT.c.outbox_id).join(RING, RING.c.id == ATTEMPT.c.ring_id)
    mine = mine.where(RING.c.person_id == person_id)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.person_id.is_(None), OUTBOX.c.id.in_(mine)))


def forget(connection: Transaction, before: datetime) -> int:
    """What was rung longer ago goes."""
    return connection.execute(delete(RING).where(RING.c.begun_at < before)).rowcount
