"""The first message to a browser that is not known yet: shown from memory, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.account import welcome
from bot.channels.base import Arrival, Outgoing
from bot.inbox.dispatch import is_foreign, language_of
from bot.services import Services
from bot.turns.context import TurnContext
from storage.engine.transaction import Snapshot
from storage.people import people
from storage.people.people import Person


def opening(
    session: Snapshot, services: Services, came: Arrival, now: datetime
) -> Sequence[Outgoing] | None:
    """What is said to who comes, in rows with ids below 0; nothing is written. None for who is
    known: coming back is a turn."""
    if people.find(session, came.channel, came.address) is not None:
        return None
    language = language_of(services, came)
    stranger = Person("", came.channel, came.address, language)
    context = TurnContext(services, session.transaction, stranger, now)
    context.foreign = is_foreign(services, came)
    welcome.who_tells(context)
    said = context.said
    return [
        Outgoing(number - len(said), came.address, effect, language)
        for number, effect in enumerate(said)
    ]
