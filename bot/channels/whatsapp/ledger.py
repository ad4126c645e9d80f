"""What the channel reads and writes about people in WhatsApp: until when they may be answered, what
was taken, with how many a talk was begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.channels.whatsapp.template_notice import TemplateNotice
from bot.clock import Clock
from storage.engine.database import Database
from storage.engine.transaction import Reads, Transaction
from storage.whatsapp import account_facts, contacts, deliveries, templates
from storage.whatsapp.account_facts import AccountFact
from storage.whatsapp.deliveries import Delivered
from storage.whatsapp.templates import Template

MARGIN = timedelta(minutes=10)
"""So much before its end the window counts as closed: clocks differ, and calls take time."""


class Ledger:
    """Each of these is one short read or write. In an id of WhatsApp stands the number of the
    person: `hidden` is what is kept of it."""

    def __init__(
        self, database: Database, clock: Clock, new_people: int, hidden: Callable[[str], str]
    ) -> None:
        self.hidden = hidden
        self._database = database
        self._clock = clock
        self._most = new_people

    async def is_open(self, address: str) -> bool:
        """Whether free words may go to an address now, by the clock of this moment."""
        return await self._database.read(lambda s: self.is_open_in(s, address))

    def is_open_in(self, reads: Reads, address: str) -> bool:
        """The same, in a transaction."""
        heard = contacts.heard_at(reads, address)
        return heard is not None and self._clock.now() < heard + contacts.DAY - MARGIN

    async def taken(self, row: int) -> Sequence[Delivered]:
        """The pieces of a row that WhatsApp is known to have taken."""
        return await self._database.read(lambda s: deliveries.arrived(s, row))

    async def sent_before(self, row: int, within: float) -> tuple[int, str, float] | None:
        """The message that went to the same person so many seconds ago or less, if nothing was
        told of it yet: its row, its id, and how much of that time is left."""
        since = self._clock.now() - timedelta(seconds=within)
        found = await self._database.read(lambda s: deliveries.under_way(s, row, since))
        return found and (*found[:2], (found[2] - since).total_seconds())

    async def has_landed(self, row: int, ref: str) -> bool:
        """Whether something was told of a message of a row."""
        return await self._database.read(lambda s: deliveries.is_known(s, row, ref))

    async def may_ring(self, address: str) -> datetime | None:
        """Note that a template goes to a person now; None when it may, else the moment from which
        there is room in the budget of the day."""
        now = self._clock.now()

        def ring(connection: Transaction) -> datetime | None:
            most = account_facts.new_people(connection, self._most)
            return contacts.may_ring(connection, address, now, most)

        return await self._database.write(ring)

    async def has_rung(self, address: str) -> bool:
        """Whether a template went there after the person last wrote, or they want none."""
        return await self._database.read(
            lambda s: contacts.rung_since_heard(s, address) or contacts.opted_out(s, address)
        )

    async def wants_nothing(self, address: str) -> bool:
        """Whether the person wants no messages unasked."""
        return await self._database.read(lambda s: contacts.opted_out(s, address))

    async def note_number(self, address: str, number: str) -> None:
        """WhatsApp told which account has a number."""
        await self._database.write(lambda c: contacts.note_number(c, address, number))

    async def unring(self, address: str) -> None:
        """The template did not go."""
        await self._database.write(lambda c: contacts.unring(c, address))

    async def note_templates(self, found: Sequence[TemplateNotice]) -> None:
        """What Meta says of templates."""
        if found:
            await self._note(_stored(found))

    async def note_facts(self, facts: Mapping[str, str], at: float) -> bool:
        """What Meta said of the account at a moment (0: now). Whether that is new."""
        now = self._clock.now()
        told = min(now, datetime.fromtimestamp(at, UTC)) if at else now
        return await self._database.write(lambda c: account_facts.note(c, facts, told, now))

    async def note_stop(self, code: int, at: float) -> None:
        """Meta stopped the channel with a code at a moment (0: now), or it goes again (0)."""
        await self.note_facts({account_facts.STOP: str(code or "")}, at)

    async def stop(self) -> AccountFact | None:
        """With which code Meta stopped the channel last (empty: that is over); None: never."""
        return await self._database.read(account_facts.stop)

    async def note_all(self, found: Sequence[TemplateNotice]) -> None:
        """These are all templates that there are: what is known besides them was deleted."""
        there = {(each.name, each.language) for each in found}
        known = await self._database.read(templates.listed)
        gone = [t for t in known if (t.name, t.language) not in there]
        deleted = [Template(t.name, t.language, "DELETED", t.category) for t in gone]
        await self._note([*_stored(found), *deleted])

    async def _note(self, found: Sequence[Template]) -> None:
        now = self._clock.now()

        def note(connection: Transaction) -> None:
            for each in found:
                templates.note(connection, each, now)

        await self._database.write(note)


def _stored(found: Sequence[TemplateNotice]) -> list[Template]:
    return [Template(t.name, t.language, t.state, t.category, t.reason) for t in found]
