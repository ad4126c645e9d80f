"""Blocked mail addresses: a mail server says they do not exist; nothing more is sent there until
someone frees them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.people import people
from storage.people.people import PERSON, Person

CHANNEL = "mail"
"""Who shut us out in another channel opens it again there, and nobody does it for them."""
REFUSED = "refused"
"""The preference under which is kept what the server said, and in which week."""

MEMBER = core(tables.Member)


@dataclass(frozen=True, slots=True)
class BlockedAddress:
    """An address without letters. `said` is the code of the server, and `week` when; both empty
    when it was longer ago than is kept."""

    id: str
    address: str
    week: str = ""
    said: str = ""


def note(connection: Transaction, person_id: str, said: str, week: str) -> None:
    """Remember why someone was blocked; `said` holds codes only."""
    for person in people.locked(connection, [person_id], wait=True):
        people.save(connection, person.remembering(refused=(week, said)))


def listed(
    reads: Reads,
) -> list[BlockedAddress]:
    """All, by address."""
    query = select(PERSON).where(PERSON.c.channel == CHANNEL, PERSON.c.blocked)
    found = [_blocked(people.from_row(reads.vault, row)) for row in reads.execute(query)]
    return sorted(found, key=lambda each: each.address)


def free(connection: Transaction, person_id: str) -> bool:
    """Send letters there again. Whether it was blocked.

    An invitation that was never answered is taken back: the letter was lost, so that inviting again
    sends a new one.
    """
    for person in people.locked(connection, [person_id], wait=True):
        if person.channel == CHANNEL and person.blocked:
            people.save(connection, replace(person.remembering(refused=()), blocked=False))
            unanswered = (MEMBER.c.person_id == person.id, MEMBER.c.invited, MEMBER.c.side == "")
            connection.execute(delete(MEMBER).where(*unanswered))
            return True
    return False


def _blocked(person: Person) -> BlockedAddress:
    week, said = person.memory.refused or ("", "")
    return BlockedAddress(person.id, person.address, week, said)
