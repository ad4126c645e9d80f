"""Leases on outbox rows among replicas: claimed, renewed, released.

A claim holds until its lease is over, or until its owner is seen to be gone. Whoever wants to write
what came of a row asks first whether it still is the owner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, bindparam, func, select, update

from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among
from storage.outbox.outbox import OUTBOX, OutboxMessage, in_no_turn

LEASE = timedelta(minutes=2)
"""After this time whoever was sending a row is thought lost."""
LATELY = timedelta(seconds=5)
"""What went to a chat longer ago than this cannot slow it down any more."""
LONGER: Mapping[str, timedelta] = {"whatsapp": timedelta(seconds=280)}
"""The same for channels with a slower pace, of which much may be borrowed."""
NEWEST = 2000
"""What went lately is looked for among so many of the newest rows."""

Held = Literal["still", "in a turn", "not any more"]

_LATELY = CompiledStatement(
    lambda _: (
        select(OUTBOX.c.person_id, OUTBOX.c.sent_at, OUTBOX.c.ref)
        .where(
            Among(OUTBOX.c.person_id, "people"),
            OUTBOX.c.id > select(func.max(OUTBOX.c.id)).scalar_subquery() - NEWEST,
            OUTBOX.c.sent_at.between(bindparam("since"), bindparam("until")),
        )
        .order_by(OUTBOX.c.sent_at)
    )
)


def claim(
    connection: Transaction, rows: Sequence[OutboxMessage], owner: str, until: datetime
) -> Sequence[OutboxMessage]:
    """Take rows that are `due` in hand, in the transaction that found them."""
    if rows:
        ids = [row.id for row in rows]
        values = {"owner": owner, "leased_until": until}
        connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**values))
    return [row._replace(owner=owner, until=until) for row in rows]


def held(connection: Transaction, row: OutboxMessage) -> Held:
    """Whether a row is still in the hands of who claimed it, and then locked for this transaction.
    One that another process has in a turn is not waited for: that turn may wait for this one."""
    owner = select(OUTBOX.c.owner).where(OUTBOX.c.id == row.id)
    if connection.execute(owner.with_for_update(skip_locked=True)).scalar() == row.owner:
        return "still"
    return "in a turn" if connection.execute(owner).scalar() == row.owner else "not any more"


def lately(
    reads: Reads, person_ids: Collection[str], now: datetime, channels: Collection[str] = ()
) -> Mapping[str, Sequence[float]]:
    """How many seconds ago each message was sent to these people in these channels (a row may have
    been several), oldest first, of what is not long ago."""
    window = max((LONGER.get(each, LATELY) for each in channels), default=LATELY)
    sent: dict[str, list[float]] = {}
    for person_id, at, ref in _LATELY.all(reads, people=person_ids, since=now - window, until=now):
        pieces = (ref or "").count(",") + 1
        sent.setdefault(person_id, []).extend([(now - at).total_seconds()] * pieces)
    return sent


def owners(reads: Reads) -> set[str]:
    """The processes that have rows in hand."""
    query = select(OUTBOX.c.owner).distinct().where(OUTBOX.c.leased_until.is_not(None))
    return set(reads.execute(query).scalars())


def release(connection: Transaction, owners: Collection[str], now: datetime) -> int:
    """These processes are gone, or let go: what they were only going to send is for others, what
    they had begun to send counts as lost. How many rows that were."""
    theirs = and_(OUTBOX.c.leased_until.is_not(None), OUTBOX.c.owner.in_(owners))
    waiting = and_(theirs, OUTBOX.c.state == "pending")
    begun = and_(theirs, OUTBOX.c.state == "sending")
    free = update(OUTBOX).where(in_no_turn(waiting)).values(owner="", leased_until=None)
    lost = update(OUTBOX).where(in_no_turn(begun)).values(due_at=now)
    owed = and_(theirs, OUTBOX.c.state == "sent")
    left = update(OUTBOX).where(in_no_turn(owed)).values(owner="", leased_until=None)
    return sum(connection.execute(statement).rowcount for statement in (free, lost, left))
