"""The state machine: `step(guide, state, event)` gives the next state and the effects.

`step(guide, state, event) -> (state, effects)` is pure. Whatever comes in, the teller gets an
answer, and the open question stays open until it is answered.
"""

from __future__ import annotations

from conversations.engine import commands, recordings, taps
from conversations.engine.effects import Begin, Effect, Forget
from conversations.engine.events import (
    Aside,
    Asked,
    Command,
    Due,
    Edited,
    Event,
    LanguageChosen,
    Placed,
    Returned,
    Revoked,
    Said,
    Sent,
    Start,
    Tapped,
    Transcribed,
)
from conversations.engine.messages import edits, typed
from conversations.engine.questions import asks_weighty
from conversations.engine.state import State
from conversations.engine.turn import Turn
from conversations.engine.way.dutch_parts import with_dutch_parts
from conversations.guide.model import Guide


def step(guide: Guide, state: State | None, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Take one event. `guide` is the guide of the state, in the language the teller reads.

    A conversation begins with `Start` (its `state` is not looked at) and is over when the state is
    no longer open. Raises ValueError for another event without a state.
    """
    if isinstance(event, Start):
        guide = guide.worded(event.wording)
        turn = Turn(guide, _begun(guide, event))
        turn.advance(turn.state.at)
        return turn.state, with_dutch_parts(guide, turn.state.facts, turn.effects)
    if state is None:
        raise ValueError("a conversation begins with Start")
    turn = Turn(guide.worded(state.wording), state)
    match event:
        case Said() | Edited() | Revoked() | Sent():
            _message(turn, event)
        case Transcribed():
            recordings.take_transcription(turn, event)
        case Tapped() | Placed():
            taps.take(turn, event)
        case Command():
            commands.command(turn, event)
        case LanguageChosen():
            facts = {**turn.state.facts, **event.facts}
            turn.set(language=guide.language, facts=facts)
            turn.phrase("language_changed")
            turn.again()
        case Returned():
            _returned(turn)
        case Asked():
            turn.again()
        case Aside():
            turn.make_way()
        case Due():
            _due(turn, event)
    return turn.state, with_dutch_parts(guide, turn.state.facts, turn.effects)


def _message(turn: Turn, event: Said | Edited | Revoked | Sent) -> None:
    """What the teller typed, changed, took back, or sent that is not text."""
    match event:
        case Said():
            typed.take_text(turn, event)
        case Edited():
            edits.take_edit(turn, event)
        case Revoked():
            edits.take_back(turn, event)
        case Sent():
            typed.take_file(turn, event)


def _begun(guide: Guide, event: Start) -> State:
    state = State(guide.id, guide.fingerprint, guide.language, guide.first.id)
    return state.but(turn=event.turn, facts=event.facts, wording=event.wording)


def _returned(turn: Turn) -> None:
    """The teller came in again: an open story is offered, never started over unasked."""
    state = turn.state
    if not state.open:
        turn.effects.append(Begin())
    elif state.path or state.draft:
        turn.leave_pending()
        turn.ask(mode="resuming")
    else:
        turn.again()


def _due(turn: Turn, event: Due) -> None:
    """One gentle reminder, and in the end forgetting. A stale timer changes nothing."""
    state = turn.state
    if event.turn != state.turn or not state.open:
        return
    if event.timer == "forget":
        turn.forget(Forget(expired=not state.kept))
    elif not state.reminded and not state.kept:
        turn.set(reminded=True)
        if asks_weighty(turn.guide, state):  # a yes to going on must not be one to what is asked
            turn.leave_pending()
            turn.phrase("reminder_draft")
            turn.ask(mode="resuming")
        else:
            turn.phrase("reminder_draft", "continue", "erase")
