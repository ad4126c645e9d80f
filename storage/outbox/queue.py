"""The queue of the outbox: what is due, who sends it, and what became of it, as far as that is
known; the rest is in `uncertain_rows.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)

from storage import tables
from storage.engine.compiled import CompiledStatement
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among, core, one_of
from storage.outbox.outbox import LANES, OUTBOX, PASSING, Lane, OutboxMessage, in_no_turn, opened
from storage.vault.vault import SealBroken, Vault

PERSON = core(tables.Person)

LONGEST = 300.0
"""The most seconds between two tries. What a channel wants beyond that its pacer keeps."""
SOON = timedelta(minutes=10)
"""No reply waits longer than this to be tried again."""
CALM = 3600.0
"""The most seconds between two tries of a broadcast that was refused for a lasting reason."""

_EARLIER = OUTBOX.alias("earlier")


ROWS = select(
    OUTBOX,
    PERSON.c.channel.label("person_channel"),
    PERSON.c.sealed.label("person_sealed"),
).outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)
"""Rows with whom they go to, for `read_row`."""
FREE: ColumnElement[bool] = or_(
    OUTBOX.c.leased_until.is_(None),
    OUTBOX.c.leased_until <= bindparam("now"),
    OUTBOX.c.owner == bindparam("by"),
)
"""In the hands of nobody, or of `by`."""


def _may_be_due(lane: Lane) -> Select[Any]:
    """The name of a lane, if anything in it may be due: a reply always is."""
    rows = exists().where(one_of(OUTBOX.c.state, "pending"), one_of(OUTBOX.c.lane, lane))
    if lane != "reply":
        rows = rows.where(OUTBOX.c.due_at <= bindparam("now"))
    return select(literal_column(f"'{lane}'").label("lane")).where(rows)


_OWED: Select[Any] = select(literal_column("'owed'").label("lane")).where(
    exists().where(OUTBOX.c.owed.is_not(None))
)


_DUE_LANES = CompiledStatement(lambda _: union_all(*map(_may_be_due, LANES), _OWED))
_NEXT_DUE = CompiledStatement(
    lambda _: (
        select(OUTBOX.c.due_at)
        .where(one_of(OUTBOX.c.state, "pending"), OUTBOX.c.lane == bindparam("its_lane"))
        .order_by(OUTBOX.c.due_at)
        .limit(1)
    )
)
_TRIED_MOST = CompiledStatement(
    lambda _: (
        select(OUTBOX.c.due_at, OUTBOX.c.attempts)
        .where(
            one_of(OUTBOX.c.state, "pending"),
            OUTBOX.c.attempts > literal_column("0"),
            OUTBOX.c.lane == bindparam("its_lane"),
        )
        .order_by(OUTBOX.c.attempts.desc())
        .limit(1)
    )
)
_SENT = CompiledStatement(
    lambda _: (
        update(OUTBOX)
        .where(
            OUTBOX.c.id == bindparam("row"),
            OUTBOX.c.owner == bindparam("by"),
            OUTBOX.c.attempts == bindparam("tried"),
            one_of(OUTBOX.c.state, "pending", "sending", "uncertain"),
        )
        .values(
            state="sent", ref=bindparam("its_ref"), sent_at=bindparam("at"), leased_until=null()
        )
    ),
    apart=True,
)

_LET_GO = CompiledStatement(
    lambda _: delete(OUTBOX).where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.person_id.is_(None)),
    apart=True,
)
_DROPPED = CompiledStatement(lambda _: delete(OUTBOX).where(OUTBOX.c.id == bindparam("row")))


def due(
    connection: Transaction,
    now: datetime,
    limit: int,
    lanes: Sequence[Lane] = LANES,
    *,
    channel: str | None = None,
    busy: Collection[int] = (),
    owner: str = "",
    apart: bool = False,
) -> list[OutboxMessage]:
    """What may be delivered now (through this channel, if one is named): per person and lane only
    the oldest row that is not settled, none of those that are `busy`, or claimed by another process
    than `owner`. `apart`: changes of messages wait for nothing, and nothing waits for them. A row
    that does not open has failed. On PostgreSQL rows that another process is taking are left
    out."""
    rows: list[OutboxMessage] = []
    given = {"now": now, "soon": now + SOON, "by": owner, "busy": list(busy)}
    if channel is not None:
        given |= {"through": channel, "its_queues": f"{channel}:%"}
    for lane in lanes:
        query = _due_in(lane, channel is not None, apart)
        for found in query.all_named(connection, **given, most=max(0, limit - len(rows))):
            try:
                row = read_row(connection.vault, found)
            except (SealBroken, ValueError, LookupError, TypeError):
                mark_failed(connection, found.id)
                continue
            if channel in (None, row.channel):
                rows.append(row)
    return rows


def due_lanes(reads: Reads, now: datetime) -> list[Lane | Literal["owed"]]:
    """The lanes in which anything may be due, and whether changes of messages are owed. Quick where
    nothing is."""
    return [row[0] for row in _DUE_LANES.all(reads, now=now)]


def begin(connection: Transaction, row_id: int, until: datetime) -> bool:
    """Mark one row as being sent, to be committed before the call. False when it does not wait any
    more: another process was first."""
    waits = and_(OUTBOX.c.id == row_id, OUTBOX.c.state == "pending")
    values = {"state": "sending", "due_at": until, "leased_until": until}
    return connection.execute(update(OUTBOX).where(waits).values(**values)).rowcount > 0


def drop(connection: Transaction, row_id: int) -> None:
    """It must not be sent after all, or nothing needs to be known of it any more."""
    _DROPPED.later(connection, row=row_id)


def mark_sent(
    connection: Transaction,
    row_id: int,
    ref: str,
    at: datetime,
    *,
    tried: int,
    owner: str = "",
    kept: bool = True,
) -> None:
    """Delivered, by its owner, after so many tries; `ref` is the channel's own id of the message.
    Not when it was heard meanwhile that it failed after all. Not `kept`: nothing needs to be known
    of it any more, and it goes."""
    if kept:
        _SENT.later(connection, row=row_id, by=owner, tried=tried, its_ref=ref, at=at)
    else:
        _LET_GO.later(connection, row=row_id)


def pause(attempts: int, *, calmly: bool = False) -> float:
    """Seconds until the next try, after so many that came to nothing."""
    if calmly:
        return float(min(CALM, 60 * 2 ** min(attempts, 10)))
    return float(min(LONGEST, 0.5 * 2 ** min(attempts, 10)))


def later(connection: Transaction, row_id: int, due: datetime, attempts: int) -> None:
    """Nothing was delivered; to be tried again."""
    again = {"state": "pending", "due_at": due, "attempts": attempts, "ref": ""}
    change(connection, row_id, **again, owner="", leased_until=None)


def mark_failed(connection: Transaction, row_id: int) -> None:
    """The channel will never take it."""
    settle(connection, row_id, state="failed")


def gone(connection: Transaction, person_id: str, up_to: int | None = None) -> int:
    """The person cannot be reached: nothing that waits (up to this row) is sent. How many rows that
    were."""
    waiting = _waiting(person_id)
    if up_to is not None:
        waiting = and_(waiting, OUTBOX.c.id <= up_to)
    owed = and_(OUTBOX.c.person_id == person_id, OUTBOX.c.owed.is_not(None))
    connection.execute(update(OUTBOX).where(owed).values(owed=None))
    return connection.execute(
        update(OUTBOX).where(waiting).values(state="gone", leased_until=None)
    ).rowcount


def waits(reads: Reads, person_id: str) -> bool:
    """Whether anything for this person waits."""
    return (
        reads.execute(select(OUTBOX.c.id).where(_waiting(person_id)).limit(1)).first() is not None
    )


def put_forward(connection: Transaction, now: datetime) -> int:
    """What is to be tried again, but so much later that the clock must have been put back since,
    is due. How many rows."""
    again = and_(one_of(OUTBOX.c.state, "pending"), OUTBOX.c.attempts > literal_column("0"))
    reply = OUTBOX.c.lane == "reply"
    too_late = or_(
        and_(reply, OUTBOX.c.due_at > now + SOON),
        OUTBOX.c.due_at > now + SOON + timedelta(seconds=CALM),
    )
    late = update(OUTBOX).where(in_no_turn(again, too_late))
    return connection.execute(late.values(due_at=now)).rowcount


def tried_most(reads: Reads, lane: Lane) -> tuple[datetime, int] | None:
    """Of what is to be tried again, the row that was tried most often: when it is due, and how
    often that was."""
    row = _TRIED_MOST.one(reads, its_lane=lane)
    return None if row is None else (row[0], row[1])


def next_due(reads: Reads, lane: Lane) -> datetime | None:
    """When the next row of a lane is due; a moment in the past when rows wait."""
    row = _NEXT_DUE.one(reads, its_lane=lane)
    return None if row is None else row[0]


@cache
def _due_in(lane: Lane, named: bool, apart: bool) -> CompiledStatement:
    earlier: ColumnElement[bool] = exists().where(
        _EARLIER.c.queue == OUTBOX.c.queue,
        _EARLIER.c.lane == OUTBOX.c.lane,
        _EARLIER.c.id < OUTBOX.c.id,
        one_of(_EARLIER.c.state, "pending", "sending"),
    )
    if apart:
        blocks = earlier.where(~one_of(_EARLIER.c.kind, *PASSING))
        earlier = and_(~one_of(OUTBOX.c.kind, *PASSING), blocks)
    query = (
        ROWS.where(
            one_of(OUTBOX.c.state, "pending"),
            OUTBOX.c.lane == lane,
            _on_time(lane),
            FREE,
            Among(OUTBOX.c.id, "busy", none=True),
            ~earlier,
        )
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=OUTBOX, skip_locked=True)
    )
    if named:
        through = PERSON.c.channel == bindparam("through")
        # versions before wrote no channel there: of those rows it is only read
        others = and_(
            PERSON.c.id.is_(None),
            or_(OUTBOX.c.queue.like(bindparam("its_queues")), ~OUTBOX.c.queue.like("%:%")),
        )
        query = query.where(or_(others, through))
    return CompiledStatement(lambda _: query)


def _on_time(lane: Lane) -> ColumnElement[bool]:
    """A reply goes at once, and is tried again soon, also when a clock was wrong as it was put."""
    due = OUTBOX.c.due_at <= bindparam("now")
    if lane != "reply":
        return due
    return or_(due, OUTBOX.c.attempts == 0, OUTBOX.c.due_at > bindparam("soon"))


def read_row(vault: Vault, row: Row[Any]) -> OutboxMessage:
    """Opened, with whom it goes to. Raises SealBroken, ValueError, LookupError or TypeError."""
    data = opened(vault, row)
    if row.person_id is None:
        channel, address, language = data["to"]
    else:
        person = vault.open_json(f"person:{row.person_id}", row.person_sealed)
        channel, address, language = row.person_channel, person["address"], person["language"]
    return OutboxMessage(
        id=row.id,
        person_id=row.person_id,
        channel=channel,
        address=address,
        language=language,
        turn=row.turn,
        kind=row.kind,
        lane=row.lane,
        effect=data["effect"],
        attempts=row.attempts,
    )


def _waiting(person_id: str) -> ColumnElement[bool]:
    return and_(OUTBOX.c.person_id == person_id, OUTBOX.c.state.in_(("pending", "sending")))


def settle(connection: Transaction, row_id: int, **values: object) -> None:
    """It is not sent any more."""
    change(connection, row_id, **values, leased_until=None)
    let_go(connection, row_id)


def let_go(connection: Transaction, row_id: int) -> None:
    """Without a person nothing needs to be known of it any more."""
    connection.execute(delete(OUTBOX).where(OUTBOX.c.id == row_id, OUTBOX.c.person_id.is_(None)))


def change(connection: Transaction, row_id: int, **values: object) -> None:
    """Whatever its state is."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == row_id).values(**values))
