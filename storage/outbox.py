"""The outbox: what must be delivered, in the order of each person, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    text,
    update,
)

from storage import tables
from storage.database import Reads
from storage.hot import Hot
from storage.people import PERSON
from storage.story_rows import SEVERAL
from storage.tables import core
from storage.vault import SealBroken, Vault

Kind = Literal["say", "mark", "tick", "echo", "leave", "document", "letter", "photo", "clear"]
Lane = Literal["reply", "prompt", "digest"]

LANES: tuple[Lane, ...] = ("reply", "prompt", "digest")
"""Replies go before broadcasts."""

STATES = ("pending", "sending", "sent", "failed", "uncertain", "gone")

SOON = timedelta(minutes=10)
"""No reply waits longer than this to be tried again."""

OUTBOX = core(tables.Outbox)
_EARLIER = OUTBOX.alias("earlier")
_LATER = {"id", "owner", "leased_until", "sent_at"}
"""Columns that a new row leaves as they are."""
_PUT = Hot(
    lambda insert: (
        insert(OUTBOX)
        .values({each.name: bindparam(each.name) for each in OUTBOX.c if each.name not in _LATER})
        .returning(OUTBOX.c.id)
    )
)
_NEWEST = Hot(
    lambda _: (
        select(OUTBOX.c.id, OUTBOX.c.turn, OUTBOX.c.kind, OUTBOX.c.sealed, OUTBOX.c.state)
        .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.lane == "reply")
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
)
_ASKED = Hot(
    lambda _: (
        select(OUTBOX.c.sealed, OUTBOX.c.ref)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.turn == bindparam("its_turn"),
            OUTBOX.c.kind == "say",
        )
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
)
_SENT = Hot(
    lambda _: (
        update(OUTBOX)
        .where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.person_id.is_not(None))
        .values(
            state="sent", ref=bindparam("its_ref"), sent_at=bindparam("at"), leased_until=null()
        )
    )
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to deliver. `effect` is what was put in, as JSON; `owner` has claimed it, `until`
    its lease is over."""

    id: int
    person_id: str | None
    channel: str
    address: str
    language: str
    turn: int
    kind: Kind
    lane: Lane
    effect: dict[str, Any]
    attempts: int
    owner: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of a conversation as it was shown."""

    id: int
    turn: int
    kind: Kind
    effect: dict[str, Any]
    state: str


def put(
    connection: Connection,
    vault: Vault,
    person_id: str | None,
    effect: dict[str, Any],
    turn: int,
    kind: Kind,
    lane: Lane,
    due: datetime,
    *,
    story: str = "",
    to: tuple[str, str, str] | None = None,
) -> int:
    """Add a row; its id. `story` is the id of the kept story that it belongs to (or SEVERAL): it
    goes when that story goes. `to` is (channel, address, language) for a row without a person: a
    group, or the farewell to someone who is erased; such a row is deleted once it is settled."""
    if (person_id is None) == (to is None):
        raise ValueError("a row goes to a person or to an address")
    queue = str(person_id) if to is None else vault.address_hash(to[0], to[1])
    row = {
        "person_id": person_id,
        "queue": queue,
        "turn": turn,
        "kind": kind,
        "lane": lane,
        "sealed": vault.seal_json(row_name(queue, turn, kind), {"effect": effect, "to": to}),
        "trace": vault.trace(story) if story and story != SEVERAL else story or None,
        "state": "pending",
        "due_at": due,
        "attempts": 0,
        "ref": "",
        "owner": "",
    }
    (row_id,) = _PUT.one(connection, **row) or (0,)
    return int(row_id)


def due(
    connection: Connection,
    vault: Vault,
    now: datetime,
    limit: int,
    lanes: Sequence[Lane] = LANES,
    *,
    channel: str | None = None,
    busy: Collection[int] = (),
    owner: str = "",
) -> list[Row]:
    """What may be delivered now (through this channel, if one is named): per person and lane only
    the oldest row that is not settled, none of those that are `busy`, or claimed by another process
    than `owner`. A row that does not open has failed. On PostgreSQL rows that another process is
    taking are left out."""
    rows: list[Row] = []
    given = {"now": now, "soon": now + SOON, "by": owner, "through": channel, "busy": list(busy)}
    for lane in lanes:
        query = _due_in(lane, channel is not None)
        for found in connection.execute(query, {**given, "most": max(0, limit - len(rows))}):
            try:
                row = _row(vault, found)
            except (SealBroken, ValueError, LookupError, TypeError):
                failed(connection, found.id)
                continue
            if channel in (None, row.channel):
                rows.append(row)
    return rows


def mark_sending(connection: Connection, ids: Iterable[int], until: datetime) -> None:
    """To be committed before the call to the channel."""
    ids = list(ids)
    if ids:
        _set(connection, ids, state="sending", due_at=until, leased_until=until)


def begin(connection: Connection, row_id: int, until: datetime) -> bool:
    """Mark one row as being sent, to be committed before the call. False when it does not wait any
    more: another process was first."""
    waits = and_(OUTBOX.c.id == row_id, OUTBOX.c.state == "pending")
    values = {"state": "sending", "due_at": until, "leased_until": until}
    return connection.execute(update(OUTBOX).where(waits).values(**values)).rowcount > 0


def drop(connection: Connection, row_id: int) -> None:
    """It must not be sent after all."""
    connection.execute(delete(OUTBOX).where(OUTBOX.c.id == row_id))


def sent(connection: Connection, row_id: int, ref: str, now: datetime) -> None:
    """Delivered; `ref` is the channel's own id of the message."""
    if not _SENT.run(connection, row=row_id, its_ref=ref, at=now):
        _settle(connection, row_id, state="sent")


