"""Dwell time: how long a question had been visible when it was answered, where only the outbox
knows (Telegram, restarts, several processes).

Nobody may be locked out for good: clocks leap, and of some messages nobody knows when they went. So
the first tap on a question proves that it is there, and from then on its time runs here too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.account_buttons import is_switch, is_weighty, parse
from bot.turns.context import TurnContext
from conversations.engine.events import Said, Tapped
from storage.outbox import open_question
from storage.outbox.outbox import carrier


def too_soon(context: TurnContext, tap: Tapped) -> bool:
    """Whether a button of the desk was tapped before anybody could read what it is about."""
    heavy = is_weighty(tap.button)
    return context.services.shelf.dwell.too_short(tap.seen, weighty=heavy)


def visible_for(context: TurnContext, turn: int, message: str, measured: int) -> int:
    """Milliseconds that the question of a turn, or one in that message of the channel, has been
    visible at least; `measured` by the channel itself."""
    known: list[float] = [measured]
    since = open_question.visible_since(context.connection, context.person.id, turn, message)
    if since is not None:
        known.append(_milliseconds(since, context.now))
    known.append(context.services.taps.since(context.person.id, str(turn or message)))
    return round(max(known))


def changed_for(context: TurnContext, tap: Tapped) -> int | None:
    """Milliseconds that what this button of a screen of switches is about has stood there as it is:
    a switch itself, and every switch for the button that confirms; None: nothing of it changed."""
    state, services = context.state, context.services
    after_keeping = state is not None and state.kept and state.turn == tap.turn
    if not (is_switch(tap.button) or after_keeping):
        return None
    last = open_question.last_change(context.connection, context.person.id, tap.turn)
    if last is None or (
        not _confirms(tap.button)
        and _picked(last.effect, tap.button) == _picked(last.before, tap.button)
    ):
        return None
    shown = 0.0 if last.at is None else _milliseconds(last.at, context.now)
    return round(max(shown, services.taps.since(context.person.id, f"change {last.id}")))


def _confirms(button: str) -> bool:
    return button == "confirm" or (parse(button) or ("",))[0] == "sure"


def _picked(effect: dict[str, Any], button: str) -> bool:
    return any(each.get("picked") for each in effect.get("buttons", ()) if each["id"] == button)


def under_way(context: TurnContext, said: Said, turn: int) -> bool:
    """Whether words were written before the question of this turn was sent: no message of it was
    confirmed, or (in Telegram, where the ids of a chat rise) all are newer."""
    sent = open_question.confirmed(context.connection, context.person.id, turn)
    if context.person.channel != "telegram" or not said.ref.isdecimal():
        return not sent
    first = (int(carrier(ref)) for ref in sent if ref)
    return not any(message < int(said.ref) for message in first)


def quotes_another(context: TurnContext, turn: int) -> bool:
    """Whether the message of this turn quotes one that is known not to carry the question of that
    turn: it answers something else."""
    sent = open_question.confirmed(context.connection, context.person.id, turn)
    known = {each for ref in sent for each in ref.split(",") if each}
    return bool(context.quoted and known) and context.quoted not in known


def _milliseconds(since: datetime, now: datetime) -> float:
    """Nothing when a clock was put back in between."""
    return max(0.0, (now - since).total_seconds() * 1000)
