"""The outbox: what must be delivered, in the order of each person, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    text,
)

from storage import tables
from storage.engine.compiled import CompiledStatement, execute
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among, core, one_of
from storage.stories.rows import SEVERAL
from storage.vault.vault import Vault

Kind = Literal["say", "mark", "tick", "echo", "leave", "document", "letter", "photo", "clear"]
Lane = Literal["reply", "prompt", "digest"]

LANES: tuple[Lane, ...] = ("reply", "prompt", "digest")
"""Replies go before broadcasts."""

PASSING: tuple[Kind, ...] = ("mark", "tick", "echo")
"""Kinds that say nothing by themselves: they change a message, or show that one was heard."""

STATES = ("pending", "sending", "sent", "failed", "uncertain", "gone")

OUTBOX = core(tables.Outbox)
_NEW = [each.name for each in OUTBOX.c if each.name not in ("id", "sent_at", "owed")]
"""The columns that a new row is given."""


def _added(insert: Callable[[Table], Insert], *names: str) -> Insert:
    return insert(OUTBOX).values({name: bindparam(name) for name in names})


_PUT = CompiledStatement(lambda insert: _added(insert, *_NEW).returning(OUTBOX.c.id))
_PUT_AS = CompiledStatement(lambda insert: _added(insert, "id", *_NEW), apart=True)
_NEW_IDS = text(
    "SELECT nextval(pg_get_serial_sequence('outbox', 'id')) FROM generate_series(1, :count)"
)
_LAST_ID = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'outbox' RETURNING seq"
_WAITING = CompiledStatement(
    lambda _: (
        select(
            OUTBOX.c.queue,
            OUTBOX.c.id,
            OUTBOX.c.turn,
            OUTBOX.c.kind,
            OUTBOX.c.sealed,
            OUTBOX.c.state,
            OUTBOX.c.owner,
        )
        .where(
            Among(OUTBOX.c.queue, "people"),
            OUTBOX.c.lane == "reply",
            one_of(OUTBOX.c.state, "pending", "sending"),
            ~one_of(OUTBOX.c.kind, *PASSING),
        )
        .order_by(OUTBOX.c.id)
    )
)
NEWEST_ASKED = CompiledStatement(
    lambda _: (
        select(OUTBOX.c.sealed, OUTBOX.c.ref, OUTBOX.c.state)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.turn == bindparam("its_turn"),
            OUTBOX.c.kind == "say",
        )
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
)
"""The newest row that asks the question of a turn."""
_SAID_IN = CompiledStatement(
    lambda _: (
        select(OUTBOX)
        .where(
            OUTBOX.c.person_id == bindparam("person"),
            OUTBOX.c.kind == "say",
            or_(OUTBOX.c.ref == bindparam("whole"), OUTBOX.c.ref.like(bindparam("last"))),
        )
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    )
)
_CHANGES = CompiledStatement(
    lambda _: select(OUTBOX).where(
        OUTBOX.c.person_id == bindparam("person"),
        OUTBOX.c.turn == bindparam("its_turn"),
        OUTBOX.c.id > bindparam("before"),
        one_of(OUTBOX.c.kind, "mark", "tick"),
    )
)


class OutboxMessage(NamedTuple):
    """One thing to deliver. `effect` is what was put in, as JSON; `owner` has claimed it, `until`
    its lease is over; `lately` is how many seconds ago its person was sent something, if it was
    just now. `owed`, as it is sealed: this is the change that the message of the row is to get."""

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
    lately: Sequence[float] = ()
    owed: bytes = b""


@dataclass(frozen=True, slots=True)
class LastMessage:
    """One row of a conversation as it was shown."""

    id: int
    turn: int
    kind: Kind
    effect: dict[str, Any]
    state: str
    owner: str = ""


class Slot(NamedTuple):
    """Where a row is put that its process sends at once: with an id from `new_ids`, and in hand of
    `owner` (among several processes) until `until`."""

    id: int = 0
    owner: str = ""
    until: datetime | None = None


ANYWHERE = Slot()


def put(
    connection: Transaction,
    person_id: str | None,
    effect: dict[str, Any],
    turn: int,
    kind: Kind,
    lane: Lane,
    due: datetime,
    *,
    story: str = "",
    to: tuple[str, str, str] | None = None,
    place: Slot = ANYWHERE,
    stands: bool = False,
) -> int:
    """Add a row; its id. `story` is the id of the kept story that it belongs to (or SEVERAL): it
    goes when that story goes. `to` is (channel, address, language) for a row without a person: a
    group, or the farewell to someone who is erased; such a row is deleted once it is settled,
    or known to have arrived. `stands`: a later turn may take its buttons away."""
    if (person_id is None) == (to is None):
        raise ValueError("a row goes to a person or to an address")
    queue = (
        str(person_id) if to is None else f"{to[0]}:{connection.vault.address_hash(to[0], to[1])}"
    )
    row = {
        "person_id": person_id,
        "queue": queue,
        "turn": turn,
        "kind": kind,
        "lane": lane,
        "sealed": connection.vault.seal_json(
            row_name(queue, turn, kind), {"effect": effect, "to": to}
        ),
        "trace": connection.vault.trace(story) if story and story != SEVERAL else story or None,
        "state": "pending",
        "due_at": due,
        "attempts": 0,
        "ref": "",
        "owner": place.owner,
        "leased_until": place.until,
        "stands": stands,
    }
    if place.id:
        _PUT_AS.later(connection, id=place.id, **row)
        return place.id
    (row_id,) = _PUT.one(connection, **row) or (0,)
    return int(row_id)


def new_ids(connection: Transaction, count: int) -> list[int]:
    """Ids for rows to be put, of people who are locked: so their order holds. Empty before the very
    first row on SQLite, which gets one by itself."""
    if connection.dialect.name != "sqlite":
        return list(connection.execute(_NEW_IDS, {"count": count}).scalars())
    found = execute(connection, _LAST_ID, (count,), tables=()).fetchone()
    return list(range(found[0] - count + 1, found[0] + 1)) if found else []


def asked(reads: Reads, person_id: str, turn: int) -> tuple[dict[str, Any], str] | None:
    """The question of a turn as it was put, and the channel's id of the message (empty when it was
    not delivered)."""
    row = NEWEST_ASKED.named(reads, person=person_id, its_turn=turn)
    if row is None:
        return None
    return reads.vault.open_json(row_name(person_id, turn, "say"), row.sealed)["effect"], row.ref


def said_in(reads: Reads, person_id: str, message: str) -> dict[str, Any] | None:
    """What was said in that message of the channel."""
    row = _SAID_IN.named(reads, person=person_id, whole=message, last=f"%,{message}")
    effect: dict[str, Any] | None = None if row is None else opened(reads.vault, row)["effect"]
    return effect


def changed_since(reads: Reads, person_id: str, turn: int, row_id: int) -> list[str]:
    """Which messages with the question of a turn are changed by newer rows than this one: the
    channel's ids, empty for the newest message."""
    if not turn:
        return []
    rows = _CHANGES.all_named(reads, person=person_id, its_turn=turn, before=row_id)
    return [opened(reads.vault, row)["effect"].get("ref", "") for row in rows]


