"""Takes edits of messages, and messages that are taken back."""

from __future__ import annotations

from conversations.engine.events import Edited, Revoked, Said
from conversations.engine.help_offer import care
from conversations.engine.intent import blank
from conversations.engine.messages.typed import (
    answer_open_question,
    offer,
    say_too_long,
    size,
)
from conversations.engine.questions import OTHER_MAX, story_max
from conversations.engine.state import Part
from conversations.engine.turn import Turn


def take_edit(turn: Turn, event: Edited) -> None:
    """An edit amends its own part; an edited answer is offered; a kept story is not touched."""
    with care(turn, event.text):
        if event.masked:
            turn.phrase("bsn_refused")
        _changed(turn, event)


def _changed(turn: Turn, event: Edited) -> None:
    state, ref = turn.state, event.ref
    answered = [name for name, given in state.answers.items() if ref and given.ref == ref]
    refused_at = dict(state.refused).get(ref)
    own = bool(ref) and any(part.ref == ref and part.text for part in state.draft)
    if blank(event.text) and own and state.mode == "asking" and turn.step.kind == "tell":
        turn.ask(mode="trimming")
    elif blank(event.text):
        turn.phrase("part_stays" if own and not state.kept else "unexpected_message")
        turn.again()
    elif state.kept:
        turn.phrase("edit_after_kept", *(() if state.open else ("stories",)))
        turn.again()
    elif own:
        _amended(turn, event)
    elif ref and (state.mode, state.pending[0]) == ("offering", ref):
        offer(turn, event)
    elif answered and len(event.text.strip()) > _most(turn, answered[0]):
        turn.unkept("", "too_long_answer", edited=ref, max=str(_most(turn, answered[0])))
        turn.again()
    elif answered:
        if state.pending[0] != answered[0]:
            turn.leave_pending()
        turn.ask(mode="editing", pending=(answered[0], event.text.strip()))
    elif refused_at:
        turn.set(refused=tuple(each for each in state.refused if each[0] != ref))
        _said_again(turn, event, refused_at)
    else:
        turn.phrase("unexpected_message")
        turn.again()


def _said_again(turn: Turn, event: Edited, asked: str) -> None:
    """Words that were not kept, changed by their writer: an answer to the question they came to, if
    it is still open, or a part of the story."""
    state = turn.state
    parts = (*state.draft, Part("text", event.text, event.ref))
    if asked == state.at and state.mode in ("asking", "other", "short", "trimming"):
        answer_open_question(turn, Said(event.text, event.ref))
    elif turn.guide.steps[asked].kind != "tell" or not state.open:
        turn.unkept(event.ref)
        turn.again()
    elif size(parts) > story_max(turn.guide):
        say_too_long(turn, event.ref)
    else:
        turn.tell(parts)
        _after_edit(turn)


def _amended(turn: Turn, event: Edited) -> None:
    state = turn.state
    parts = tuple(
        part.but(text=event.text) if part.ref == event.ref and part.text else part
        for part in state.draft
    )
    if size(parts) > story_max(turn.guide):
        turn.unkept("", "too_long_part", edited=event.ref, max=str(story_max(turn.guide)))
        turn.again()
        return
    turn.tell(parts)
    _after_edit(turn)


def _after_edit(turn: Turn) -> None:
    """The story reads otherwise now."""
    state = turn.state
    if state.carded:
        turn.card_again()
    elif turn.step.kind == "tell" and state.mode == "asking":
        if not turn.waits:
            turn.phrase("part_edited", "done")
    elif turn.step.kind == "sentence" and state.mode == "asking" and not turn.waits:
        turn.phrase("part_edited")
        turn.ask()  # other sentences may stand on its buttons now
    else:
        turn.phrase("part_edited")
        turn.again()


def take_back(turn: Turn, event: Revoked) -> None:
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
        _say_removed(turn, "part_removed")
    elif answered:
        name = answered[0]
        left = state.answers[name].but(text="", ref="")
        turn.set(answers={**state.answers, name: left}, consents={})
        _say_removed(turn, "answer_removed")
    elif ref and state.pending[0] == ref:
        turn.phrase("revoke_nothing")
        turn.ask(mode="asking")
    else:
        turn.set(refused=tuple(each for each in state.refused if each[0] != ref))
        turn.phrase("revoke_nothing")
        turn.again()


def _say_removed(turn: Turn, key: str) -> None:
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


def _most(turn: Turn, name: str) -> int:
    """The most characters of a typed answer to this question."""
    step = turn.guide.steps[name]
    return step.max if step.kind in ("text", "name", "sentence") else OTHER_MAX
