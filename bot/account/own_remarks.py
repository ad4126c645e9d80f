"""What a teller said about a change, in the passport of the story, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.account_buttons import button_id
from bot.turns import consent, conversation
from bot.turns.context import TurnContext
from conversations.engine.effects import Button, Record
from storage.sensemaking import remarks
from storage.stories.stories import Story

_KEY = "own"
_KEYS = (_KEY, "remark")
"""The longer one stands in messages of before."""
_LENGTH = 8
"""Of the id of a change, in a button: what stands in one of Telegram is 64 bytes at most, of which
the turn takes eleven where somebody has no conversation but asks by a code."""


@dataclass(frozen=True, slots=True)
class RemarksShown:
    """The lines that tell of remarks, and a button for each."""

    lines: Sequence[str] = ()
    buttons: Sequence[Button] = ()


def is_remark(key: str) -> bool:
    """Whether a button of the passport is about a remark."""
    return key.startswith(_KEYS)


def listed(context: TurnContext, story: Story) -> RemarksShown:
    """The remarks of the story, with who may read them."""
    found = remarks.of_story(context.connection, story.id)
    if not found:
        return RemarksShown()
    lines = [context.words("passport_remarks")]
    lines += [f"“{each.text}”" for each in found]
    label = context.words("passport_remarks.take")
    buttons = [
        Button(button_id("back", _KEY + each.change_id[:_LENGTH], story.id), label)
        for each in found
    ]
    return RemarksShown(["\n".join(lines)], buttons)


def handle_tap(context: TurnContext, story: Story, action: str, key: str) -> None:
    """Ask whether a remark is to be taken back (`back`), or take it back."""
    connection, services = context.connection, context.services
    about = key[-_LENGTH:]
    found = remarks.of_story(connection, story.id)
    mine = next((each for each in found if each.change_id.startswith(about)), None)
    if action == "back":
        buttons = (
            Button(button_id("taken", key, story.id), context.words("take_back_ask.yes")),
            Button(button_id("stay", story.id), context.words("withdraw_ask.no")),
        )
        conversation.ask(context, "take_remark_ask", buttons)
        return
    if mine is None:
        context.phrase("old_button")
        return
    given = consent.consent(
        context,
        Record("contact", "no", context.words("take_remark_ask")),
        story.telling.guide,
        story.telling.fingerprint,
    )
    context.scrub |= remarks.take_back(
        connection, mine.change_id, story.id, replace(given, purpose="remark"), services.erased
    )
    context.phrase("taken_back")
