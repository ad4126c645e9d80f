"""Keeping a story: the consent it is kept under, and who hears what was done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.meetings import told
from conversations.effects import Keep, Record
from conversations.guide import fill_slots
from storage import stories
from storage.consents import ConsentRecord
from storage.stories import ReturnAddress
from storage.weeks import week_of

if TYPE_CHECKING:
    from bot.scene import Scene


def keep(scene: Scene, effect: Keep, yes: Record) -> None:
    """Keep the story, in the turn in which that was answered with yes."""
    state = scene.open_state
    story_id, _ = stories.keep(
        scene.connection,
        scene.house.vault,
        effect.telling,
        consent(scene, yes, state.guide, state.fingerprint),
        week_of(scene.now),
        scene.person.id,
        state.story or None,
    )
    scene.own(story_id)
    scene.state = state.but(story=story_id)
    told.kept(scene.connection, scene.person, state.guide, scene.now)


def record(scene: Scene, effect: Record) -> None:
    """Note an answer for one more purpose of the kept story."""
    state, house = scene.open_state, scene.house
    given = consent(scene, effect, state.guide, state.fingerprint)
    stories.record(
        scene.connection, house.vault, state.story, given, return_address(scene), house.erased
    )


def consent(scene: Scene, answered: Record, guide: str, fingerprint: str) -> ConsentRecord:
    """An answer to a consent question, with the terms it was given under."""
    organisation = scene.house.settings.organisation
    return ConsentRecord(
        purpose=answered.purpose,
        answer=answered.answer,
        shown=answered.shown,
        at=scene.now,
        language=scene.person.language,
        guide=guide,
        fingerprint=fingerprint,
        channel=scene.person.channel,
        controller=organisation.name,
        recipients=organisation.recipients,
        retention=f"{scene.house.settings.retention.stories_months} months",
        ground=organisation.legal_ground,
    )


def return_address(scene: Scene) -> ReturnAddress:
    """Where the person hears what was done with a story."""
    person = scene.person
    return ReturnAddress(person.id, person.channel, person.address, person.language)


def with_code(scene: Scene, text: str) -> str:
    """A text with the code of the story that was kept just now."""
    code = stories.code_of(scene.connection, scene.house.vault, scene.open_state.story) or ""
    return fill_slots(text, {"code": code})
