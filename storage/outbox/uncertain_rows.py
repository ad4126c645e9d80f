"""Rows of which nobody knows whether they were delivered: the call was not answered, or whoever
made it was lost.

A reply, which is sent at least once, goes again; where the channel tells later what became of it,
only when nothing was heard. Anything else is sent at most once, and stays uncertain until the
channel tells.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from storage.engine.transaction import Transaction
from storage.engine.types import one_of
from storage.outbox.leases import LEASE
from storage.outbox.outbox import OUTBOX, Lane, OutboxMessage, in_no_turn
from storage.outbox.queue import PERSON, ROWS, change, read_row, settle

DOUBT = "?"
"""The `ref` of a reply that waits for word of what came of it: it may have arrived."""


def mark_uncertain(connection: Transaction, row_id: int) -> None:
    """It may or may not have arrived, and must not be sent again."""
    settle(connection, row_id, state="uncertain")


def wait_for_word(connection: Transaction, row_id: int, until: datetime, attempts: int) -> None:
    """A reply may have arrived: it goes again when nothing was heard of it until then."""
    again = {"state": "pending", "due_at": until, "attempts": attempts, "ref": DOUBT}
    change(connection, row_id, **again, owner="", leased_until=None)


def recover_lost(
    connection: Transaction,
    now: datetime | None,
    tell: Collection[str] = (),
    told: datetime | None = None,
) -> int:
    """Rows whose sender was lost: replies wait again, the rest is uncertain. `now` finds those
    whose time is over (replicas); None takes all (start of the only process). Channels that `tell`
    later what became of a message have until `told` to do so: until then its reply waits."""
    lost = one_of(OUTBOX.c.state, "sending")
    if now is not None:
        late = OUTBOX.c.due_at <= now
        lost = and_(lost, or_(late, OUTBOX.c.due_at > now + 2 * LEASE))  # or a clock was put back
    reply = OUTBOX.c.lane == "reply"
    free = {"owner": "", "leased_until": None}
    again = update(OUTBOX).where(in_no_turn(lost, reply)).values(state="pending", **free)
    rest = (
        update(OUTBOX).where(in_no_turn(lost, ~reply)).values(state="uncertain", leased_until=None)
    )
    statements = [again, rest]
    if tell and told is not None:
        # by the few people of those rows, not by everybody in the channel
        its_person = select(PERSON.c.id).where(PERSON.c.id == OUTBOX.c.person_id)
        known = its_person.where(PERSON.c.channel.in_(tell)).exists()
        theirs = or_(known, *(OUTBOX.c.queue.like(f"{channel}:%") for channel in tell))
        waits = update(OUTBOX).where(in_no_turn(lost, reply, theirs))
        tried = OUTBOX.c.attempts + 1
        waits = waits.values(state="pending", due_at=told, attempts=tried, ref=DOUBT, **free)
        statements.insert(0, waits)
    return sum(connection.execute(statement).rowcount for statement in statements)


def mark_arrived(connection: Transaction, row_id: int, ref: str, now: datetime) -> Lane | None:
    """It turned out that a row was delivered of which that was not known: its lane. None when it
    was known, or the row is gone. Without a person it stays until `let_go`."""
    unknown = and_(OUTBOX.c.id == row_id, OUTBOX.c.state.in_(("pending", "sending", "uncertain")))
    lane: Lane | None = connection.execute(select(OUTBOX.c.lane).where(unknown)).scalar()
    values = {"state": "sent", "ref": ref, "sent_at": now, "leased_until": None}
    connection.execute(update(OUTBOX).where(unknown).values(**values))
    return lane


def taken_by_channel(connection: Transaction, row_id: int, channel: str) -> OutboxMessage | None:
    """A row that a channel took, whether its answer was heard yet or not; None when it is not there
    any more, or waits."""
    found = connection.execute(
        ROWS.where(
            OUTBOX.c.id == row_id,
            or_(
                OUTBOX.c.state.in_(("sending", "sent", "uncertain")),
                and_(OUTBOX.c.state == "pending", OUTBOX.c.ref == DOUBT),
            ),
            or_(
                PERSON.c.channel == channel,
                and_(OUTBOX.c.person_id.is_(None), OUTBOX.c.queue.like(f"{channel}:%")),
            ),
        )
    ).one_or_none()
    return None if found is None else read_row(connection.vault, found)
