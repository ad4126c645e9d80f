"""The bells of people: one of each channel, in the order that the person chose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from storage import tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.vault.vault import new_id

BELL = core(tables.PersonalBell)


@dataclass(frozen=True, slots=True)
class StoredBell:
    """A bell. `problem` is why it cannot ring any more; empty: it can."""

    id: str
    person_id: str
    channel: str
    address: str
    problem: str = ""


def put(connection: Transaction, person_id: str, channel: str, address: str) -> StoredBell:
    """Give someone a bell. One of the same channel is replaced, in its place; a new one comes
    last."""
    known = connection.execute(
        select(BELL.c.id, BELL.c.place).where(
            BELL.c.person_id == person_id, BELL.c.channel == channel
        )
    ).one_or_none()
    last = select(func.coalesce(func.max(BELL.c.place), 0)).where(BELL.c.person_id == person_id)
    made = StoredBell(known.id if known else new_id(), person_id, channel, address)
    upsert(
        connection,
        BELL,
        {
            "id": made.id,
            "person_id": person_id,
            "channel": channel,
            "address_hash": connection.vault.address_hash(channel, address),
            "sealed": connection.vault.seal_json(_name(made.id), {"address": address}),
            "place": known.place if known else int(connection.execute(last).scalar_one()) + 1,
            "problem": "",
        },
        ["person_id", "channel"],
        change=("address_hash", "sealed", "problem"),
    )
    return made


def of_person(reads: Reads, person_id: str) -> list[StoredBell]:
    """The bells of someone, first the one that rings first."""
    query = select(BELL).where(BELL.c.person_id == person_id).order_by(BELL.c.place, BELL.c.id)
    return [
        StoredBell(
            row.id,
            row.person_id,
            row.channel,
            reads.vault.open_json(_name(row.id), row.sealed)["address"],
            row.problem,
        )
        for row in reads.execute(query)
    ]


def can_ring(reads: Reads, person_id: str) -> bool:
    """Whether someone has a bell that can ring."""
    query = select(BELL.c.id).where(BELL.c.person_id == person_id, BELL.c.problem == "").limit(1)
    return reads.execute(query).first() is not None


def owners(reads: Reads, address_hashes: Collection[str]) -> list[str]:
    """The people who have a bell at one of these addresses."""
    query = select(BELL.c.person_id).where(BELL.c.address_hash.in_(address_hashes))
    return list(reads.execute(query.order_by(BELL.c.person_id)).scalars())


def arrange(connection: Transaction, person_id: str, channels: Sequence[str]) -> None:
    """Ring in this order."""
    for place, channel in enumerate(channels, 1):
        mine = (BELL.c.person_id == person_id) & (BELL.c.channel == channel)
        connection.execute(update(BELL).where(mine).values(place=place))


def remove_all(connection: Transaction, person_id: str) -> int:
    """Take all bells of someone away; how many there were."""
    return connection.execute(delete(BELL).where(BELL.c.person_id == person_id)).rowcount


def remove(connection: Transaction, person_id: str, channel: str) -> bool:
    """Take a bell away. Whether it was there."""
    mine = (BELL.c.person_id == person_id) & (BELL.c.channel == channel)
    return connection.execute(delete(BELL).where(mine)).rowcount > 0


def forget_address(connection: Transaction, address_hash: str) -> int:
    """An address is no more: every bell at it goes."""
    return connection.execute(delete(BELL).where(BELL.c.address_hash == address_hash)).rowcount


def note_problem(connection: Transaction, address_hash: str, problem: str) -> None:
    """The bells at an address cannot ring any more; their people see why, and can take them
    away."""
    mine = BELL.c.address_hash == address_hash
    connection.execute(update(BELL).where(mine).values(problem=problem))


def _name(bell_id: str) -> str:
    return f"bell:{bell_id}"
