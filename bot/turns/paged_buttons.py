"""Answers that a channel with few buttons takes in pieces: another page of them, and choices typed
by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from bot.channels.base import ONE_MESSAGE
from bot.channels.button_pages import MOST, PAGE
from bot.turns import account_question, conversation
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from conversations.engine.events import Asked, Said, Tapped
from conversations.guide.channel_limits import CLOSING

MOST_NUMBERS = 12
"""Numbers in one message; more are words."""

_NUMBERS = re.compile(r"\s*\d{1,2}(?:\s*[,;.+&\s]\s*\d{1,2})*\s*\.?\s*")

AnEvent = TypeVar("AnEvent")


def is_page(button: str) -> bool:
    """Whether a button shows another page of buttons."""
    return button.startswith(PAGE) and button.removeprefix(PAGE).isdecimal()


def turn_page(context: TurnContext, tap: Tapped) -> None:
    """The question that stands once more, with another page of its buttons."""
    before = len(context.out)
    if asked := account_question.standing(context):
        conversation.ask_again(context, asked)
    elif context.state is not None and context.state.open:
        conversation.take(context, Asked())
    page = int(tap.button.removeprefix(PAGE))
    context.out[before:] = [
        (each.but(page=page), about)
        if isinstance(each, Say) and each.turn == tap.turn
        else (each, about)
        for each, about in context.out[before:]
    ]
    if len(context.out) == before:
        context.phrase("old_button")


def events_of(context: TurnContext, event: AnEvent) -> Sequence[AnEvent | Tapped]:
    """The event itself, or the taps that it stands for: numbers of choices as they stand in the
    question."""
    if context.person.channel not in ONE_MESSAGE or not isinstance(event, Said):
        return [event]
    if event.forwarded or not _NUMBERS.fullmatch(event.text):
        return [event]
    numbers = [int(each) for each in re.findall(r"\d+", event.text)]
    question = _question(context)
    if question is None or len(numbers) > MOST_NUMBERS:
        return [event]
    choices = [each for each in question.buttons if each.id not in CLOSING]
    several = question.control is not None and question.control.kind == "choices"
    if not all(0 < each <= len(choices) for each in numbers) or (len(numbers) > 1 and not several):
        return [event]
    chosen = dict.fromkeys(choices[each - 1].id for each in numbers)
    return [Tapped(question.turn, each, seen=None) for each in chosen]


def _question(context: TurnContext) -> Say | None:
    """The question that stands, if its choices are numbered."""
    asked = account_question.standing(context)
    if asked is None and context.state is not None and context.state.open:
        asked = account_question.said_on(context, context.state.turn)
    if asked is None or not asked.turn or not asked.buttons:
        return None
    several = asked.control is not None and asked.control.kind == "choices"
    return asked if several or len(asked.buttons) > MOST else None
