"""The lane of prompts: just before the call a prompt is marked as being sent, if it still may be;
after the call, or after a crash, it is sent, uncertain or failed, and never goes out twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels.base import SendError
from bot.delivery.lanes import Outcome
from bot.meetings.model.rows import from_row
from bot.meetings.prompts.dequeue import detach
from bot.meetings.prompts.lifecycle import may_remind, settled, transition
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import allowed, reminder
from bot.meetings.prompts.sending import LEASE, STORY_WAIT, ends, is_telling
from bot.services import Services
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.meetings.prompts import StoredPrompt
from storage.people import people


class PromptLane:
    """Decides about the messages that ask for a story after a meeting."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def may_send(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        """The message goes out as soon as this is committed. False when it must not any more: the
        answer came first, a story was begun, the meeting moved, or it is late by now."""
        row = prompts.by_outbox(connection, row_id)
        if row is None:
            return True  # not about a prompt
        if row.state != "claimed":
            return False
        rules = rules_of(self.services.settings.prompts)
        found = meetings.by_id(connection, row.meeting_id)
        meeting = from_row(found) if found else None
        person = people.by_id(connection, row.person_id)
        event = ends(connection, row, person, meeting, rules, now) if person else None
        if event is not None:
            detach(connection, row, now)
            prompts.change(
                connection, replace(row, state="planned"), state=transition("planned", event)
            )
            return False
        at = allowed(now, rules)
        waits = person is not None and is_telling(connection, person)
        if waits or at > now:
            detach(connection, row, max(at, now + STORY_WAIT) if waits else at, waits=waits)
            return False
        return prompts.change(connection, row, state=transition(row.state, "send"))

    def settle(
        self,
        connection: Transaction,
        row_id: int,
        outcome: Outcome,
        now: datetime,
        refusal: SendError | None = None,
    ) -> None:
        """What the channel said: `sent`, `lost`, `refused`, or `later` (nothing was executed)."""
        del refusal  # however it was refused
        row = prompts.by_outbox(connection, row_id)
        if row is None:
            return
        state = settled(row.state, outcome)
        if outcome == "later":
            # the row of the outbox waits on, so the prompt stays claimed by it
            state = "claimed" if state == "planned" else state
        # who put it off already chose when to look at it next
        at = row.next_at if state == "snoozed" else now + LEASE
        prompts.change(connection, row, state=state, next_at=at)
        if may_remind(state):
            _plan_reminder(connection, self.services, row, now)

    def recover(self, connection: Transaction, now: datetime) -> int:
        """Settle what a crash left behind: sends that nobody knows the end of, and prompts whose
        message is not in the outbox any more."""
        done = 0
        for row in prompts.lost_sends(connection, now + LEASE):
            self.settle(connection, row.outbox_id or 0, "lost", now)
            done += 1
        for row in prompts.lost_claims(connection, now):
            detach(connection, row, now)
            done += 1
        return done


def _plan_reminder(
    connection: Transaction, services: Services, row: StoredPrompt, now: datetime
) -> None:
    """The one reminder, some days after the last time it was asked; never in the web chat, which
    shows an open question itself."""
    person = people.by_id(connection, row.person_id)
    found = meetings.by_id(connection, row.meeting_id)
    if row.kind != "ask" or person is None or found is None or person.channel == "web":
        return
    rules = rules_of(services.settings.prompts)
    at = reminder(now, rules)
    made = prompts.new_row(
        services.vault, row.person_id, row.meeting_id, row.day, "remind", row.ended_at, at
    )
    prompts.add(connection, [made])
    for known in prompts.siblings(connection, row, "remind"):
        if known.outbox_id is None and known.state in ("planned", "cancelled"):
            prompts.change(connection, known, state="planned", due_at=at, next_at=at)
