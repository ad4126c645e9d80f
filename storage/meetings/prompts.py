"""Prompts: the questions after meetings as rows, and what became of each. Which state may follow
which is decided elsewhere; here a change counts only if the state is still what it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)

from storage import tables
from storage.engine.compiled import CompiledStatement
from storage.engine.statements import dialect_insert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among, core, one_of
from storage.vault.vault import Vault

PROMPT = core(tables.Prompt)
PERSON = core(tables.Person)
MEMBER = core(tables.Member)
OUTBOX = core(tables.Outbox)

Kind = Literal["ask", "remind", "follow_up"]
State = Literal[
    "planned",
    "claimed",
    "sending",
    "sent",
    "uncertain",
    "answered",
    "snoozed",
    "declined",
    "bundled",
    "expired",
    "cancelled",
    "failed",
]

_OF_PEOPLE = (
    select(PROMPT)
    .where(Among(PROMPT.c.person_id, "people"), Among(PROMPT.c.state, "states"))
    .order_by(PROMPT.c.ended_at, PROMPT.c.id)
)
_SEEN = CompiledStatement(lambda _: _OF_PEOPLE)
_LOCKED = CompiledStatement(lambda _: _OF_PEOPLE.with_for_update())
_GO_ON = CompiledStatement(
    lambda _: (
        update(PROMPT)
        .where(Among(PROMPT.c.person_id, "people"), PROMPT.c.waits)
        .values(waits=False, next_at=bindparam("at"))
    )
)

WAITING: tuple[State, ...] = ("planned", "snoozed")
_OPEN = one_of(PROMPT.c.state, "planned", "snoozed", "claimed", "sending")
"""As in the index of what should be looked at."""
UNANSWERED: tuple[State, ...] = ("planned", "claimed", "sent", "uncertain", "snoozed")
ASKED: tuple[State, ...] = ("sent", "uncertain", "snoozed", "declined")
"""States in which someone has, or may have, got the message, if a row of the outbox carried it."""


@dataclass(frozen=True, slots=True)
class StoredPrompt:
    """A prompt; the fields are those of the table. A snoozed one was sent before."""

    id: str
    person_id: str
    meeting_id: str
    day: str
    kind: Kind
    state: State
    ended_at: datetime
    due_at: datetime
    next_at: datetime
    waits: bool = False
    carrier: str | None = None
    outbox_id: int | None = None


def new_row(
    vault: Vault,
    person_id: str,
    meeting_id: str,
    day: str,
    kind: Kind,
    ended: datetime,
    due: datetime,
) -> StoredPrompt:
    """A planned prompt. The same person, meeting, day and kind always have the same id."""
    prompt_id = vault.token_hash(f"prompt {person_id} {meeting_id} {day} {kind}")[:32]
    return StoredPrompt(prompt_id, person_id, meeting_id, day, kind, "planned", ended, due, due)


def add(connection: Transaction, rows: Iterable[StoredPrompt]) -> int:
    """Store new prompts; those that are there already stay as they are. How many were new."""
    values = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
    added = 0
    for start in range(0, len(values), 500):
        statement = dialect_insert(connection, PROMPT).values(values[start : start + 500])
        statement = statement.on_conflict_do_nothing()
        done = connection.execute(statement, execution_options={"preserve_rowcount": True})
        added += done.rowcount
    return added


def change(connection: Transaction, row: StoredPrompt, **values: object) -> bool:
    """Change a prompt, if its state is still that of `row`. Whether it was."""
    this = and_(PROMPT.c.id == row.id, PROMPT.c.state == row.state)
    return connection.execute(update(PROMPT).where(this).values(**values)).rowcount > 0


def hand_over(connection: Transaction, row: StoredPrompt, person_id: str) -> StoredPrompt:
    """Let another person answer a prompt, with its reminder and what would follow: whoever it was
    sent to is that person now. One that this person has already stays, and is returned."""
    moved = replace(row, person_id=person_id)
    for each in siblings(connection, row, "ask", "remind", "follow_up"):
        known = siblings(connection, replace(each, person_id=person_id), each.kind)
        if known:
            moved = known[0] if each.id == row.id else moved
            continue
        this = PROMPT.c.id == each.id
        connection.execute(update(PROMPT).where(this).values(person_id=person_id))
    return moved


def drop(connection: Transaction, row: StoredPrompt) -> bool:
    """Take the message of a prompt out of the outbox. False when it is not there, or may be on its
    way by now."""
    waiting = and_(OUTBOX.c.id == row.outbox_id, OUTBOX.c.state == "pending")
    return connection.execute(delete(OUTBOX).where(waiting)).rowcount > 0


def due_people(connection: Transaction, now: datetime, channel: str, limit: int) -> list[str]:
    """Who has a prompt of this channel that should be looked at now, longest due first."""
    # one at a time, from the prompts: a join would begin with everybody of the channel
    its_channel = select(PERSON.c.channel).where(PERSON.c.id == PROMPT.c.person_id)
    query = (
        select(PROMPT.c.person_id)
        .where(_OPEN, PROMPT.c.state.in_(WAITING), PROMPT.c.next_at <= now)
        .where(its_channel.scalar_subquery() == channel)
        .order_by(PROMPT.c.next_at)
        .limit(limit)
    )
    return list(dict.fromkeys(connection.execute(query).scalars()))


def under_way(reads: Reads, channel: str) -> int:
    """How many messages with prompts wait to be sent through a channel."""
    query = (
        select(func.count())
        .select_from(OUTBOX)
        .join(PERSON, PERSON.c.id == OUTBOX.c.person_id)
        .where(one_of(OUTBOX.c.state, "pending"), OUTBOX.c.lane == "prompt")
        .where(PERSON.c.channel == channel)
    )
    return int(reads.execute(query).scalar_one())


def of_people(reads: Reads, person_ids: Sequence[str], *states: State) -> list[StoredPrompt]:
    """The prompts of these people, in these states (or all), by the end of their meeting. On
    PostgreSQL nobody else changes them until the transaction is over."""
    query = _LOCKED if isinstance(reads, Connection) else _SEEN
    given = {"people": person_ids, "states": states or get_args(State)}
    return [StoredPrompt(*row) for row in query.all(reads, **given)]


def of_meeting(reads: Reads, meeting_id: str) -> list[StoredPrompt]:
    """All prompts of a meeting."""
    query = select(PROMPT).where(PROMPT.c.meeting_id == meeting_id)
    return _rows(reads, query.order_by(PROMPT.c.day, PROMPT.c.id))


def by_id(reads: Reads, prompt_id: str) -> StoredPrompt | None:
    found = _rows(reads, select(PROMPT).where(PROMPT.c.id == prompt_id))
    return found[0] if found else None


def siblings(reads: Reads, row: StoredPrompt, *kinds: Kind) -> list[StoredPrompt]:
    """The prompts of the same person about the same meeting, of these kinds."""
    query = select(PROMPT).where(
        PROMPT.c.person_id == row.person_id,
        PROMPT.c.meeting_id == row.meeting_id,
        PROMPT.c.day == row.day,
        PROMPT.c.kind.in_(kinds),
    )
    return _rows(reads, query)


def together(reads: Reads, row: StoredPrompt) -> list[StoredPrompt]:
    """The other prompts that were asked in the same message."""
    carrier = row.carrier or row.id
    bundle = (PROMPT.c.id == carrier) | (PROMPT.c.carrier == carrier)
    return _rows(reads, select(PROMPT).where(bundle, PROMPT.c.id != row.id))


def by_outbox(reads: Reads, outbox_id: int) -> StoredPrompt | None:
    """The prompt that a row of the outbox carries."""
    found = _rows(reads, select(PROMPT).where(PROMPT.c.outbox_id == outbox_id))
    return found[0] if found else None


def lost_claims(connection: Transaction, now: datetime) -> list[StoredPrompt]:
    """Prompts that should have been sent by now, and that no row of the outbox carries any more."""
    carried = exists().where(
        OUTBOX.c.id == PROMPT.c.outbox_id, OUTBOX.c.state.in_(("pending", "sending"))
    )
    return _rows(
        connection,
        select(PROMPT)
        .where(_OPEN, PROMPT.c.state == "claimed", PROMPT.c.next_at <= now, ~carried)
        .with_for_update(skip_locked=True),
    )


def lost_sends(connection: Transaction, until: datetime) -> list[StoredPrompt]:
    """Prompts whose sender was lost in the middle: the outbox does not know what became of it.
    `until`: what is being sent now would have been looked at again by then."""
    carried = exists().where(
        OUTBOX.c.id == PROMPT.c.outbox_id, OUTBOX.c.state.in_(("pending", "sending"))
    )
    sending = and_(_OPEN, PROMPT.c.state == "sending", PROMPT.c.next_at <= until)
    query = select(PROMPT).where(sending, ~carried)
    return _rows(connection, query.with_for_update(skip_locked=True))


def go_on(connection: Transaction, person_ids: Sequence[str], now: datetime) -> int:
    """An open story is over: what waited for that may be looked at now."""
    return _GO_ON.run(connection, people=person_ids, at=now)


def counts(reads: Reads) -> dict[State, int]:
    """How many prompts there are in each state."""
    query = select(PROMPT.c.state, func.count()).group_by(PROMPT.c.state)
    return {row[0]: row[1] for row in reads.execute(query)}


def tally(
    reads: Reads, since: datetime, until: datetime
) -> Mapping[tuple[str, str], tuple[int, int]]:
    """By meeting and side (empty: not known), how many were asked about what was due in this time
    (reminders and follow-ups do not count), and how many of those went on to tell."""
    answered = PROMPT.c.state == "answered"
    asked = answered | (PROMPT.c.state.in_(ASKED) & PROMPT.c.outbox_id.is_not(None))
    taking_part = and_(
        MEMBER.c.meeting_id == PROMPT.c.meeting_id, MEMBER.c.person_id == PROMPT.c.person_id
    )
    side = func.coalesce(MEMBER.c.side, literal_column("''"))
    query = (
        select(
            PROMPT.c.meeting_id,
            side,
            func.count().filter(asked),
            func.count().filter(answered),
        )
        .outerjoin(MEMBER, taking_part)
        .where(PROMPT.c.kind == "ask", PROMPT.c.due_at >= since, PROMPT.c.due_at < until)
        .group_by(PROMPT.c.meeting_id, side)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in reads.execute(query)}


def forget(connection: Transaction, before: datetime) -> int:
    """Prompts about meetings that are longer ago go."""
    return connection.execute(delete(PROMPT).where(PROMPT.c.ended_at < before)).rowcount


_COLUMNS = tuple(column.name for column in PROMPT.columns)


def _rows(reads: Reads, query: Select[Any]) -> list[StoredPrompt]:
    return [StoredPrompt(**row) for row in reads.execute(query).mappings()]
