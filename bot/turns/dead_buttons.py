"""Takes the buttons away where they no longer count, or count elsewhere: messages stay in the chat
as they were, and an old row of buttons would look alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.base import PACED
from bot.turns.context import TurnContext
from conversations.engine.effects import Mark, Say
from storage.outbox import open_question
from storage.outbox.outbox import carrier


def taken_away(context: TurnContext) -> list[Mark]:
    """Changes of all messages that are left with buttons by this turn: those of a question that is
    over, but for the one that shows what was chosen, and those of one that is asked once more, or
    that led to the question once more."""
    person = context.person
    if person.channel not in PACED or person.blocked:
        return []
    closed = set(_closed(context))
    asked = {
        each.turn: {button.id for button in each.buttons}
        for each in context.said
        if isinstance(each, Say) and each.turn not in closed
    }
    return [
        Mark(turn, "", message)
        for turn in sorted({*closed, *asked} - {0})
        for message in _alive(context, turn, asked.get(turn))
    ]


def _closed(context: TurnContext) -> Iterator[int]:
    """The turns of the questions that were open before this turn, and are not any more."""
    state, person = context.before
    gone, now = context.erases_person, context.person.memory
    if state is not None and (gone or not context.state or context.state.turn != state.turn):
        yield state.turn
    before = person.memory
    if before.stands and (gone or not now.stands or now.asked != before.asked):
        yield before.asked


def _alive(context: TurnContext, turn: int, again: set[str] | None) -> Iterator[str]:
    """The messages that show buttons of a turn; with those that it shows `again`: no others, but
    for the one that was tapped, and only messages that are there."""
    marks = {each.ref for each in context.said if isinstance(each, Mark) and each.turn == turn}
    rows = _rows(context, turn)
    if (
        len(rows) == 1
        and rows[0].kind == "say"
        and not marks.isdisjoint(("", carrier(rows[0].ref)))
    ):
        return  # the only message shows what was chosen
    shows = open_question.shown_buttons(context.connection.vault, rows)
    newest = next(reversed(shows), "")
    marked = {ref or newest for ref in marks}
    for message, buttons in shows.items():
        if not buttons or message in marked:
            continue
        if again is None or (message and (buttons <= again or message == context.tapped_in)):
            yield message


def _rows(context: TurnContext, turn: int) -> Sequence[Any]:
    """The messages with the question of a turn, as they were read ahead if that still holds."""
    known = context.known.questions.get(turn) if context.known and not context.scrub else None
    if known is not None:
        return known
    return open_question.rows_of(context.connection, context.person.id, turn)
