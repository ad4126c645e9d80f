"""The inbox, the state of conversations, and their timers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from conversations.engine.state import State
from storage.engine.compiled import CompiledStatement
from storage.engine.statements import upsert, upsert_later
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among, core, one_of
from storage.tables import Conversation, Inbox, Person, Timer
from storage.vault.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert

INBOX = core(Inbox)
CONVERSATION = core(Conversation)
TIMER = core(Timer)
PERSON = core(Person)

_CONVERSATION_OF = CompiledStatement(
    lambda _: select(CONVERSATION.c.sealed).where(CONVERSATION.c.person_id == bindparam("person"))
)
_CONVERSATIONS_OF = CompiledStatement(
    lambda _: select(CONVERSATION.c.person_id, CONVERSATION.c.sealed).where(
        Among(CONVERSATION.c.person_id, "people")
    )
)
_SEEN = CompiledStatement(
    lambda _: select(INBOX.c.external_id).where(
        INBOX.c.channel == bindparam("its_channel"), Among(INBOX.c.external_id, "ids")
    )
)
_TIMERS_OF = CompiledStatement(
    lambda _: delete(TIMER).where(TIMER.c.person_id == bindparam("person"))
)
_BOTH_TIMERS = CompiledStatement(
    lambda insert: _replacing(insert(TIMER).values(_timers("remind", "forget")))
)
_TIMER_OF = CompiledStatement(
    lambda _: delete(TIMER).where(
        TIMER.c.person_id == bindparam("person"), TIMER.c.kind == bindparam("which")
    )
)

_HELD_COUNT = CompiledStatement(
    lambda _: select(func.count()).select_from(INBOX).where(one_of(INBOX.c.state, "new"))
)


def _timers(*kinds: str) -> list[dict[str, Any]]:
    fixed: dict[str, Any] = {"person_id": bindparam("person"), "turn": bindparam("at")}
    return [{**fixed, "kind": literal_column(f"'{k}'"), "due_at": bindparam(k)} for k in kinds]


def _replacing(statement: Insert) -> Insert:
    new = {name: statement.excluded[name] for name in ("turn", "due_at")}
    return statement.on_conflict_do_update(index_elements=["person_id", "kind"], set_=new)


@dataclass(frozen=True, slots=True)
class HeldArrival:
    """An update whose turn failed and will be tried again. `payload` opens it, or raises
    SealBroken."""

    id: int
    channel: str
    external_id: str
    attempts: int
    payload: Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DueTimer:
    person_id: str
    kind: str
    turn: int


# -- the inbox


def accept(connection: Transaction, channel: str, external_id: str, now: datetime) -> bool:
    """Take an update; False when it was taken before. Belongs in the transaction of its turn."""
    row = {"channel": channel, "external_id": external_id, "received_at": now, "state": "done"}
    return upsert(connection, INBOX, row | {"attempts": 0}, ["channel", "external_id"], change=())


def seen(reads: Reads, channel: str, external_ids: Collection[str]) -> set[str]:
    """Which of these updates were taken before."""
    return {row[0] for row in _SEEN.all(reads, its_channel=channel, ids=external_ids)}


def note(connection: Transaction, channel: str, external_id: str, now: datetime) -> None:
    """Take an update that was not `seen`, of a person who is locked."""
    row = {"channel": channel, "external_id": external_id, "received_at": now, "state": "done"}
    upsert_later(connection, INBOX, row | {"attempts": 0}, ["channel", "external_id"], change=())


def hold(
    connection: Transaction,
    channel: str,
    external_id: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    person_id: str | None = None,
) -> None:
    """Keep an update whose turn failed, sealed, to try it again."""
    row = {
        "channel": channel,
        "external_id": external_id,
        "received_at": now,
        "person_id": person_id,
        "sealed": connection.vault.seal_json(f"inbox:{channel}:{external_id}", payload),
        "state": "new",
        "attempts": 1,
    }
    upsert(connection, INBOX, row, ["channel", "external_id"])


def held(reads: Reads, limit: int = 100) -> list[HeldArrival]:
    """What is to be tried again, oldest first. On PostgreSQL no other process gets it."""
    query = select(INBOX).where(one_of(INBOX.c.state, "new")).order_by(INBOX.c.id).limit(limit)
    if isinstance(reads, Connection):
        query = query.with_for_update(skip_locked=True)
    return [
        HeldArrival(
            id=row.id,
            channel=row.channel,
            external_id=row.external_id,
            attempts=row.attempts,
            payload=partial(
                reads.vault.open_json, f"inbox:{row.channel}:{row.external_id}", row.sealed
            ),
        )
        for row in reads.execute(query)
    ]


def held_count(reads: Reads) -> int:
    """How many updates wait to be tried again."""
    row = _HELD_COUNT.one(reads)
    return row[0] if row else 0


def tried(connection: Transaction, held: HeldArrival) -> int:
    """The turn of a held update failed again. How often it failed by now."""
    attempts = held.attempts + 1
    connection.execute(update(INBOX).where(INBOX.c.id == held.id).values(attempts=attempts))
    return attempts


def done(connection: Transaction, inbox_id: int) -> None:
    """The turn of a held update succeeded: only its id stays."""
    _settle(connection, inbox_id, "done")


def give_up(connection: Transaction, inbox_id: int) -> None:
    """The turn of a held update failed for good: its content goes, that it failed stays."""
    _settle(connection, inbox_id, "failed")


def _settle(connection: Transaction, inbox_id: int, state: str) -> None:
    connection.execute(
        update(INBOX).where(INBOX.c.id == inbox_id).values(state=state, sealed=None, person_id=None)
    )


# -- the conversation


def load(reads: Reads, person_id: str) -> State | None:
    """Where a person is; None when there is no conversation."""
    row = _CONVERSATION_OF.one(reads, person=person_id)
    if row is None:
        return None
    return _opened(reads.vault, person_id, row[0])


def loaded(reads: Reads, person_ids: Collection[str]) -> dict[str, State]:
    """Where these people are: those who have a conversation."""
    return {
        person_id: _opened(reads.vault, person_id, sealed)
        for person_id, sealed in _CONVERSATIONS_OF.all(reads, people=person_ids)
    }


def _opened(vault: Vault, person_id: str, sealed: bytes) -> State:
    row_name = f"conversation:{person_id}"
    known = vault.lately.opened(row_name, sealed)
    return known if isinstance(known, State) else vault.open_as(State, row_name, sealed)


def save(
    connection: Transaction,
    person_id: str,
    state: State,
    now: datetime,
    *,
    gently: bool = False,
) -> None:
    """Keep where a person is. `gently`: not because of something the person did, so that it stays
    as long ago as it was."""
    row_name = f"conversation:{person_id}"
    sealed = connection.vault.seal_json(row_name, state)
    connection.vault.lately.remember(row_name, sealed, state)
    row = {
        "person_id": person_id,
        "sealed": sealed,
        "trace": connection.vault.trace(state.story) if state.story else None,
        "updated_at": now,
    }
    change = ("sealed", "trace") if gently else None
    upsert_later(connection, CONVERSATION, row, ["person_id"], change=change)


def since(reads: Reads, person_id: str) -> datetime | None:
    """When a person last did something in the conversation; None when there is none."""
    query = select(CONVERSATION.c.updated_at).where(CONVERSATION.c.person_id == person_id)
    moment: datetime | None = reads.execute(query).scalar()
    return moment


def drop(connection: Transaction, person_id: str) -> None:
    """The conversation and its timers go."""
    connection.execute(delete(CONVERSATION).where(CONVERSATION.c.person_id == person_id))
    connection.execute(delete(TIMER).where(TIMER.c.person_id == person_id))


# -- timers


def set_timer(
    connection: Transaction, person_id: str, kind: str, turn: int, due_at: datetime
) -> None:
    """One timer of each kind: a later one replaces it."""
    row = {"person_id": person_id, "kind": kind, "turn": turn, "due_at": due_at}
    upsert_later(connection, TIMER, row, ["person_id", "kind"])


def set_timers(
    connection: Transaction, person_id: str, turn: int, remind: datetime | None, forget: datetime
) -> None:
    """Both timers of a conversation; without `remind` only the other one."""
    if remind is None:
        clear_timers(connection, person_id, "remind")
        set_timer(connection, person_id, "forget", turn, forget)
    else:
        _BOTH_TIMERS.later(connection, person=person_id, at=turn, remind=remind, forget=forget)


def clear_timers(connection: Transaction, person_id: str, *kinds: str) -> None:
    """Forget these timers of a person, or all."""
    if not kinds:
        _TIMERS_OF.later(connection, person=person_id)
    for kind in kinds:
        _TIMER_OF.later(connection, person=person_id, which=kind)


def take_due_timers(connection: Transaction, now: datetime, limit: int = 100) -> list[DueTimer]:
    """The timers that went off. They are gone from the table when this commits, so their turns
    belong in the same transaction. On PostgreSQL their people are locked for it, without those in
    whose turn another process is."""
    query = (
        select(TIMER.c.person_id, TIMER.c.kind, TIMER.c.turn)
        .join(PERSON, PERSON.c.id == TIMER.c.person_id)
        .where(TIMER.c.due_at <= now)
        .order_by(TIMER.c.due_at)
        .limit(limit)
        .with_for_update(of=[TIMER, PERSON], skip_locked=True)
    )
    taken = [DueTimer(row.person_id, row.kind, row.turn) for row in connection.execute(query)]
    if taken:
        connection.execute(
            delete(TIMER).where(
                or_(
                    *(and_(TIMER.c.person_id == t.person_id, TIMER.c.kind == t.kind) for t in taken)
                )
            )
        )
    return taken
