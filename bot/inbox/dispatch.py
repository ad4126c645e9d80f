"""Dispatches one arrival: an account command, a prompt of a meeting, or the guide answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from bot.account import account_answers, commands, story_code, taps, welcome
from bot.account_buttons import is_account_button
from bot.channels.base import Account, Arrival, Blocked, Group, Leave, Moved
from bot.codec import Fresh
from bot.inbox import doorbell_replies
from bot.meetings import reach
from bot.services import Services
from bot.turns import account_question, conversation, paged_buttons, tap_feedback
from bot.turns.commit import commit
from bot.turns.context import TurnContext
from bot.turns.replies import put_to
from bot.turns.tapped_copy import judged
from bot.turns.time_on_screen import changed_for, too_soon, visible_for
from conversations.engine.effects import Button, Say
from conversations.engine.events import Command, Edited, Event, Placed, Returned, Said, Sent, Tapped
from storage.engine.transaction import Transaction
from storage.outbox import queue
from storage.outbox.outbox import OutboxMessage
from storage.people import people
from storage.people.prefetch import Loaded
from storage.weeks import week_of
from storage.whatsapp import contacts


class TurnOutcome(NamedTuple):
    """What a turn leaves to do after its commit: clean the journal, clear an open page, send, and
    show that a tap was taken."""

    scrub: bool = False
    forgot: tuple[str, str] | None = None
    fresh: Sequence[Fresh] = ()
    echo: Fresh | None = None

    def rows(self) -> Iterator[OutboxMessage]:
        """What is sent and shown."""
        for row, _ in (*self.fresh, *([self.echo] if self.echo else [])):
            yield row


def take_turn(
    services: Services,
    connection: Transaction,
    arrival: Arrival,
    now: datetime,
    known: Loaded | None = None,
) -> TurnOutcome:
    """The turn of an arrival, written on the connection."""
    if isinstance(arrival.event, Group):
        language = language_of(services, arrival)
        words = services.shelf.library.phrases(language).get("group_chat")
        put_to(connection, sender(arrival), now, Say(words), Leave())
        return TurnOutcome()
    if isinstance(arrival.event, Moved):
        contacts.move(connection, arrival.address, arrival.event.address)
        return TurnOutcome()
    if doorbell_replies.answer(connection, services, arrival, now):
        return TurnOutcome()
    if known is not None:
        person = people.seen(connection, known.person, week_of(now))
    else:
        person = people.find_or_make(
            connection,
            arrival.channel,
            arrival.address,
            language_of(services, arrival),
            week_of(now),
        )
    context = TurnContext(services, connection, person, now, known)
    context.foreign = is_foreign(services, arrival)
    if arrival.echo is not None:
        context.put(arrival.echo)
    doorbell_replies.follow_wish(context, arrival)
    event = arrival.event
    if isinstance(event, Sent) and arrival.file is not None:
        event = conversation.offer(context, event, arrival.file)
    if isinstance(event, Tapped):
        context.tapped, context.tapped_in = event.button, arrival.tapped
        event = judged(context, event, arrival.stood)
    context.quoted = arrival.tapped
    if isinstance(event, Tapped) and arrival.tapped:
        event = _timed(context, event, arrival.tapped)
    conversation.note(context, arrival.ref)
    for each in paged_buttons.events_of(context, event):
        _play(context, each)
    reach.ask(context)
    if isinstance(event, Tapped):
        tap_feedback.show(context, arrival, event)
    if isinstance(event, Said | Edited) and not context.heard:
        commands.care(context, event.text)
    conversation.note(context, arrival.ref)  # again: the conversation that knew of it may be gone
    return commit_turn(context)


def _play(context: TurnContext, event: Event | Account | Blocked | Group | Moved) -> None:
    """Who answers: an account command, the account question that stands, or the guide."""
    idle = context.state is None or not context.state.open
    if isinstance(event, Blocked) and not event.back:
        people.block(context.connection, context.person.id)
        queue.gone(context.connection, context.person.id)
        context.person = replace(context.person, blocked=True)
        return
    if context.person.blocked or isinstance(event, Blocked):
        context.person = replace(context.person, blocked=False)
        if context.state is not None and context.state.open:
            conversation.take(context, Returned())
        else:
            context.phrase("welcome_back", [Button("begin", context.words("welcome_back.begin"))])
    match event:
        case Blocked() | Group() | Moved():
            pass
        case Tapped(button=button) if paged_buttons.is_page(button):
            paged_buttons.turn_page(context, event)
        case Account():
            commands.handle_command(context, event)
        case Tapped() if _is_for_account(event, idle=idle):
            _tap(context, event)
        case Said() | Sent() | Tapped() | Placed() | Command() if (
            asked := account_question.standing(context)
        ):
            account_answers.handle_answer(context, asked, event)
        case _:
            _answer(context, event, idle=idle)


def _is_for_account(event: Tapped, *, idle: bool) -> bool:
    """Whether a button is none of a guide."""
    begins = event.button == "begin" and (idle or event.turn == 0)
    return begins or event.button == "stories" or is_account_button(event.button)


def _do(context: TurnContext, tap: Tapped) -> None:
    """What a button that is none of a guide does."""
    if is_account_button(tap.button):
        taps.handle_tap(context, tap)
        return
    context.took_tap = True
    if tap.button == "stories":
        commands.handle_command(context, Account("stories"))
    else:
        welcome.begin_again(context)


def _tap(context: TurnContext, event: Tapped) -> None:
    """A button that is none of a guide."""
    asked = account_question.standing(context)
    if too_soon(context, event):
        context.phrase("tap_too_soon")
        if asked:
            conversation.ask_again(context, asked)
        else:
            conversation.ask_open_question(context)
    elif event.button == "begin" and asked and asked.weighty:
        account_answers.handle_answer(context, asked, event)
    else:
        _do(context, event)


def _answer(context: TurnContext, event: Event, *, idle: bool) -> None:
    """What is for no account question: a code, something outside a guide, or an answer in it."""
    match event:
        case Said(text) if story_code.read_as_code(context, text):
            conversation.ask_open_question(context)
        case Said() | Edited() | Sent() | Tapped() | Placed() if (
            idle and context.person.memory.expired
        ):
            welcome.say_expired(context)
        case Said(text) if idle and commands.planning(context, text):
            pass
        case Said(text, forwarded=False) if idle and (tap := taps.meant(context, text)):
            _do(context, tap)
        case Said() if idle and commands.handle_text(context, event):
            pass
        case _ if context.state is None:
            welcome.without_conversation(context, event)
        case _:
            conversation.take(context, event)


def _timed(context: TurnContext, event: Tapped, message: str) -> Tapped:
    """A tap with how long its question was visible, where the channel alone cannot tell."""
    seen = event.seen or 0
    if seen < context.services.shelf.dwell.weighty:
        seen = visible_for(context, event.turn, message, seen)
    changed = changed_for(context, event)
    return replace(event, seen=seen if changed is None else min(seen, changed))


def language_of(services: Services, arrival: Arrival) -> str:
    """The language of a new person: what the client speaks, if we do; else Dutch."""
    spoken = services.shelf.library.spoken
    wanted = arrival.language[:2].lower()
    return wanted if wanted in spoken else spoken[0]


def is_foreign(services: Services, arrival: Arrival) -> bool:
    """Whether the client speaks a language that we do not."""
    return arrival.language[:2].lower() not in ("", *services.shelf.library.spoken)


def commit_turn(context: TurnContext) -> TurnOutcome:
    """Write what a scene changed."""
    commit(context)
    at = (context.person.channel, context.person.address)
    return TurnOutcome(
        context.scrub,
        at if context.forgot or context.cleared else None,
        context.fresh,
        context.echo,
    )


def sender(arrival: Arrival) -> tuple[str, str, str]:
    """Whom to answer without knowing the person: channel, address and language."""
    return arrival.channel, arrival.address, arrival.language
