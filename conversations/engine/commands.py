"""Commands that work in every question."""

from __future__ import annotations

from conversations.engine import taps
from conversations.engine.events import Command
from conversations.engine.help_offer import care
from conversations.engine.intent import plain, polite
from conversations.engine.turn import Turn


def command(turn: Turn, event: Command) -> None:
    """Do what it says. Words behind it are looked at for asking help, and are kept nowhere."""
    if event.name == "help":
        _obey(turn, event)
        return
    with care(turn, event.beside):
        _leave(turn, event.beside)
        _obey(turn, event)


def _leave(turn: Turn, beside: str) -> None:
    if plain(beside) and not polite(turn.guide, beside):
        turn.unkept("")


def _obey(turn: Turn, event: Command) -> None:
    state = turn.state
    if event.name == "help":
        turn.set(helped=True)
    else:
        turn.leave_pending()
    match event.name:
        case "help":
            turn.phrase("help_card")
            _leave(turn, event.beside)
            if state.open:
                turn.again()
        case _ if state.mode == "over":
            turn.again()
        case "stop":
            turn.ask(mode="stopping")
        case _ if state.mode in ("paused", "resuming"):
            turn.ask(mode="resuming")
        case "back" if state.mode != "asking":
            turn.ask(mode="asking")
        case "back":
            turn.back()
        case "done" | "skip":
            taps.by_command(turn, event.name)
