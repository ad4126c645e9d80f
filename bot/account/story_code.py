"""The code of five words, typed on any device: it opens a story. Guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta

from bot.account.stories import _found, _menu
from bot.turns.context import TurnContext
from conversations.engine.questions import takes_words
from storage.stories import stories
from storage.vault.vault import ALMOST_A_CODE, looks_like_code, normal_code, unknown_words

TRIES = 5
"""Wrong codes of one person within `TRIES_WITHIN` before waiting."""


TRIES_WITHIN = timedelta(minutes=15)


def read_as_code(context: TurnContext, text: str) -> bool:
    """Open the story of which this text is the code, on any device. False when the text is to be
    read as something else: while telling, five words that are no code are part of the story."""
    asked, unknown = context.person.memory.code, unknown_words(text)
    tried = unknown is not None and not _asks_words(context)
    if asked and len(normal_code(text).split()) not in ALMOST_A_CODE:
        if not context.person.memory.stands:  # else it is asked again, unless words find a place
            context.remember(code=False)
        return False
    if not (asked or tried or looks_like_code(text)):
        return False
    since = (context.now - TRIES_WITHIN).timestamp()
    tries = [at for at in context.person.memory.tries if at > since]
    if len(tries) < TRIES:
        story_id = stories.by_code(context.connection, text)
        story = story_id and stories.read(context.connection, story_id)
        if story:
            others = [known for known in _found(context) if known != story.id]
            context.remember(code=False, tries=(), found=(*others, story.id))
            with context.about(story.id):
                _menu(context, story)
            return True
        context.remember(tries=(*tries, context.now.timestamp()))
    if not (asked or tried):
        return False
    if len(tries) < TRIES and unknown:
        words = ", ".join(unknown)
        context.phrase("code_unknown_words", (), words=words)
    elif len(tries) < TRIES:
        context.phrase("code_unknown")
    else:
        context.phrase("code_wait", minutes=str(int((tries[0] - since) // 60) + 1))
    return True


def _asks_words(context: TurnContext) -> bool:
    """Whether words of one's own are asked: in the open question, after a meeting, or to plan
    one."""
    state, memory = context.state, context.person.memory
    if state is not None and state.open:
        guide = context.services.shelf.of(context.connection, state, context.person.language)
        return takes_words(guide, state)
    return memory.prompted or bool(memory.planning)