def later(connection: Connection, row_id: int, due: datetime, attempts: int) -> None:
    """Nothing was delivered; to be tried again."""
    again = {"state": "pending", "due_at": due, "attempts": attempts}
    _set(connection, [row_id], **again, owner="", leased_until=None)


def failed(connection: Connection, row_id: int) -> None:
    """The channel will never take it."""
    _settle(connection, row_id, state="failed")


def uncertain(connection: Connection, row_id: int) -> None:
    """It may or may not have arrived, and must not be sent again."""
    _settle(connection, row_id, state="uncertain")


def gone(connection: Connection, person_id: str, up_to: int | None = None) -> int:
    """The person cannot be reached: nothing that waits (up to this row) is sent. How many rows that
    were."""
    waiting = _waiting(person_id)
    if up_to is not None:
        waiting = and_(waiting, OUTBOX.c.id <= up_to)
    return connection.execute(
        update(OUTBOX).where(waiting).values(state="gone", leased_until=None)
    ).rowcount


def waits(reads: Reads, person_id: str) -> bool:
    """Whether anything for this person waits."""
    return (
        reads.execute(select(OUTBOX.c.id).where(_waiting(person_id)).limit(1)).first() is not None
    )


def recover(connection: Connection, now: datetime | None) -> int:
    """Rows whose sender was lost: replies wait again, the rest is uncertain. `now` finds those
    whose time is over (replicas); None takes all (start of the only process)."""
    lost = OUTBOX.c.state == "sending"
    if now is not None:
        lost = and_(lost, OUTBOX.c.due_at <= now)
    reply = OUTBOX.c.lane == "reply"
    free = {"owner": "", "leased_until": None}
    again = update(OUTBOX).where(lost, reply).values(state="pending", **free)
    rest = update(OUTBOX).where(lost, ~reply).values(state="uncertain", leased_until=None)
    return sum(connection.execute(statement).rowcount for statement in (again, rest))


def next_due(reads: Reads, lane: Lane) -> datetime | None:
    """When the next row of a lane is due; a moment in the past when rows wait."""
    moment: datetime | None = reads.execute(
        select(OUTBOX.c.due_at)
        .where(OUTBOX.c.state == "pending", OUTBOX.c.lane == lane)
        .order_by(OUTBOX.c.due_at)
        .limit(1)
    ).scalar()
    return moment


def asked(
    reads: Reads, vault: Vault, person_id: str, turn: int
) -> tuple[dict[str, Any], str] | None:
    """The question of a turn as it was put, and the channel's id of the message (empty when it was
    not delivered)."""
    row = _ASKED.one(reads, person=person_id, its_turn=turn)
    if row is None:
        return None
    sealed, ref = row
    return vault.open_json(row_name(person_id, turn, "say"), sealed)["effect"], ref


def log(reads: Reads, vault: Vault, person_id: str, after_id: int = 0) -> list[Logged]:
    """All rows of a person after one of them, in order: the conversation as a page shows it."""
    query = (
        select(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.id > after_id)
        .order_by(OUTBOX.c.id)
    )
    return [
        Logged(row.id, row.turn, row.kind, _effect(vault, row)["effect"], row.state)
        for row in reads.execute(query)
    ]


