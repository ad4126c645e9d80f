"""Offers help before anything else after words that sound heavy. Nothing is concluded or remembered
but that the help card was shown, which asking to go on needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conversations.engine.questions import asks_weighty
from conversations.engine.turn import Turn


@contextmanager
def care(turn: Turn, text: str) -> Iterator[None]:
    """Around the answer to a text: help comes first, as the card once for each question and after
    that as its two most urgent lines. After the card a question that was open already waits until
    the teller goes on."""
    if not turn.guide.alarm(text, turn.state.language):
        yield
        return
    turn.phrase("help_card_short" if turn.state.helped else "help_card")
    turn.held = None if turn.state.helped else turn.state.turn
    turn.set(helped=True)
    yield
    waits, turn.held = turn.waits, None
    if waits and turn.state.mode == "asking" and asks_weighty(turn.guide, turn.state):
        turn.ask(mode="helping")  # a yes to going on must not be one to what is asked
    elif waits:
        turn.phrase("help_match", "continue", "later", "stop")
