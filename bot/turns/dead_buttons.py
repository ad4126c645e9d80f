"""Takes the buttons away where they no longer count, or count elsewhere: messages stay in the chat
as they were, and an old row of buttons would look alive."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.channels.base import PACED
from bot.turns.context import TurnContext
from conversations.engine.effects import Mark, Say
from storage.outbox import open_question
from storage.outbox.open_question import AskedMessage, Questions
from storage.outbox.outbox import carrier


class OwedMark(NamedTuple):
    """A message that does not stand any more, and how it changes (None: nothing is to be seen of
    it)."""

    message: AskedMessage
    mark: Mark | None


def taken_away(context: TurnContext) -> list[OwedMark]:
    """All messages that this turn changes: those of a question that is over, of which one may show
    what was chosen, and those of one that is asked once more, or that led to the question once
    more. What is put to change them is taken out of what the turn says."""
    person = context.person
    if person.channel not in PACED or person.blocked:
        return []
    closed = set(_closed(context))
    asked = {
        each.turn: {button.id for button in each.buttons}
        for each in context.said
        if isinstance(each, Say) and each.turn not in closed
    }
    marks = [each for each in context.said if isinstance(each, Mark)]
    turns = {*closed, *asked, *(mark.turn for mark in marks)} - {0}
    questions = _questions(context)
    return [
        owed
        for turn in sorted(turns)
        for owed in _owed(context, questions.get(turn, ()), marks, closed, asked)
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


def _owed(
    context: TurnContext,
    messages: Sequence[AskedMessage],
    marks: Sequence[Mark],
    closed: Collection[int],
    asked: Mapping[int, set[str]],
) -> Iterator[OwedMark]:
    """The messages of a question that lose their buttons. Asked again: those that show no others,
    or that were tapped, as far as they are there."""
    for message in messages:
        turn, was_tapped = message.said.turn, message.ref and message.ref == context.tapped_in
        mark = next((each for each in marks if _is_of(each, message, messages)), None)
        if mark is not None:
            context.out = [each for each in context.out if each[0] is not mark]
        if was_tapped and mark is not None:  # it has buttons
            yield OwedMark(message, mark)
            continue
        buttons = message.buttons(context.connection.vault)
        again = turn in asked and message.ref and (was_tapped or buttons <= asked[turn])
        if not buttons:
            yield OwedMark(message, None)
        elif mark is not None or turn in closed or again:
            yield OwedMark(message, mark or Mark(turn, "", message.ref))


def _is_of(mark: Mark, message: AskedMessage, messages: Sequence[AskedMessage]) -> bool:
    """Whether it is about that message; without a reference it is about the newest."""
    if mark.turn != message.said.turn:
        return False
    return message.ref == carrier(mark.ref) if mark.ref else message is messages[-1]


def _questions(context: TurnContext) -> Questions:
    """As they were read ahead, if that still holds."""
    if context.known and not context.scrub:
        return context.known.questions
    person_id = context.person.id
    return open_question.standing(context.connection, [person_id])[person_id]