def waiting(reads: Reads, vault: Vault, person_id: str) -> Logged | None:
    """The newest reply to a person, when it was not delivered yet; None: no reply waits."""
    row = _NEWEST.one(reads, person=person_id)
    if row is None or row[-1] not in ("pending", "sending"):
        return None
    row_id, turn, kind, sealed, state = row
    effect = vault.open_json(row_name(person_id, turn, kind), sealed)["effect"]
    return Logged(row_id, turn, kind, effect, state)


def last_said(reads: Reads, vault: Vault, person_id: str) -> dict[str, Any] | None:
    """The newest message to a person."""
    row = reads.execute(
        select(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.kind == "say")
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    ).one_or_none()
    effect: dict[str, Any] | None = None if row is None else _effect(vault, row)["effect"]
    return effect


def forget_several(connection: Connection, person_id: str) -> None:
    """What tells a person of several stories goes, also what is not delivered yet."""
    connection.execute(
        delete(OUTBOX).where(OUTBOX.c.person_id == person_id, OUTBOX.c.trace == SEVERAL)
    )


def forget(connection: Connection, person_id: str) -> int:
    """All rows of a person go (a draft that was thrown away), but for a prompt or digest that is
    on its way. How many there were."""
    on_its_way = and_(OUTBOX.c.lane != "reply", OUTBOX.c.state.in_(("pending", "sending")))
    statement = delete(OUTBOX).where(OUTBOX.c.person_id == person_id, ~on_its_way)
    return connection.execute(statement).rowcount


def counts(reads: Reads) -> dict[str, int]:
    """How many rows there are in each state."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    return {row[0]: row[1] for row in reads.execute(query)}


@cache
def _due_in(lane: Lane, named: bool) -> Any:
    """Built once: that takes longer than running it."""
    earlier = exists().where(
        _EARLIER.c.queue == OUTBOX.c.queue,
        _EARLIER.c.lane == OUTBOX.c.lane,
        _EARLIER.c.id < OUTBOX.c.id,
        text("earlier.state IN ('pending', 'sending')"),  # as in the index
    )
    free = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= bindparam("now"))
    query = (
        select(
            OUTBOX,
            PERSON.c.channel.label("person_channel"),
            PERSON.c.sealed.label("person_sealed"),
        )
        .outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)
        .where(
            text("outbox.state = 'pending'"),
            OUTBOX.c.lane == lane,
            _on_time(lane),
            or_(free, OUTBOX.c.owner == bindparam("by")),
            OUTBOX.c.id.not_in(bindparam("busy", expanding=True)),
            ~earlier,
        )
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=OUTBOX, skip_locked=True)
    )
    if named:
        through = PERSON.c.channel == bindparam("through")
        query = query.where(or_(PERSON.c.id.is_(None), through))
    return query


def _on_time(lane: Lane) -> Any:
    """A reply goes at once, and is tried again soon, also when a clock was wrong as it was put."""
    due = OUTBOX.c.due_at <= bindparam("now")
    if lane != "reply":
        return due
    return or_(due, OUTBOX.c.attempts == 0, OUTBOX.c.due_at > bindparam("soon"))


def _row(vault: Vault, row: Any) -> Row:
    data = _effect(vault, row)
    if row.person_id is None:
        channel, address, language = data["to"]
    else:
        person = vault.open_json(f"person:{row.person_id}", row.person_sealed)
        channel, address, language = row.person_channel, person["address"], person["language"]
    return Row(
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


def _waiting(person_id: str) -> Any:
    return and_(OUTBOX.c.person_id == person_id, OUTBOX.c.state.in_(("pending", "sending")))


def row_name(queue: str, turn: int, kind: str) -> str:
    return f"outbox:{queue}:{turn}:{kind}"


def _effect(vault: Vault, row: Any) -> Any:
    return vault.open_json(row_name(row.queue, row.turn, row.kind), row.sealed)


def _settle(connection: Connection, row_id: int, **values: Any) -> None:
    _set(connection, [row_id], **values, leased_until=None)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.id == row_id, OUTBOX.c.person_id.is_(None)))


def _set(connection: Connection, ids: Sequence[int], **values: Any) -> None:
    connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**values))
