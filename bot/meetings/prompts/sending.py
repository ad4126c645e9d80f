"""Claims the prompts that are due and puts them into the outbox.

A prompt is claimed in the transaction that puts its message in the outbox, so no claim is lost.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.delivery.enqueue import enqueue
from bot.meetings.model.meeting import Meeting
from bot.meetings.model.rows import from_row
from bot.meetings.model.series import called_off
from bot.meetings.prompts.bundling import bundle
from bot.meetings.prompts.lifecycle import Event, Prompt, may_remind, transition
from bot.meetings.prompts.message import MeetingPrompt, message
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import PromptRules, allowed, expired
from bot.services import Services
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.meetings.prompts import StoredPrompt
from storage.people import people, states
from storage.people.people import Person

AT_ONCE = 10
"""People looked at in one transaction: a hundredth of a second for the writer."""
ROOM = 60
"""Prompts of a channel that wait in the outbox at most; the rest stays where it is."""
LEASE = timedelta(minutes=10)
"""After this time a claimed prompt is looked for in the outbox."""
STORY_WAIT = timedelta(hours=1)
"""How often a prompt looks whether an open story is over, besides being told so."""

_log = logging.getLogger(__name__)


def take(
    connection: Transaction, services: Services, now: datetime, channel: str
) -> Mapping[str, int]:
    """Look at the prompts of a channel that are due, as far as there is room; how many became
    what. Nothing is left to look at when the result is empty."""
    room = ROOM - prompts.under_way(connection, channel)
    if room <= 0:
        return {}
    due = prompts.due_people(connection, now, channel, min(room, AT_ONCE))
    done: Counter[str] = Counter()
    known: dict[str, Meeting | None] = {}
    everybody = people.locked(connection, due)
    rows = prompts.of_people(
        connection, [person.id for person in everybody], *prompts.WAITING, "bundled"
    )
    for person in everybody:
        mine = [row for row in rows if row.person_id == person.id]
        done += _Turn(connection, services, now, person, mine, known).take()
    return done


class _Turn:
    """One person whose prompts are looked at. `known` are meetings that were read before."""

    def __init__(
        self,
        connection: Transaction,
        services: Services,
        now: datetime,
        person: Person,
        rows: Sequence[StoredPrompt],
        known: dict[str, Meeting | None],
    ) -> None:
        self.connection, self.services, self.now, self.person = connection, services, now, person
        self.rules = rules_of(services.settings.prompts)
        self.rows = rows
        self.known = known
        self.done: Counter[str] = Counter()

    def take(self) -> Counter[str]:
        due = [row for row in self.rows if row.state != "bundled" and row.next_at <= self.now]
        waits = bool(due) and is_telling(self.connection, self.person)
        ready = [row for row in due if self._may(row, waits)]
        self._send_snoozed([row for row in ready if row.state == "snoozed"])
        planned = {row.id: row for row in self.rows if row.state == "planned"}
        for made in bundle([self._pure(row) for row in planned.values()], self.rules):
            group = [planned[one.id] for one in (*made.others, made.carrier)]
            now = [row for row in group if row in ready]
            if now and made.carrier.due <= self.now:
                self._send(now[::-1])
            else:
                for row in now:
                    prompts.change(self.connection, row, next_at=made.carrier.due)
                    self.done["later"] += 1
        return self.done

    def _send_snoozed(self, rows: Sequence[StoredPrompt]) -> None:
        """Send what was put off to now in one message; a follow-up joins only follow-ups."""
        for follows in (False, True):
            group = [row for row in rows if (row.kind == "follow_up") is follows]
            if group:
                self._send(group)

    def _may(self, row: StoredPrompt, waits: bool) -> bool:
        """Whether a prompt may go now; if not, what happens instead."""
        meeting = self._meeting(row)
        event = ends(self.connection, row, self.person, meeting, self.rules, self.now)
        if self.person.blocked and event in (None, "expire"):
            self._become(row, "failed")
            return False
        if event is not None:
            self._become(row, transition(row.state, event))
            return False
        at = allowed(self.now, self.rules) if meeting else self.now
        if waits or at > self.now:
            later = max(at, self.now + STORY_WAIT) if waits else at
            prompts.change(self.connection, row, next_at=later, waits=waits)
            self.done["later"] += 1
            return False
        return True

    def _send(self, rows: Sequence[StoredPrompt]) -> None:
        carrier, *others = rows
        asked = [self._asked(row) for row in rows]
        effect = message(self.connection, self.services, self.person, asked, self.now)
        person_id = self.person.id
        outbox_id = enqueue(self.connection, person_id, effect, "prompt", self.now)
        prompts.change(
            self.connection,
            carrier,
            state=transition(carrier.state, "claim"),
            outbox_id=outbox_id,
            carrier=None,
            next_at=self.now + LEASE,
            waits=False,
        )
        for row in others:
            state = transition(row.state, "bundle")
            prompts.change(self.connection, row, state=state, carrier=carrier.id)
        self.done["claimed"] += 1

    def _asked(self, row: StoredPrompt) -> MeetingPrompt:
        meeting = self._meeting(row)
        if meeting is None:
            raise LookupError("a prompt without a meeting")
        found = meetings.member(self.connection, row.meeting_id, row.person_id)
        return MeetingPrompt(row, meeting, found.side if found else "")

    def _become(self, row: StoredPrompt, state: prompts.State) -> None:
        prompts.change(self.connection, row, state=state)
        self.done[state] += 1

    def _meeting(self, row: StoredPrompt) -> Meeting | None:
        if row.meeting_id not in self.known:
            found = meetings.by_id(self.connection, row.meeting_id)
            self.known[row.meeting_id] = from_row(found) if found else None
        return self.known[row.meeting_id]

    def _pure(self, row: StoredPrompt) -> Prompt:
        return Prompt(
            row.id, row.person_id, row.meeting_id, row.kind, row.ended_at, row.due_at, row.state
        )


def is_telling(connection: Transaction, person: Person) -> bool:
    """Whether a story is open, here or in the web chat that a letter led to."""
    ids = (person.id, *person.memory.web)
    found = (states.load(connection, one) for one in ids)
    return any(state is not None and state.open for state in found)


def ends(
    connection: Transaction,
    row: StoredPrompt,
    person: Person,
    meeting: Meeting | None,
    rules: PromptRules,
    now: datetime,
) -> Event | None:
    """What ends a prompt before it is sent; None when it may go. A meeting can be called off, and
    people can leave, while a call that comes to nothing is out."""
    if (
        meeting is None
        or called_off(meeting, row.day)
        or meetings.member(connection, row.meeting_id, row.person_id) is None
        or not _still_wanted(connection, row)
    ):
        return "cancel"
    if person.memory.prompts == "off":
        return "decline"
    return "expire" if expired(row.due_at, now, rules) else None


def _still_wanted(connection: Transaction, row: StoredPrompt) -> bool:
    """A reminder follows an ask without an answer; what came of it is asked of who answered,
    or was never reached."""
    if row.kind == "ask":
        return True
    asked = prompts.siblings(connection, row, "ask")
    state = asked[0].state if asked else "cancelled"
    return may_remind(state) if row.kind == "remind" else state in ("answered", "expired")
