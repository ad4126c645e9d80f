"""Invitations by e-mail: a personal link into the web chat, without an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import NamedTuple

from bot.account_buttons import button_id
from bot.channels.base import OPENING_QUESTIONS, Letter, Outgoing
from bot.delivery.enqueue import enqueue
from bot.meetings.model.labels import facts_of
from bot.meetings.model.meeting import Meeting
from bot.meetings.prompts.letters import compose, words
from bot.meetings.prompts.planning import plan_member, rules_of
from bot.meetings.prompts.schedule import allowed
from bot.services import Services
from conversations.guide.model import fill_slots
from storage.engine.transaction import Transaction
from storage.meetings import meetings
from storage.meetings.links import Link
from storage.meetings.meetings import Side
from storage.people import people
from storage.stories import relays
from storage.weeks import week_of


class Invited(NamedTuple):
    """How many are invited now, and how many cannot be: their address was refused as one that does
    not exist."""

    new: int
    blocked: int


def invite(
    connection: Transaction,
    services: Services,
    meeting: Meeting,
    addresses: Iterable[str],
    now: datetime,
    *,
    side: Side = "",
    language: str = "nl",
    asked: bool = False,
) -> Invited:
    """Invite people to a meeting. Each who was not yet gets one letter, at a decent hour; who asked
    for no more letters gets none. Who `asked` to be reached by mail gets it at once."""
    key = "mail_reach" if asked else "mail_invited"
    rules = rules_of(services.settings.prompts)
    at = now if asked else allowed(now, rules)
    invited = blocked = 0
    for address in dict.fromkeys(addresses):
        person = people.find_or_make(connection, "mail", address, language, week_of(now))
        row = meetings.locked(connection, meeting.id)
        blocked += person.blocked
        if person.blocked or person.memory.prompts == "off" or row is None:
            continue
        if not meetings.join(connection, meeting.id, person.id, side, invited=True):
            continue
        plan_member(connection, row, person.id, now, rules)
        slots = facts_of(meeting, services.shelf.library.phrases(person.language))
        sides = ("guest", "host") if meeting.kind == "visit" else ("member",)
        effect = compose(
            connection,
            services,
            person,
            words(services, person, key, slots),
            [
                (
                    button_id("side", each, meeting.id),
                    words(services, person, f"meeting_joined.{each}", slots),
                )
                for each in (*sides, "leave")
            ],
            subject=words(services, person, f"{key}_subject", slots),
            about=Link(person.id, meeting.id),
            now=now,
            opens=meeting.id if meeting.kind == "visit" else "",
        )
        enqueue(connection, person.id, effect, "prompt", at)
        invited += 1
    return Invited(invited, blocked)


def fill_in(connection: Transaction, services: Services, outgoing: Outgoing) -> Outgoing:
    """A letter that is about to go, with the questions of guests that open its meeting now. What
    was taken back while the letter waited is not in it."""
    letter = outgoing.effect
    if not isinstance(letter, Letter) or not letter.opens:
        return outgoing
    phrases = services.shelf.library.phrases(outgoing.language)
    said = []
    for each in relays.opening(connection, letter.opens):
        said.append(fill_slots(phrases.get("visit_question", "je"), {"question": each.text}))
        relays.move(connection, each.id, "opened")
    plain = "".join(f"\n\n{each}" for each in said)
    html = "".join(f'\n<p style="margin:0 0 20px" dir="auto">{escape(each)}</p>' for each in said)
    filled = replace(
        letter,
        text=letter.text.replace(OPENING_QUESTIONS, plain, 1),
        html=letter.html.replace(OPENING_QUESTIONS, html, 1),
    )
    return replace(outgoing, effect=filled)
