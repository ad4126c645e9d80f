"""Retention: what is deleted after which time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select

from storage import narrowings, tables
from storage.bells import rings
from storage.coordinators import audit
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.meetings import meetings, prompts
from storage.stories import blobs, consents, relays
from storage.stories.permissions import readers
from storage.weeks import months_before, week_of
from storage.whatsapp import contacts, deliveries, hidden_ids

PERSON = core(tables.Person)
CONVERSATION = core(tables.Conversation)
TIMER = core(tables.Timer)
INBOX = core(tables.Inbox)
OUTBOX = core(tables.Outbox)
STORY = core(tables.Story)
LINK = core(tables.LoginLink)
SESSION = core(tables.WebSession)

UNHEARD = timedelta(days=1)
AUDIT_MONTHS = 12
"""The audit log outlives the stories: files that they were in name them when they are gone."""


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How long things are kept. Stories go with the words of their consents; that there was a
    consent stays. The numbers of past weeks that left stay as well."""

    drafts: timedelta = timedelta(days=7)
    messages: timedelta = timedelta(days=7)
    inbox: timedelta = timedelta(days=30)
    logins: timedelta = timedelta(days=1)
    stories_months: int = 24
    people_months: int = 24
    meetings_months: int = 12

    def __post_init__(self) -> None:
        if self.inbox < timedelta(days=2):
            raise ValueError("keep inbox ids for 2 days at least: updates may come again for 24 h")


def purge(connection: Transaction, now: datetime, policy: RetentionPolicy) -> dict[str, int]:
    """Forget what is older than the policy says; how much of each went. On SQLite call
    `Database.scrub` afterwards."""
    return {
        "drafts": _drafts(connection, now - policy.drafts),
        "messages": _messages(connection, now - policy.messages, now),
        "rings": rings.forget(connection, now - policy.inbox),
        "deliveries": deliveries.forget(connection, now - policy.inbox),
        "strangers": contacts.forget_strangers(connection, now),
        "hidden ids": hidden_ids.hide(connection),
        "inbox": _inbox(connection, now - policy.inbox),
        "stories": _stories(connection, week_of(months_before(now, policy.stories_months))),
        "people": _people(connection, week_of(months_before(now, policy.people_months))),
        "meetings": meetings.forget(connection, months_before(now, policy.meetings_months)),
        "prompts": prompts.forget(connection, months_before(now, policy.meetings_months)),
        "logins": _logins(connection, now - policy.logins),
        "audit": audit.forget(connection, months_before(now, policy.stories_months + AUDIT_MONTHS)),
    }


def _drafts(connection: Transaction, before: datetime) -> int:
    """Conversations that were left alone, with their timers, recordings and pictures."""
    whose = select(CONVERSATION.c.person_id).where(CONVERSATION.c.updated_at < before)
    connection.execute(delete(TIMER).where(TIMER.c.person_id.in_(whose)))
    blobs.forget_drafts(connection, whose)
    old = delete(CONVERSATION).where(CONVERSATION.c.updated_at < before)
    return connection.execute(old).rowcount


def _messages(connection: Transaction, before: datetime, now: datetime) -> int:
    """What was said, unless it belongs to a conversation that goes on. What went to somebody who is
    not kept waits a day at most for word that it arrived."""
    unheard = and_(OUTBOX.c.person_id.is_(None), OUTBOX.c.sent_at < now - UNHEARD)
    unheard_of = connection.execute(delete(OUTBOX).where(unheard, OUTBOX.c.state == "sent"))
    goes_on = exists().where(CONVERSATION.c.person_id == OUTBOX.c.person_id)
    settled = OUTBOX.c.state.not_in(("pending", "sending"))
    old = or_(OUTBOX.c.sent_at < before, and_(OUTBOX.c.sent_at.is_(None), OUTBOX.c.due_at < before))
    said = connection.execute(delete(OUTBOX).where(settled, old, ~goes_on))
    return unheard_of.rowcount + said.rowcount


def _inbox(connection: Transaction, before: datetime) -> int:
    old = delete(INBOX).where(INBOX.c.received_at < before, INBOX.c.state != "new")
    return connection.execute(old).rowcount


def _stories(connection: Transaction, before: str) -> int:
    columns = ("id", "week", "team_id", "may_team", "may_network", "reviewed", "state")
    query = select(*(STORY.c[name] for name in columns)).where(STORY.c.week < before)
    gone = connection.execute(query).all()
    connection.execute(delete(STORY).where(STORY.c.week < before))
    could: dict[str, set[str]] = defaultdict(set)
    for row in gone:
        could[row.week] |= readers(row)
    for week, audiences in could.items():
        narrowings.note(connection, week, audiences)
    ids = [row.id for row in gone]
    for story_id in ids:
        blobs.keep_only(connection, story_id, ())
        relays.drop(connection, story_id)
        consents.forget_words(connection, connection.vault.story_hash(story_id))
    return len(ids)


def _people(connection: Transaction, before: str) -> int:
    """People not seen for so long that no story of theirs can be left."""
    return connection.execute(delete(PERSON).where(PERSON.c.seen_week < before)).rowcount


def _logins(connection: Transaction, before: datetime) -> int:
    return sum(
        connection.execute(delete(table).where(table.c.expires_at < before)).rowcount
        for table in (LINK, SESSION)
    )
