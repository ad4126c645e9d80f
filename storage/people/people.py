"""People: found by a keyed hash of their address, known only to who has the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from storage import tables
from storage.bells import rings
from storage.engine.compiled import CompiledStatement
from storage.engine.statements import change, upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import Among, core
from storage.people.memory import Memory
from storage.stories import withdrawals
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault, new_id

PERSON = core(tables.Person)
INBOX = core(tables.Inbox)

_AT_ADDRESS = CompiledStatement(
    lambda _: (
        select(PERSON.c.id, PERSON.c.sealed, PERSON.c.blocked, PERSON.c.seen_week)
        .where(
            PERSON.c.channel == bindparam("at_channel"),
            PERSON.c.address_hash == bindparam("at_hash"),
        )
        .with_for_update()
    )
)


_AT_ADDRESSES = CompiledStatement(
    lambda _: (
        select(
            PERSON.c.id,
            PERSON.c.sealed,
            PERSON.c.blocked,
            PERSON.c.seen_week,
        )
        .where(PERSON.c.channel == bindparam("at_channel"), Among(PERSON.c.address_hash, "hashes"))
        .order_by(PERSON.c.id)
        .with_for_update()
    )
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who talks with us. `stories` are the ids of the own stories, oldest first."""

    id: str
    channel: str
    address: str
    language: str
    stories: tuple[str, ...] = ()
    memory: Memory = field(default_factory=Memory)
    blocked: bool = False
    seen_week: str = ""

    def remembering(self, **memory: Any) -> Person:
        """With other fields in what is remembered."""
        return replace(self, memory=replace(self.memory, **memory))


def find_or_make(
    connection: Transaction, channel: str, address: str, language: str, week: str
) -> Person:
    """The person at an address, locked for this turn; made, in `language`, when new."""
    hashed = connection.vault.address_hash(channel, address)
    person = _locked(connection, channel, hashed)
    if person is None:
        made = Person(new_id(), channel, address, language, seen_week=week)
        upsert(
            connection,
            PERSON,
            {
                "id": made.id,
                "channel": channel,
                "address_hash": hashed,
                "sealed": _seal(connection.vault, made),
                "blocked": False,
                "seen_week": week,
            },
            ["channel", "address_hash"],
            change=(),
        )
        person = _locked(connection, channel, hashed) or made
    return seen(connection, person, week)


def at(connection: Transaction, channel: str, addresses: Collection[str]) -> list[Person]:
    """Those at these addresses who are known, locked for this transaction."""
    hashes = [connection.vault.address_hash(channel, address) for address in addresses]
    rows = _AT_ADDRESSES.all(connection, at_channel=channel, hashes=hashes)
    return [_opened(connection.vault, channel, *row) for row in rows]


def seen(connection: Transaction, person: Person, week: str) -> Person:
    """The person, noted as seen in this week."""
    if person.seen_week != week:
        person = replace(person, seen_week=week)
        _set(connection, person.id, seen_week=week)
    return person


def find(reads: Reads, channel: str, address: str) -> Person | None:
    """The person at an address, if known."""
    hashed = reads.vault.address_hash(channel, address)
    query = select(PERSON).where(PERSON.c.channel == channel, PERSON.c.address_hash == hashed)
    row = reads.execute(query).one_or_none()
    return None if row is None else from_row(reads.vault, row)


def by_id(reads: Reads, person_id: str) -> Person | None:
    row = reads.execute(select(PERSON).where(PERSON.c.id == person_id)).one_or_none()
    return None if row is None else from_row(reads.vault, row)


def locked(
    connection: Transaction, person_ids: Sequence[str], *, wait: bool = False
) -> list[Person]:
    """These people, locked until the transaction is over. On PostgreSQL without those in whose
    turn another process is, unless it may `wait` for that."""
    query = select(PERSON).where(PERSON.c.id.in_(person_ids)).order_by(PERSON.c.id)
    query = query.with_for_update(skip_locked=not wait)
    return [from_row(connection.vault, row) for row in connection.execute(query)]


def save(connection: Transaction, person: Person) -> None:
    """Keep language, stories and memory as they are now."""
    _set(connection, person.id, sealed=_seal(connection.vault, person), blocked=person.blocked)


def block(connection: Transaction, person_id: str) -> None:
    """The person shut the channel: nothing more is sent."""
    _set(connection, person_id, blocked=True)


def move(connection: Transaction, person: Person, address: str) -> None:
    """The person is at another address of the same channel, where nobody is."""
    hashed = connection.vault.address_hash(person.channel, address)
    sealed = _seal(connection.vault, replace(person, address=address))
    _set(connection, person.id, address_hash=hashed, sealed=sealed)


def erase(connection: Transaction, person_id: str, erased: ErasureLog, week: str) -> int:
    """Everything of a person goes: stories, draft, timers, messages, meetings, prompts, address,
    and the person whose letters led here, or whose address was only typed here; of the inbox only
    the ids of updates stay. The number of stories that went.

    What must still be sent (a farewell) goes into the outbox without a person, afterwards.
    """
    person = by_id(connection, person_id)
    if person is None:
        return 0
    erased.add(week, ("person", connection.vault.person_hash(person_id)))
    gone = sum(
        withdrawals.withdraw(connection, story_id, erased, week) for story_id in person.stories
    )
    connection.execute(
        update(INBOX)
        .where(INBOX.c.person_id == person_id)
        .values(person_id=None, sealed=None, state="done")
    )
    rings.drop_waiting(connection, person_id)
    connection.execute(delete(PERSON).where(PERSON.c.id == person_id))
    given = (by_id(connection, other) for other in person.memory.given)
    unproven = (other.id for other in given if other is not None and not other.memory.web)
    for other_id in (*person.memory.mail, *unproven):
        gone += erase(connection, other_id, erased, week)
    return gone


def from_row(vault: Vault, row: Row[Any]) -> Person:
    """A person from a row of the table. Raises SealBroken."""
    return _opened(vault, row.channel, row.id, row.sealed, row.blocked, row.seen_week)


def _opened(
    vault: Vault, channel: str, person_id: str, sealed: bytes, blocked: bool, seen_week: str
) -> Person:
    row_name = f"person:{person_id}"
    known = vault.lately.opened(row_name, sealed)
    if isinstance(known, Person) and (known.blocked, known.seen_week) == (blocked, seen_week):
        return known
    data = vault.open_json(row_name, sealed)
    person = Person(
        id=person_id,
        channel=channel,
        address=data["address"],
        language=data["language"],
        stories=tuple(data["stories"]),
        memory=Memory.from_json(data["prefs"]),
        blocked=blocked,
        seen_week=seen_week,
    )
    vault.lately.remember(row_name, sealed, person)
    return person


def _locked(connection: Transaction, channel: str, hashed: str) -> Person | None:
    row = _AT_ADDRESS.one(connection, at_channel=channel, at_hash=hashed)
    return None if row is None else _opened(connection.vault, channel, *row)


def _seal(vault: Vault, person: Person) -> bytes:
    return vault.seal_json(
        f"person:{person.id}",
        {
            "address": person.address,
            "language": person.language,
            "stories": list(person.stories),
            "prefs": person.memory.to_json(),
        },
    )


def _set(connection: Transaction, person_id: str, **values: object) -> None:
    change(connection, PERSON, person_id, values)
