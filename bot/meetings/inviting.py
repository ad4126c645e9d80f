"""Invitations by e-mail: a personal link into the web chat, without an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.house import House
from bot.meetings.due import allowed
from bot.meetings.letters import said, words
from bot.meetings.meeting import Meeting
from bot.meetings.naming import facts_of
from bot.meetings.planning import plan_member, rules_of
from bot.wire import KINDS, effect_to_json
from storage import meetings, outbox, people
from storage.links import Link
from storage.meetings import Side
from storage.weeks import week_of


class Invited(NamedTuple):
    """How many are invited now, and how many cannot be: their address was refused as one that does
    not exist."""

    new: int
    blocked: int


def invite(
    connection: Connection,
    house: House,
    meeting: Meeting,
    addresses: Iterable[str],
    now: datetime,
    *,
    side: Side = "",
    language: str = "nl",
) -> Invited:
    """Invite people to a meeting. Each who was not yet gets one letter, at a decent hour; who asked
    for no more letters gets none."""
    rules = rules_of(house.settings.prompts)
    at = allowed(now, meeting.tz, rules)
    invited = blocked = 0
    for address in dict.fromkeys(addresses):
        person = people.find_or_make(
            connection, house.vault, "mail", address, language, week_of(now)
        )
        row = meetings.locked(connection, house.vault, meeting.id)
        blocked += person.blocked
        if person.blocked or person.prefs.get("prompts") == "off" or row is None:
            continue
        if not meetings.join(connection, meeting.id, person.id, side, invited=True):
            continue
        plan_member(connection, house.vault, row, person.id, now, rules)
        slots = facts_of(meeting, house.shelf.library.phrases(person.language))
        sides = ("guest", "host") if meeting.kind == "visit" else ("member",)
        effect = said(
            connection,
            house,
            person,
            words(house, person, "mail_invited", slots),
            [
                (
                    f"d:side:{each}:{meeting.id}",
                    words(house, person, f"meeting_joined.{each}", slots),
                )
                for each in (*sides, "leave")
            ],
            subject=words(house, person, "mail_invited_subject", slots),
            about=Link(person.id, meeting.id),
            now=now,
        )
        data, kind = effect_to_json(effect), KINDS[type(effect)]
        outbox.put(connection, house.vault, person.id, data, 0, kind, "prompt", at)
        invited += 1
    return Invited(invited, blocked)
