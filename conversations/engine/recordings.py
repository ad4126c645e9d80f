"""Recordings and pictures in the conversation: taken in, transcribed, checked and agreed to."""

from __future__ import annotations

from conversations.engine.attachments import Attached, gate, question, stripped, unagreed, unchecked
from conversations.engine.events import Sent, Transcribed
from conversations.engine.help_offer import care
from conversations.engine.state import Part, Status
from conversations.engine.turn import Turn

_PROBLEMS = {
    "too_long": "voice_too_long",
    "too_big": "file_too_big",
    "too_many": "file_too_many",
    "lost": "file_lost",
    "busy": "voice_busy",
}


def receive(turn: Turn, event: Sent, *, quiet: bool) -> None:
    """A recording or picture is a part of the story while telling; elsewhere a kind no. With
    `quiet` it is one of an album that was answered already."""
    state = turn.state
    if event.problem:
        said = _PROBLEMS.get(event.problem, f"{event.kind}_unreadable")
    elif state.mode != "asking" or turn.step.kind != "tell":
        said = f"{event.kind}_elsewhere"
    elif sum(len(part.text) for part in state.draft) >= turn.step.max:
        said = "story_full"
    else:
        if event.forwarded:
            turn.phrase("forwarded")
        _attach(turn, event, quiet)
        return
    if quiet:
        return
    if said == "story_full":
        turn.unkept(event.ref, "too_long_story", "done", "edit")
    else:
        turn.phrase(said)
        turn.ask(mode="resuming") if state.mode == "paused" else turn.again()


def _attach(turn: Turn, event: Sent, quiet: bool) -> None:
    photo = event.kind == "photo"
    kind: Attached = "photo" if photo else "voice"
    status: Status = "" if photo else "waiting" if event.heard else "unheard"
    agreed = {each: shown for each, shown in turn.state.agreed.items() if each != kind}
    turn.set(agreed=agreed)
    turn.tell((*turn.state.draft, Part(kind, "", event.ref, event.blob, status)))
    if not quiet:
        waits = "voice_queued" if event.ahead else "voice_received"
        said = {"unheard": "voice_as_sound", "waiting": waits}.get(status, "photo_received")
        turn.phrase(said, "done", n=str(event.ahead))


def take_transcription(turn: Turn, event: Transcribed) -> None:
    """A recording was transcribed, or could not be. Who waits for it sees it; others go on."""
    state = turn.state
    place = next(
        (
            place
            for place, part in enumerate(state.draft)
            if part.blob == event.blob and part.status == "waiting"
        ),
        None,
    )
    if place is None:
        return
    waited = gate(state) == "waiting"
    heard = Part(
        "voice",
        event.text,
        # Its words stand in no message of the teller, until they are corrected.
        "" if event.text else state.draft[place].ref,
        # A number that may not be kept can be heard in the recording.
        "" if event.masked else event.blob,
        "heard" if event.text else "unheard",
    )
    with care(turn, event.text):
        turn.tell((*state.draft[:place], heard, *state.draft[place + 1 :]))
        if event.masked:
            turn.phrase("bsn_refused")
        if state.mode == "asking" and turn.step.kind == "review" and waited:
            turn.open(turn.step)
        elif state.mode == "asking" and turn.step.kind == "tell" and not event.text:
            turn.phrase("voice_too_long" if event.problem == "too_long" else "voice_unheard")


def correct(turn: Turn, text: str, ref: str) -> None:
    """What the teller typed takes the place of what was heard, and can be edited in its message."""
    _checked(turn, text.strip(), ref)


def take_tap(turn: Turn, button: str) -> None:
    """A button of a question before the card."""
    asked = question(turn.guide, turn.state)
    label = next((each.label for each in asked.buttons if each.id == button), "")
    if (gate(turn.state), button) == ("checking", "no"):
        turn.phrase("transcript_type")
        return
    turn.mark(label)
    match gate(turn.state), button:
        case "checking", "drop":
            _checked(turn, None)
        case "checking", _:
            _checked(turn, turn.state.draft[unchecked(turn.state) or 0].text)
        case "waiting", _:
            parts = turn.state.draft
            turn.tell(tuple(_typed_instead(part) for part in parts))
            turn.open(turn.step)
        case _, _:
            _agreed(turn, asked.text, yes=button == "yes")


def _typed_instead(part: Part) -> Part:
    return part.but(status="unheard") if part.status == "waiting" else part


def _checked(turn: Turn, text: str | None, ref: str | None = None) -> None:
    """The first unchecked recording is this in words (typed in the message `ref`), or goes."""
    parts, place = turn.state.draft, unchecked(turn.state) or 0
    ref = parts[place].ref if ref is None else ref
    checked = () if text is None else (parts[place].but(text=text, ref=ref, status=""),)
    turn.tell((*parts[:place], *checked, *parts[place + 1 :]))
    turn.open(turn.step)


def _agreed(turn: Turn, shown: str, *, yes: bool) -> None:
    kind = unagreed(turn.state)
    if kind is None:
        raise ValueError("nothing is attached")
    if yes:
        turn.set(agreed={**turn.state.agreed, kind: shown})
    else:
        turn.tell(stripped(turn.state.draft, kind))
    turn.open(turn.step)
