"""Who can help, shown once more after words that sound heavy. Nothing is concluded or remembered
but that the help card was shown, which asking for it does too."""

from __future__ import annotations

from conversations.effects import Button, Say
from conversations.safety import worrying
from conversations.turn import Turn


def care(turn: Turn, text: str) -> None:
    """After a typed text has been answered: once in a conversation, show who can help and ask
    whether to go on."""
    state, guide = turn.state, turn.guide
    if state.helped or not worrying(text, state.language):
        return
    turn.set(helped=True)
    names = ("continue", "later", "stop") if state.open else ()
    buttons = tuple(Button(name, guide.phrase(f"help_match.{name}")) for name in names)
    words = f"{guide.phrase('help_match')}\n\n{guide.phrase('help_card')}"
    turn.effects.append(Say(words, buttons, turn.state.turn if names else 0))
