"""What shows that a tap was taken: its words at once, and the mark on the message that was tapped.

Where a channel counts every call, a changed message may come a moment later; who sees nothing
happen taps again, and would undo a tick.
"""

from __future__ import annotations

from bot.account_buttons import Action, parse
from bot.channels.base import Arrival, Echo
from bot.turns import account_question
from bot.turns.context import TurnContext
from conversations.engine.effects import Mark, Tick
from conversations.engine.events import Tapped

ON, OFF = "✓ ", "☐ "

_ONCE: frozenset[Action] = frozenset(
    {"begin", "lang", "on", "tidy", "stay", "prompt", "prompts", "side"}
)
"""Account buttons whose question is answered by a tap; a menu stays as it is."""


def show(context: TurnContext, arrival: Arrival, event: Tapped) -> None:
    """Answer a tap that a channel wants to have answered. One that changed nothing is only heard:
    what was said tells why."""
    if not arrival.tapped:
        return
    shown = [each for each in context.said if isinstance(each, Mark | Tick)]
    message = "" if arrival.tapped == "-" else arrival.tapped
    if not shown and context.took_tap and message:
        if _answers(event):
            shown = [Mark(event.turn, arrival.label)]
            context.put(*shown)
        elif event.turn and account_question.said_on(context, event.turn) is None:
            context.put(Mark(event.turn, "", message))  # what it told of is gone
    _put_on(context, event, message)
    if arrival.query:
        took = shown or context.took_tap or _moved(context, event)
        text = _words(shown, event, arrival.label) if took else ""
        context.answer = Echo(text, arrival.query, "tap")


def _answers(event: Tapped) -> bool:
    action, _ = parse(event.button) or ("begin", [])
    return action in _ONCE


def _put_on(context: TurnContext, event: Tapped, message: str) -> None:
    """The changes of the question go to the message that was tapped."""
    context.out = [
        (
            each.but(ref=message)
            if isinstance(each, Mark | Tick) and each.turn == event.turn
            else each,
            about,
        )
        for each, about in context.out
    ]


def _moved(context: TurnContext, event: Tapped) -> bool:
    """Whether the tap led to another question."""
    before, state = context.before[0], context.state
    return before is not None and before.turn == event.turn and before != state


def _words(shown: list[Mark | Tick], event: Tapped, label: str) -> str:
    match shown:
        case [Mark(_, chosen), *_]:
            label, sign = label or chosen, ON
        case [Tick(_, buttons), *_]:
            found = next((each for each in buttons if each.id == event.button), None)
            label, sign = (found.label, ON if found.picked else OFF) if found else (label, ON)
        case _:
            sign = ON
    return f"{sign}{label}" if label else ""
