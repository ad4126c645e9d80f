"""Typed messages, edits, and things that are not text."""

from __future__ import annotations

from dataclasses import replace

from conversations import commands, hearing, taps
from conversations.attached import ATTACHED, gate
from conversations.caring import care
from conversations.effects import Say
from conversations.events import Command, Edited, Said, Sent, Tapped
from conversations.meaning import button, command
from conversations.prompts import OTHER_MAX, SHOWN_PLACES, place_buttons, places_like, prompt
from conversations.state import Answer, Part
from conversations.turn import Turn
from conversations.weight import weighty

_REFUSALS = {
    "sticker": "sticker",
    "photo": "photo_not_possible",
    "voice": "voice_not_possible",
    "empty": "unexpected_message",
}

_WORDS_OF_THE_TELLER = {"tell": ("skip",), "text": ("skip", "done"), "name": ("skip", "done")}
"""Words that are a command elsewhere, but may be (part of) an answer to these questions."""


def said(turn: Turn, event: Said) -> None:
    """A message: a command, a button in words, or an answer to the open question."""
    if event.masked:
        turn.phrase("bsn_refused")
    fixed = command(turn.guide, event.text)
    if not event.text.strip():
        sent(turn, Sent("empty", event.ref, event.group))
    elif fixed and fixed not in _WORDS_OF_THE_TELLER.get(turn.step.kind, ()):
        commands.command(turn, Command(fixed))
    elif turn.state.mode == "paused":
        turn.ask(mode="resuming")
    elif meant := _button(turn, event.text):
        early = event.early or event.asked not in (0, turn.state.turn)
        if early and weighty(turn.guide, turn.state, meant):
            turn.phrase("tap_too_soon")
            turn.again()
        else:
            taps.tapped(turn, Tapped(turn.state.turn, meant, seen=None))
    else:
        _answered(turn, event)
        care(turn, event.text)


def _button(turn: Turn, text: str) -> str | None:
    """The button that a text means; while telling, every text is the story."""
    if turn.state.mode == "asking" and turn.step.kind == "tell":
        return None
    return button(turn.guide, prompt(turn.guide, turn.state).buttons, text)


def _answered(turn: Turn, event: Said) -> None:
    match turn.state.mode, turn.step.kind:
        case "over", _:
            turn.again()
        case "other", _:
            if _fits(turn, event.text, OTHER_MAX):
                taps.other(turn, event.text, event.ref)
        case "asking", "tell":
            _told(turn, event)
        case "asking", "text" | "name":
            if _fits(turn, event.text, turn.step.max):
                turn.mark("")
                turn.answer(Answer(text=event.text.strip(), ref=event.ref))
        case "asking", "choice" if turn.step.fill:
            _looked_up(turn, event.text)
        case "asking", "review" if gate(turn.state) == "checking":
            if _fits(turn, event.text, _story_max(turn)):
                turn.mark("")
                hearing.corrected(turn, event.text, event.ref)
        case "asking" | "offering", "choice" | "choices" if turn.step.other:
            _offered(turn, event.text, event.ref)
        case "asking", "consent":
            turn.phrase("consent_needs_answer")
            turn.again()
        case _:
            turn.choose()


def _offered(turn: Turn, text: str, ref: str) -> None:
    """Words that stand on no button may be "other, namely"."""
    picked, step = turn.state.picked, turn.step
    if step.kind == "choices" and "other" not in picked and len(picked) >= step.max:
        turn.phrase("max_reached", max=str(step.max))
        turn.again()
    elif _fits(turn, text, OTHER_MAX):
        turn.mark("")
        turn.ask(mode="offering", pending=(ref, text.strip()))


def _told(turn: Turn, event: Said) -> None:
    """A message of the story: a part of the draft, while there is room."""
    parts = (*turn.state.draft, Part("text", event.text, event.ref))
    if sum(len(part.text) for part in parts) > turn.step.max:
        turn.phrase("too_long_story", "done", "edit")
    else:
        turn.tell(parts)
        turn.phrase("part_received", "done")


def _fits(turn: Turn, text: str, most: int) -> bool:
    if len(text.strip()) <= most:
        return True
    turn.phrase("too_long_answer", max=str(most))
    turn.again()
    return False


def _most(turn: Turn, name: str) -> int:
    """The most characters of a typed answer to this question."""
    step = turn.guide.steps[name]
    return step.max if step.kind in ("text", "name") else OTHER_MAX


def _looked_up(turn: Turn, text: str) -> None:
    """The first letters of a municipality or team."""
    found = places_like(turn.guide, turn.state, turn.step, text)
    if len(found) == 1:
        taps.tapped(turn, Tapped(turn.state.turn, f"o:{found[0].id}", seen=None))
    elif found and len(found) <= SHOWN_PLACES:
        buttons = place_buttons(found, turn.step)
        turn.effects.append(Say(turn.guide.phrase("place_choose"), buttons, turn.state.turn))
    else:
        turn.phrase("place_many" if found else "place_none")
        turn.again()


def edited(turn: Turn, event: Edited) -> None:
    """An edit amends its own part; an edited answer is offered; a kept story is not touched."""
    _changed(turn, event)
    care(turn, event.text)


def _changed(turn: Turn, event: Edited) -> None:
    if event.masked:
        turn.phrase("bsn_refused")
    state, ref = turn.state, event.ref
    answered = [name for name, given in state.answers.items() if ref and given.ref == ref]
    if not event.text.strip():
        turn.phrase("unexpected_message")
        turn.again()
    elif state.kept:
        turn.phrase("edit_after_kept")
        turn.again()
    elif ref and any(part.ref == ref and part.text for part in state.draft):
        _amended(turn, event)
    elif answered and len(event.text.strip()) > _most(turn, answered[0]):
        turn.phrase("too_long_answer", max=str(_most(turn, answered[0])))
        turn.again()
    elif ref and (state.mode, state.pending[0]) == ("offering", ref):
        _offered(turn, event.text, ref)
    elif answered:
        turn.ask(mode="editing", pending=(answered[0], event.text.strip()))
    else:
        turn.phrase("unexpected_message")
        turn.again()


def _amended(turn: Turn, event: Edited) -> None:
    state = turn.state
    parts = tuple(
        replace(part, text=event.text) if part.ref == event.ref and part.text else part
        for part in state.draft
    )
    if sum(len(part.text) for part in parts) > _story_max(turn):
        turn.phrase("too_long_story")
        turn.again()
        return
    turn.tell(parts)
    if state.carded:
        turn.card_again()
    elif turn.step.kind == "tell" and state.mode == "asking":
        turn.phrase("part_edited", "done")
    else:
        turn.phrase("part_edited")
        turn.again()


def sent(turn: Turn, event: Sent) -> None:
    """A recording or picture is taken where there is room for it; anything else gets a kind no.
    The parts of one album share an answer."""
    quiet = bool(event.group) and event.group == turn.state.group
    turn.set(group=event.group)
    if event.kind in ATTACHED and (event.blob or event.problem):
        hearing.received(turn, event, quiet=quiet)
        return
    if quiet:
        return
    turn.phrase(_REFUSALS.get(event.kind, "file_not_possible"))
    if turn.state.mode == "paused":
        turn.ask(mode="resuming")
    else:
        turn.again()


def _story_max(turn: Turn) -> int:
    """The most characters of a story."""
    return next(step.max for step in turn.guide.steps.values() if step.kind == "tell")
