"""The code of five words, typed on any device: it opens a story. Guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta

from bot.account.stories import _found, _menu
from bot.turns.context import TurnContext
from storage.stories import stories
from storage.vault.vault import looks_like_code, normal_code

ALMOST_A_CODE = range(4, 7)
"""How many words a text has that someone typed who was asked for five."""


TRIES = 5
"""Wrong codes of one person within `TRIES_WITHIN` before waiting."""


TRIES_WITHIN = timedelta(minutes=15)


def read_as_code(context: TurnContext, text: str, *, idle: bool) -> bool:
    """Open the story of which this text is the code, on any device. False when the text is to be
    read as something else: while telling, five words that are no code are part of the story."""
    asked = context.person.memory.code
    if asked and len(normal_code(text).split()) not in ALMOST_A_CODE:
        context.remember(code=False)
        return False
    if not asked and not looks_like_code(text):
        return False
    since = (context.now - TRIES_WITHIN).timestamp()
    tries = [at for at in context.person.memory.tries if at > since]
    if len(tries) < TRIES:
        story_id = stories.by_code(context.connection, context.services.vault, text)
        story = story_id and stories.read(context.connection, context.services.vault, story_id)
        if story:
            others = [known for known in _found(context) if known != story.id]
            context.remember(code=False, tries=(), found=(*others, story.id))
            with context.about(story.id):
                _menu(context, story)
            return True
        context.remember(tries=(*tries, context.now.timestamp()))
    if not (asked or idle):
        return False
    if len(tries) < TRIES:
        context.phrase("code_unknown")
    else:
        context.phrase("code_wait", minutes=str(int((tries[0] - since) // 60) + 1))
    return True
