"""The question that an account command asked, as long as it waits for an answer: typed words and
taps are for it, and the question that was open before waits."""

from __future__ import annotations

from typing import Any

from bot.account_buttons import parse
from bot.codec import effect_from_json
from bot.turns.context import TurnContext
from conversations.engine.effects import Say, Tick
from storage.outbox import open_question, outbox

_UNBIDDEN = {"prompt", "sense", "change"}
"""Buttons of what is asked when its moment comes, not when somebody asks for it."""


def standing(context: TurnContext) -> Say | None:
    """The account question that waits for an answer, if nothing was asked unbidden since."""
    if not context.person.memory.stands:
        return None
    question = None if _asked_since(context) else said_on(context, last_turn(context))
    if question is None:  # else it told of a story that is gone
        drop(context)
    return question


def prompted_last(context: TurnContext) -> bool:
    """Whether a prompt of a meeting was asked last."""
    return "prompt" in _actions(_last_said(context))


def _asked_since(context: TurnContext) -> bool:
    """Whether what was said last asks something else, of a meeting, a session or a change."""
    said = _last_said(context)
    return said.get("turn") != last_turn(context) and bool(_UNBIDDEN & _actions(said))


def _last_said(context: TurnContext) -> dict[str, Any]:
    return outbox.last_said(context.connection, context.person.id) or {}


def _actions(said: dict[str, Any]) -> set[str]:
    """What the buttons of a message do."""
    found = (parse(each["id"]) for each in said.get("buttons", ()))
    return {each[0] for each in found if each}


def said_on(context: TurnContext, turn: int) -> Say | None:
    """What was asked on a turn, if that is still known, with the ticks as they stand by now."""
    place = context.connection, context.person.id, turn
    found = outbox.asked(*place)
    said = effect_from_json("say", found[0]) if found else None
    if not isinstance(said, Say):
        return None
    change = open_question.last_change(*place)
    tick = effect_from_json("tick", change.effect) if change else None
    return said.but(buttons=tick.buttons) if isinstance(tick, Tick) else said


def drop(context: TurnContext) -> None:
    """It is answered, or left; no code is waited for then."""
    if context.person.memory.stands:
        context.remember(stands=False, code=False)


def last_turn(context: TurnContext) -> int:
    """The turn of the account question that was asked last."""
    return context.person.memory.asked
