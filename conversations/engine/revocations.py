"""Takes back what its writer took back: a part of the story, or an answer in words."""

from __future__ import annotations

from conversations.engine.events import Revoked
from conversations.engine.turn import Turn


def take_revoked(turn: Turn, event: Revoked) -> None:
    """The part or answer that came in this message goes, and that is said. A kept story is not
    touched: its teller is told how it goes."""
    state, ref = turn.state, event.ref
    answered = [name for name, given in state.answers.items() if ref and given.ref == ref]
    own = bool(ref) and any(part.ref == ref for part in state.draft)
    if state.kept:
        turn.phrase("revoke_after_kept", *(() if state.open else ("stories",)))
        turn.again()
    elif own:
        turn.tell(tuple(part for part in state.draft if part.ref != ref))
        _say_so(turn, "part_removed")
    elif answered:
        name = answered[0]
        left = state.answers[name].but(text="", ref="")
        turn.set(answers={**state.answers, name: left}, consents={})
        _say_so(turn, "answer_removed")
    elif ref and state.pending[0] == ref:
        turn.phrase("revoke_nothing")
        turn.ask(mode="asking")
    else:
        turn.set(refused=tuple(each for each in state.refused if each[0] != ref))
        turn.phrase("revoke_nothing")
        turn.again()


def _say_so(turn: Turn, key: str) -> None:
    """The story reads otherwise now: after the card, the card and the consents once more."""
    if turn.state.carded:
        turn.phrase(key)
        turn.set(consents={}, path=(), fixing=True)
        turn.advance(turn.guide.first.id)
    elif turn.state.open and turn.step.kind == "tell" and turn.state.mode == "asking":
        turn.phrase(key, *(("done",) if turn.state.draft else ()))
        if not turn.state.draft:
            turn.again()
    elif turn.state.open and turn.step.kind == "sentence" and turn.state.mode == "asking":
        turn.phrase(key)
        turn.ask()
    else:
        turn.phrase(key)
        turn.again()
