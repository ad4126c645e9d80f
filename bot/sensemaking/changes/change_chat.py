"""Whether a change does a teller justice, answered in the chat."""

from __future__ import annotations

from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from storage.sensemaking import changes
from storage.sensemaking.changes import JUSTICE_ANSWERS


class ChangeChat:
    """The room of the chat in which tellers answer. An answer can be changed at any time."""

    action = "change"
    link = "c"

    def follow(self, context: TurnContext, _code: str) -> bool:
        """No link leads here: only who was told can answer."""
        context.phrase("link_unknown")
        return True

    def tap(self, context: TurnContext, rest: list[str]) -> bool:
        """An answer of somebody who was told. The open question is asked again."""
        said, change_id = (*rest, "", "")[:2]
        answer = next((each for each in JUSTICE_ANSWERS if each == said), None)
        k = context.services.settings.privacy.small_number
        vault, person = context.services.vault, context.person.id
        kept = answer is not None and changes.keep_answer(
            context.connection, vault, change_id, person, answer, k
        )
        context.phrase("change_answered" if kept else "old_button")
        return True

    def words(self, _context: TurnContext, _asked: Say, _text: str) -> bool:
        """It asks for no words."""
        return False
