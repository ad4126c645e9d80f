"""Tells of a change to those whose stories its decision rests on, and who wanted to hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.account_buttons import button_id
from bot.channels.base import SendError
from bot.delivery.enqueue import enqueue
from bot.delivery.lanes import BroadcastLane, Outcome
from bot.meetings.prompts.letters import LINK_DAYS, compose, words
from bot.meetings.prompts.planning import rules_of
from bot.meetings.prompts.schedule import allowed
from bot.sensemaking.changes.change_links import payload_of, use_of
from bot.services import Services
from storage.engine.transaction import Reads, Transaction
from storage.meetings import links
from storage.meetings.links import Link
from storage.people import people
from storage.people.people import Person
from storage.sensemaking import changes
from storage.sensemaking.changes import JUSTICE_ANSWERS, NamedChange


def hearers(reads: Reads, decision_id: str) -> list[tuple[Person, str]]:
    """Who would hear of a change after this decision, each with a story of their own."""
    found = []
    for person_id, story_id in changes.tellers(reads, decision_id).items():
        person = people.by_id(reads, person_id)
        if person is not None and not person.blocked:
            found.append((person, story_id))
    return found


def tell_change(
    connection: Transaction, services: Services, change: NamedChange, now: datetime
) -> int:
    """Keep a change and put its messages into the outbox, at a decent hour; how many. All of it is
    one transaction, and a change that is there already tells nobody again. A message goes when the
    story goes, and names none."""
    if not changes.name_change(connection, change, now):
        return 0
    at, told = allowed(now, rules_of(services.settings.prompts)), 0
    for person, story_id in hearers(connection, change.decision_id):
        letter = person.channel == "mail"
        buttons = [
            (
                button_id("change", each, change.id),
                words(services, person, f"change_told.{each}", {}),
            )
            for each in JUSTICE_ANSWERS
        ]
        said = compose(
            connection,
            services,
            person,
            words(
                services,
                person,
                "change_mail" if letter else "change_told",
                {"change": change.text},
            ),
            () if letter else buttons,
            subject=words(services, person, "change_mail_subject", {}),
            about=Link(person.id),
            now=now,
            pages=[_answering(connection, services, person, change, now)] if letter else (),
        )
        row = enqueue(connection, person.id, said, "prompt", at, story=story_id)
        changes.note_told(connection, change.id, person.id, row)
        told += 1
    return told


def _answering(
    connection: Transaction, services: Services, person: Person, change: NamedChange, now: datetime
) -> tuple[str, str]:
    """The label and the payload of the link to the page on which a letter is answered. Only the
    hash of its token is kept, and nothing joins that to the change."""
    expires = now + timedelta(days=LINK_DAYS)
    token = links.make(connection, Link(person.id), expires, use_of(change.id))
    return words(services, person, "change_mail.answer", {}), payload_of(token, change.id)


class ChangeLane:
    """The lane of prompts with the messages of changes in it: such a message goes out only while
    its teller still wants to hear of the story. About all others `prompts` decides."""

    def __init__(self, services: Services, prompts: BroadcastLane) -> None:
        self.services = services
        self._prompts = prompts

    def may_send(self, connection: Transaction, row_id: int, now: datetime) -> bool:
        wanted = changes.still_wanted(connection, row_id)
        return self._prompts.may_send(connection, row_id, now) if wanted is None else wanted

    def settle(
        self,
        connection: Transaction,
        row_id: int,
        outcome: Outcome,
        now: datetime,
        refusal: SendError | None = None,
    ) -> None:
        self._prompts.settle(connection, row_id, outcome, now, refusal)

    def recover(self, connection: Transaction, now: datetime) -> int:
        return self._prompts.recover(connection, now)
