"""Who can be answered in WhatsApp, and until when: addresses by their keyed hash.

A person is known by the id that their account has for us (business-scoped), and where that was not
told yet by the number. The number stays an alias: who is known by it gets the id as soon as both
come together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, literal, or_, select, update

from storage import meta, tables
from storage.bells import bells
from storage.bells.bells import BELL
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core, one_of
from storage.outbox.outbox import OUTBOX
from storage.outbox.uncertain_rows import DOUBT
from storage.people import people
from storage.people.people import PERSON

CHANNEL = "whatsapp"
DAY = timedelta(hours=24)
"""So long somebody may be answered freely, and so long a person counts in the budget."""

CONTACT = core(tables.WhatsappContact)


def meet(connection: Transaction, address: str, number: str, heard_at: datetime | None) -> str:
    """Somebody wrote: from this address, with this number (either may be the other, or empty). The
    address under which they are known; what waits for them may go now."""
    if address == number or not number:
        known = _by_number(connection, address)
        hashed = known or connection.vault.address_hash(CHANNEL, address)
    else:
        hashed = connection.vault.address_hash(CHANNEL, address)
        move(connection, number, address)
    of_number = connection.vault.address_hash(CHANNEL, number) if number else None
    _note(connection, hashed, number_hash=of_number)
    if heard_at is not None:
        _hear(connection, hashed, heard_at)
    return _address(connection, hashed) or address


def note_number(connection: Transaction, address: str, number: str) -> None:
    """WhatsApp told which account has a number."""
    hashed, of_number = (connection.vault.address_hash(CHANNEL, each) for each in (address, number))
    _note(connection, hashed, number_hash=of_number)


def heard_at(reads: Reads, address: str) -> datetime | None:
    """When the person at an address last wrote or tapped."""
    hashed = reads.vault.address_hash(CHANNEL, address)
    query = select(CONTACT.c.heard_at).where(CONTACT.c.address_hash == hashed)
    moment: datetime | None = reads.execute(query).scalar()
    return moment


def shut(connection: Transaction, address: str) -> None:
    """WhatsApp says that the window of this person is closed."""
    hashed = connection.vault.address_hash(CHANNEL, address)
    connection.execute(
        update(CONTACT).where(CONTACT.c.address_hash == hashed).values(heard_at=None)
    )


def move(connection: Transaction, old: str, new: str) -> bool:
    """The person at one address is at another from now on. Not when somebody is there already who
    told or tells something."""
    before, after = (connection.vault.address_hash(CHANNEL, each) for each in (old, new))
    person = people.find(connection, CHANNEL, old)
    if person is None or old == new:
        return False
    there = people.find(connection, CHANNEL, new)
    if there is not None:
        return False
    people.move(connection, person, new)
    row = connection.execute(select(CONTACT).where(CONTACT.c.address_hash == before)).one_or_none()
    connection.execute(delete(CONTACT).where(CONTACT.c.address_hash == before))
    if row is not None:
        _note(connection, after, number_hash=row.number_hash)
        if row.heard_at is not None:
            _hear(connection, after, row.heard_at)
        if row.rung_at is not None:
            _set(connection, after, rung_at=row.rung_at)
    return True


# -- ringing


def may_ring(
    connection: Transaction, address: str, now: datetime, most: int | None
) -> datetime | None:
    """Note that a template goes to this person now, unasked; None when it may. When so many other
    people as it may be at `most` (None: any number) were begun with in a day: the moment from which
    it may."""
    meta.hold(connection, f"budget:{CHANNEL}")
    hashed = connection.vault.address_hash(CHANNEL, address)
    since = now - DAY
    others = and_(CONTACT.c.rung_at > since, CONTACT.c.address_hash != hashed)
    count, oldest = connection.execute(
        select(func.count(), func.min(CONTACT.c.rung_at)).where(others)
    ).one()
    if most is not None and count >= most:
        moment: datetime = oldest + DAY
        return moment
    _note(connection, hashed)
    _set(connection, hashed, rung_at=now)
    return None


def begun(reads: Reads, now: datetime) -> int:
    """With how many people a talk was begun in the last day."""
    query = select(func.count()).where(CONTACT.c.rung_at > now - DAY)
    return reads.execute(query).scalar_one()


def rung_since_heard(reads: Reads, address: str) -> bool:
    """Whether a template went to this person after they last wrote."""
    hashed = reads.vault.address_hash(CHANNEL, address)
    query = select(CONTACT.c.rung_at, CONTACT.c.heard_at).where(CONTACT.c.address_hash == hashed)
    row = reads.execute(query).one_or_none()
    if row is None or row.rung_at is None:
        return False
    return row.heard_at is None or row.rung_at > row.heard_at


def unring(connection: Transaction, address: str) -> None:
    """The template did not go after all."""
    hashed = connection.vault.address_hash(CHANNEL, address)
    _set(connection, hashed, rung_at=None)


# -- opting out


def opt_out(connection: Transaction, address: str, *, out: bool) -> None:
    """This person wants no messages unasked, or does again: whatever rings there is silent with
    it."""
    hashed = connection.vault.address_hash(CHANNEL, address)
    _note(connection, hashed)
    _set(connection, hashed, opted_out=out)
    number = connection.execute(
        select(CONTACT.c.number_hash).where(CONTACT.c.address_hash == hashed)
    ).scalar()
    both = [each for each in (hashed, number) if each]
    ids = bells.owners(connection, both)
    for person in people.locked(connection, ids, wait=True):
        people.save(connection, person.remembering(prompts="off" if out else ""))
    if not out:
        for each in both:
            bells.note_problem(connection, each, "")


def mute(connection: Transaction, address: str, told_at: datetime, *, out: bool) -> None:
    """This person told WhatsApp at a moment that we may send nothing unasked, or may again: it
    rings there no more, and other bells do. Who wrote to us since then is not held to it."""
    heard = heard_at(connection, address)
    if out and heard is not None and heard > told_at:
        return
    hashed = connection.vault.address_hash(CHANNEL, address)
    _note(connection, hashed)
    _set(connection, hashed, opted_out=out)
    person = people.find(connection, CHANNEL, address)
    if person is not None:
        people.save(connection, person.remembering(prompts="off" if out else ""))
    if not out:
        number = connection.execute(
            select(CONTACT.c.number_hash).where(CONTACT.c.address_hash == hashed)
        ).scalar()
        for each in (hashed, number):
            if each:
                bells.note_problem(connection, each, "")


def opted_out(reads: Reads, address: str) -> bool:
    """Whether this person wants no messages unasked, under their address or their number."""
    hashed = reads.vault.address_hash(CHANNEL, address)
    same = or_(CONTACT.c.address_hash == hashed, CONTACT.c.number_hash == hashed)
    query = select(CONTACT.c.address_hash).where(same, CONTACT.c.opted_out).limit(1)
    return reads.execute(query).first() is not None


def language(reads: Reads, address: str) -> str:
    """What the people read whose bell is at an address; empty when there is none."""
    hashed = reads.vault.address_hash(CHANNEL, address)
    query = select(CONTACT.c.number_hash).where(CONTACT.c.address_hash == hashed)
    both = [each for each in (hashed, reads.execute(query).scalar()) if each]
    owners = bells.owners(reads, both)
    person = people.by_id(reads, owners[0]) if owners else None
    return person.language if person else ""


# -- forgetting


def forget_strangers(connection: Transaction, now: datetime) -> int:
    """Addresses at which nobody is known and nothing rings, once no answer to them waits or is
    under way: how many. Who was begun with stays a day, for the budget; who wants nothing stays, so
    that nothing ever goes there."""
    known = select(PERSON.c.address_hash).where(PERSON.c.channel == CHANNEL)
    answered = select(OUTBOX.c.queue).where(OUTBOX.c.person_id.is_(None))
    its_queue = literal(f"{CHANNEL}:").concat(CONTACT.c.address_hash)
    rings = select(BELL.c.address_hash).where(BELL.c.channel == CHANNEL)
    gone = delete(CONTACT).where(
        or_(CONTACT.c.rung_at.is_(None), CONTACT.c.rung_at <= now - DAY),
        ~CONTACT.c.opted_out,
        CONTACT.c.address_hash.not_in(known),
        its_queue.not_in(answered),
        CONTACT.c.address_hash.not_in(rings),
        or_(CONTACT.c.number_hash.is_(None), CONTACT.c.number_hash.not_in(rings)),
    )
    return connection.execute(gone).rowcount


def _by_number(reads: Reads, number: str) -> str | None:
    """The address (its hash) that a number belongs to."""
    hashed = reads.vault.address_hash(CHANNEL, number)
    query = select(CONTACT.c.address_hash).where(CONTACT.c.number_hash == hashed)
    found: Sequence[str] = reads.execute(query).scalars().all()
    return next((each for each in found if each != hashed), None)


def _address(connection: Transaction, hashed: str) -> str | None:
    query = select(PERSON).where(PERSON.c.channel == CHANNEL, PERSON.c.address_hash == hashed)
    row = connection.execute(query).one_or_none()
    return None if row is None else people.from_row(connection.vault, row).address


def _note(connection: Transaction, hashed: str, *, number_hash: str | None = None) -> None:
    row = {"address_hash": hashed, "number_hash": number_hash, "opted_out": False}
    change = ("number_hash",) if number_hash else ()
    upsert(connection, CONTACT, row, ["address_hash"], change=change)


def _hear(connection: Transaction, hashed: str, moment: datetime) -> None:
    """Never back in time: what comes late opens nothing."""
    earlier = or_(CONTACT.c.heard_at.is_(None), CONTACT.c.heard_at < moment)
    heard = update(CONTACT).where(CONTACT.c.address_hash == hashed, earlier)
    if connection.execute(heard.values(heard_at=moment)).rowcount:
        person = select(PERSON.c.id).where(
            PERSON.c.channel == CHANNEL, PERSON.c.address_hash == hashed
        )
        waiting = update(OUTBOX).where(
            OUTBOX.c.person_id.in_(person),
            one_of(OUTBOX.c.state, "pending"),
            OUTBOX.c.attempts > 0,
            OUTBOX.c.ref != DOUBT,  # it may be there already: what became of it will be told
            OUTBOX.c.due_at > moment,
        )
        connection.execute(waiting.values(due_at=moment))


def _set(connection: Transaction, hashed: str, **values: object) -> None:
    connection.execute(update(CONTACT).where(CONTACT.c.address_hash == hashed).values(**values))
