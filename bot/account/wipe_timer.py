"""Erasing after a few seconds, by a timer: who leaves the screen in haste may change their mind.

It is a timer in the database, so that a closed page or a restart does not stop it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.channels.base import Account
from bot.turns.context import TurnContext
from storage.people import states

WAIT = timedelta(seconds=10)
_KINDS = {"now": "wipe_now", "chat": "wipe_chat"}
"""The timer that erases everything of a person, or all but the kept stories."""


def set_timer(context: TurnContext, event: Account) -> None:
    """`wipe` sets the timer, `unwipe` takes it away. Nothing is said: the page has left."""
    person_id = context.person.id
    states.clear_timers(context.connection, person_id, *_KINDS.values())
    if event.name == "wipe":
        states.set_timer(context.connection, person_id, _KINDS[event.text], 0, context.now + WAIT)


def what_to_erase(kind: str) -> str:
    """What a timer of this kind erases (`now` or `chat`); empty when it is another timer."""
    return next((what for what, name in _KINDS.items() if name == kind), "")
