"""The lane of bells: a message for someone whom it does not reach by itself is rung for.

A bell is rung once at most. The attempt is marked in the transaction in which its row of the outbox
is, just before the call; what nobody knows the end of is uncertain, and passes on to no other bell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.bells.bell_sentences import bell_of
from bot.bells.order import decent_time, next_bell
from bot.channels.base import SendError, Unreachable, Withheld
from bot.delivery.enqueue import enqueue
from bot.delivery.lanes import BroadcastLane, Outcome
from bot.meetings.prompts.planning import rules_of
from bot.services import Services
from storage import meta
from storage.bells import bells, rings
from storage.bells.bells import StoredBell
from storage.bells.rings import StoredAttempt, StoredRing
from storage.engine.transaction import Reads, Transaction
from storage.meetings import prompts
from storage.outbox import outbox
from storage.people import people
from storage.people.people import Person

WINDOW = timedelta(hours=24)
"""In this time a channel with a budget rings for so many different people."""
SLACK = timedelta(minutes=10)
"""So much later than its moment a bell that waited for the budget may ring."""
AGAIN = timedelta(hours=24)
"""After so long what was withheld is tried once more."""
FORGOTTEN = ("push",)
"""Channels whose addresses are no use to anybody once they are gone."""


class BellLane:
    """The lane of prompts with bells in it; about all other messages `inner` decides. `channels`
    are those that ring here; a channel in `budgets` rings for at most so many different people in
    24 hours (None: any number), and the rest waits."""

    def __init__(
        self,
        services: Services,
        inner: BroadcastLane,
        channels: Collection[str],
        budgets: Mapping[str, Callable[[Reads], int | None]] = MappingProxyType({}),
    ) -> None:
        self.services = services
        self.channels = channels
        self.budgets = budgets
        self._inner = inner

    def may_send(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        """A bell rings while its question waits, at a decent hour, within the budget."""
        attempt = rings.by_outbox(connection, row_id)
        if attempt is None:
            return outbox.person_of(connection, row_id) is not None and self._inner.may_send(
                connection, row_id, now
            )
        ring = rings.by_id(connection, attempt.ring_id)
        person = self._person(connection, ring)
        if ring is None or person is None or attempt.state != "waiting":
            return False
        if not self._is_needed(connection, ring, person):
            rings.change(connection, attempt, state="needless", at=now)
            return False
        at = self._free_at(connection, attempt, person, now)
        if at > now:
            row = self._put(connection, ring, person, attempt.channel, attempt.address_hash, at)
            if row is None:
                self._fail(connection, attempt, "taken away", now)
            else:
                rings.change(connection, attempt, outbox_id=row, at=at)
            return False
        return rings.change(connection, attempt, state="ringing", at=now)

    def settle(
        self,
        connection: Transaction,
        row_id: int,
        outcome: Outcome,
        now: datetime,
        refusal: SendError | None = None,
    ) -> None:
        """What came of a bell; one that certainly failed passes on. What came of a message: when it
        waits on a page, or was refused, it is rung for."""
        attempt = rings.by_outbox(connection, row_id)
        if attempt is None:
            self._inner.settle(connection, row_id, outcome, now, refusal)
            self._after_message(connection, row_id, outcome, now)
            return
        if attempt.state != "ringing":
            return  # what came of it was told before the call was answered
        if outcome == "refused":
            self._refused(connection, attempt, refusal, now)
        elif outcome == "later":
            rings.change(connection, attempt, state="waiting", at=now)
        else:
            state = "rung" if outcome == "sent" else "uncertain"
            rings.change(connection, attempt, state=state, at=now)

    def recover(self, connection: Transaction, now: datetime) -> int:
        """What a crash left ringing is uncertain."""
        lost = rings.lost(connection)
        for attempt in lost:
            rings.change(connection, attempt, state="uncertain", at=now)
        return len(lost) + self._inner.recover(connection, now)

    def failed(self, connection: Transaction, row_id: int, error: SendError, now: datetime) -> bool:
        """A channel heard later that a bell certainly did not arrive: it passes on after all. False
        when no bell was carried by this row."""
        attempt = rings.by_outbox(connection, row_id)
        if attempt is None or attempt.state not in ("ringing", "rung", "uncertain"):
            return False
        self._refused(connection, attempt, error, now)
        return True

    def arrived(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        """A channel heard later that an uncertain bell did arrive."""
        attempt = rings.by_outbox(connection, row_id)
        if attempt is None or attempt.state != "uncertain":
            return False
        return rings.change(connection, attempt, state="rung", at=now)

    def limit(self, reads: Reads, channel: str) -> int | None:
        """For how many different people a channel rings in 24 hours; None: any number."""
        return self.budgets[channel](reads) if channel in self.budgets else None

    def _after_message(
        self, connection: Transaction, row_id: int, outcome: Outcome, now: datetime
    ) -> None:
        person_id = outbox.person_of(connection, row_id) if outcome in ("sent", "refused") else None
        person = people.by_id(connection, person_id) if person_id else None
        if person is None or (outcome == "sent" and person.channel != "web"):
            return
        if bells.can_ring(connection, person.id) and (
            ring := rings.begin(connection, person.id, row_id, now)
        ):
            self._pass_on(connection, ring, person, now)

    def _refused(
        self,
        connection: Transaction,
        attempt: StoredAttempt,
        refusal: SendError | None,
        now: datetime,
    ) -> None:
        """It did not ring; one that is withheld is tried once more a day later."""
        reason = str(refusal) if refusal else ""
        if isinstance(refusal, Withheld) and not attempt.reason:
            ring = rings.by_id(connection, attempt.ring_id)
            person = self._person(connection, ring)
            if ring and person and self._is_needed(connection, ring, person):
                rules = rules_of(self.services.settings.prompts)
                at = decent_time(now + AGAIN, rules, person.memory.quiet)
                hashed = attempt.address_hash
                row = self._put(connection, ring, person, attempt.channel, hashed, at)
                again = {"state": "waiting", "outbox_id": row, "reason": reason, "at": at}
                if row is not None and rings.change(connection, attempt, **again):
                    return
        if isinstance(refusal, Unreachable):
            self._lose(connection, attempt, reason)
        self._fail(connection, attempt, reason, now)

    def _fail(
        self, connection: Transaction, attempt: StoredAttempt, reason: str, now: datetime
    ) -> None:
        ring = rings.by_id(connection, attempt.ring_id)
        if not rings.change(connection, attempt, state="failed", reason=reason, at=now):
            return
        person = self._person(connection, ring)
        if ring and person and self._is_needed(connection, ring, person):
            self._pass_on(connection, ring, person, now)

    def _lose(self, connection: Transaction, attempt: StoredAttempt, reason: str) -> None:
        if attempt.channel in FORGOTTEN:
            bells.forget_address(connection, attempt.address_hash)
        else:
            bells.note_problem(connection, attempt.address_hash, reason)

    def _pass_on(
        self, connection: Transaction, ring: StoredRing, person: Person, now: datetime
    ) -> None:
        """Let the next bell ring, if there is one."""
        mine = bells.of_person(connection, person.id)
        tried = rings.attempts(connection, ring.id)
        bell = next_bell(mine, {each.channel: each.state for each in tried}, self.channels)
        if bell is None:
            return
        at = decent_time(now, rules_of(self.services.settings.prompts), person.memory.quiet)
        hashed = self.services.vault.address_hash(bell.channel, bell.address)
        row = self._enqueue(connection, ring, person, bell, at)
        rings.add_attempt(
            connection,
            StoredAttempt(ring.id, bell.channel, len(tried) + 1, hashed, row, "waiting", "", at),
        )

    def _put(
        self,
        connection: Transaction,
        ring: StoredRing,
        person: Person,
        channel: str,
        address_hash: str,
        at: datetime,
    ) -> int | None:
        """The row of a bell that waits longer; None when that bell is not there any more."""
        vault = self.services.vault
        for bell in bells.of_person(connection, person.id):
            if vault.address_hash(channel, bell.address) == address_hash:
                return self._enqueue(connection, ring, person, bell, at)
        return None

    def _enqueue(
        self,
        connection: Transaction,
        ring: StoredRing,
        person: Person,
        bell: StoredBell,
        at: datetime,
    ) -> int:
        services, channel = self.services, bell.channel
        effect = bell_of(connection, services, person, channel, ring.message_id, at)
        to = (channel, bell.address, person.language)
        return enqueue(connection, to, effect, "prompt", at)

    def _person(self, connection: Transaction, ring: StoredRing | None) -> Person | None:
        return people.by_id(connection, ring.person_id) if ring else None

    def _is_needed(self, connection: Transaction, ring: StoredRing, person: Person) -> bool:
        """Whether the message still waits for its person, who still wants to be told."""
        if person.memory.prompts == "off" or not outbox.is_there(connection, ring.message_id):
            return False
        prompt = prompts.by_outbox(connection, ring.message_id)
        return prompt is None or prompt.state in ("sending", "sent", "uncertain", "failed")

    def _free_at(
        self, connection: Transaction, attempt: StoredAttempt, person: Person, now: datetime
    ) -> datetime:
        """When this bell may ring: at a decent hour, and while its channel has room."""
        rules = rules_of(self.services.settings.prompts)
        at = decent_time(now, rules, person.memory.quiet)
        limit = self.limit(connection, attempt.channel)
        if limit is None:
            return at
        meta.hold(connection, f"budget:{attempt.channel}")
        hashed, channel = attempt.address_hash, attempt.channel
        free = rings.room_at(connection, channel, hashed, limit, now, WINDOW, SLACK)
        return at if free <= now else decent_time(free, rules, person.memory.quiet)
