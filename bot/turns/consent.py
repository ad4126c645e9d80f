"""Keeps a story, and records the consent it is kept under."""

from __future__ import annotations

from bot.turns.context import TurnContext
from conversations.engine.effects import Keep, Record
from conversations.guide.model import fill_slots
from storage.stories import stories
from storage.stories.consents import ConsentRecord
from storage.stories.stories import ReturnAddress
from storage.weeks import week_of


def keep(context: TurnContext, effect: Keep, yes: Record) -> None:
    """Keep the story, in the turn in which that was answered with yes."""
    state = context.open_state
    story_id, _ = stories.keep(
        context.connection,
        effect.telling,
        consent(context, yes, state.guide, state.fingerprint),
        week_of(context.now),
        context.person.id,
        state.story or None,
    )
    context.own(story_id)
    context.state = state.but(story=story_id)
    context.services.on_story_kept(context.connection, context.person, state.guide, context.now)


def record(context: TurnContext, effect: Record) -> None:
    """Note an answer for one more purpose of the kept story."""
    state, services = context.open_state, context.services
    given = consent(context, effect, state.guide, state.fingerprint)
    stories.record(context.connection, state.story, given, return_address(context), services.erased)
    if effect.purpose == "relay" and effect.answer == "yes":
        told = state.story, week_of(context.now)
        services.on_relay(context.connection, context.person, told, context.now)
    if effect.purpose == "contact" and effect.answer == "yes":
        context.promise("story", state.story)


def consent(context: TurnContext, answered: Record, guide: str, fingerprint: str) -> ConsentRecord:
    """An answer to a consent question, with the terms it was given under."""
    organisation = context.services.settings.organisation
    return ConsentRecord(
        purpose=answered.purpose,
        answer=answered.answer,
        shown=answered.shown,
        at=context.now,
        language=context.person.language,
        guide=guide,
        fingerprint=fingerprint,
        channel=context.person.channel,
        controller=organisation.name,
        recipients=organisation.recipients,
        retention=f"{context.services.settings.retention.stories_months} months",
        ground=organisation.legal_ground,
    )


def return_address(context: TurnContext) -> ReturnAddress:
    """Where the person hears what was done with a story."""
    person = context.person
    return ReturnAddress(person.id, person.channel, person.address, person.language)


def with_code(context: TurnContext, text: str) -> str:
    """A text with the code of the story that was kept just now."""
    code = stories.code_of(context.connection, context.open_state.story) or ""
    return fill_slots(text, {"code": code})
