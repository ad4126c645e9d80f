"""Commands that work in every question."""

from __future__ import annotations

from conversations.engine import taps
from conversations.engine.events import Command
from conversations.engine.turn import Turn


def command(turn: Turn, event: Command) -> None:
    state = turn.state
    if event.name == "help":
        turn.set(helped=True)
    else:
        turn.leave_pending()
    match event.name:
        case "help":
            turn.phrase("help_card")
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