def log(reads: Reads, person_id: str, after_id: int = 0) -> list[LastMessage]:
    """All rows of a person after one of them, in order: the conversation as a page shows it."""
    query = (
        select(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.id > after_id)
        .order_by(OUTBOX.c.id)
    )
    return [
        LastMessage(row.id, row.turn, row.kind, opened(reads.vault, row)["effect"], row.state)
        for row in reads.execute(query)
    ]


def waiting(reads: Reads, person_id: str) -> LastMessage | None:
    """The newest reply to a person that was not delivered yet; None: no reply waits."""
    return all_waiting(reads, [person_id]).get(person_id)


def all_waiting(reads: Reads, person_ids: Collection[str]) -> dict[str, LastMessage]:
    """As `waiting`, for several people: those for whom a reply waits."""
    newest = {row[0]: row for row in _WAITING.all(reads, people=person_ids)}
    return {queue: _logged(reads.vault, *row) for queue, row in newest.items()}


def last_said(reads: Reads, person_id: str) -> dict[str, Any] | None:
    """The newest message to a person."""
    row = reads.execute(
        select(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.kind == "say")
        .order_by(OUTBOX.c.id.desc())
        .limit(1)
    ).one_or_none()
    effect: dict[str, Any] | None = None if row is None else opened(reads.vault, row)["effect"]
    return effect


def person_of(reads: Reads, row_id: int) -> str | None:
    """Whom a row is for; None when it is for nobody we know, or not there."""
    query = select(OUTBOX.c.person_id).where(OUTBOX.c.id == row_id)
    return reads.execute(query).scalar()


def queue_of(reads: Reads, row_id: int) -> str:
    """The queue of a row: its person, or its channel and the keyed hash of its address; empty when
    it is not there."""
    query = select(OUTBOX.c.queue).where(OUTBOX.c.id == row_id)
    return reads.execute(query).scalar() or ""


def is_there(reads: Reads, row_id: int) -> bool:
    """Whether a row was not forgotten."""
    return reads.execute(select(OUTBOX.c.id).where(OUTBOX.c.id == row_id)).first() is not None


def forget_several(connection: Transaction, person_id: str) -> None:
    """What tells a person of several stories goes, also what is not delivered yet."""
    connection.execute(
        delete(OUTBOX).where(OUTBOX.c.person_id == person_id, OUTBOX.c.trace == SEVERAL)
    )


def forget(connection: Transaction, person_id: str) -> int:
    """All rows of a person go (a draft that was thrown away), but for a prompt or digest that is
    on its way. How many there were."""
    on_its_way = and_(OUTBOX.c.lane != "reply", OUTBOX.c.state.in_(("pending", "sending")))
    statement = delete(OUTBOX).where(OUTBOX.c.person_id == person_id, ~on_its_way)
    return connection.execute(statement).rowcount


def in_no_turn(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Which rows these are, of those that no other process has in its turn: who looks after what
    was lost waits for nobody, and comes again."""
    rows = select(OUTBOX.c.id).where(*conditions)
    return OUTBOX.c.id.in_(rows.with_for_update(skip_locked=True))


def _logged(
    vault: Vault, queue: str, row_id: int, turn: int, kind: Kind, sealed: bytes, *rest: str
) -> LastMessage:
    effect = vault.open_json(row_name(queue, turn, kind), sealed)["effect"]
    return LastMessage(row_id, turn, kind, effect, *rest)


def carrier(ref: str) -> str:
    """Of a message in pieces the last one, which carries the buttons."""
    return ref.rpartition(",")[2]


def row_name(queue: str, turn: int, kind: str) -> str:
    """The row, as it is sealed."""
    return f"outbox:{queue}:{turn}:{kind}"


def opened(vault: Vault, row: Row[Any]) -> Any:
    """What a row holds: the effect, and the address of a row without a person."""
    return vault.open_json(row_name(row.queue, row.turn, row.kind), row.sealed)
