"""Writes what a turn gathered, in the transaction of the turn."""

from __future__ import annotations

from bot.media import attachments
from bot.turns import dead_buttons, replies, timers
from bot.turns.context import TurnContext
from conversations.engine.effects import Mark, Say
from storage.outbox import outbox
from storage.people import people, states
from storage.weeks import week_of


def commit(context: TurnContext) -> None:
    """Write what changed: the conversation, the person, and what they hear."""
    if context.answer is not None:
        context.echo = replies.answer_tap(context, context.answer, context.known)
    dead = dead_buttons.taken_away(context)  # before it is forgotten which messages there are
    if context.erases_person or context.forgot:  # so that nothing of them stays
        to = (context.person.channel, context.person.address, context.person.language)
        bare = (Mark(mark.turn, "", message.ref) for message, mark in dead if mark)
        replies.put_to(context.connection, to, context.now, *bare)
        dead = []
    if context.erases_person:
        _say_farewell(context)
        return
    if context.forgot:
        outbox.forget(context.connection, context.person.id)
        context.out = [each for each in context.out if isinstance(each[0], Say)]
    state, person = context.before
    story_changed = context.scrub or context.person.stories != person.stories
    context.fresh = replies.say(
        context, context.out, dead, context.known, story_changed=story_changed
    )
    if context.state != state:
        context.scrub |= attachments.settle(
            context.connection,
            context.services,
            person,
            context.now,
            (state, context.state),
            context.files,
        )
        _save_state(context)
        if state is not None and state.open and not (context.state and context.state.open):
            context.services.on_story_closed(context.connection, context.person, context.now)
    if context.person != person:
        people.save(context.connection, context.person)


def _save_state(context: TurnContext) -> None:
    person_id, state, before = context.person.id, context.state, context.before[0]
    if state is None:
        states.drop(context.connection, person_id)
        return
    if state.draft and not (before and before.draft):
        context.services.shelf.expect_story(state.language)
    gently = before is not None and state.reminded > before.reminded
    states.save(context.connection, person_id, state, context.now, gently=gently)
    if not gently:
        timers.follow(context.connection, context.services, person_id, (before, state), context.now)


def _say_farewell(context: TurnContext) -> None:
    """What is said to someone who is erased goes out without the person."""
    person, services = context.person, context.services
    services.use.forget(person.id)
    people.save(context.connection, person)
    people.erase(context.connection, person.id, services.erased, week_of(context.now))
    to = (person.channel, person.address, person.language)
    said = [effect for effect, _ in context.out if isinstance(effect, Say)]
    replies.put_to(context.connection, to, context.now, *said)
    context.scrub = context.forgot = True
