"""Attachments in a story: what must be heard, checked and agreed to before its card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from conversations.engine.effects import Button, CardFile, CardRow, Control, Record, Say
from conversations.engine.state import Part, State
from conversations.guide.model import Guide

Attached = Literal["voice", "photo"]
Gate = Literal["", "checking", "waiting", "attaching"]

ATTACHED: tuple[Attached, ...] = ("voice", "photo")
"""What of a story is no text. Each kind that stays needs a consent of its own."""


def gate(state: State) -> Gate:
    """What stands between the teller and the card: a text to check, one that is still being
    transcribed, or the question whether the sound or the picture itself may stay. That comes last,
    when it is decided which words go."""
    if all(part.kind == "text" for part in state.draft):
        return ""
    if unchecked(state) is not None:
        return "checking"
    if any(part.status == "waiting" for part in state.draft):
        return "waiting"
    undecided = any(not clue.stays for clue in state.clues)
    return "attaching" if unagreed(state) and not undecided else ""


def unchecked(state: State) -> int | None:
    """The place in the draft of the first recording whose text the teller has not seen."""
    places = (place for place, part in enumerate(state.draft) if part.status in _TO_CHECK)
    return next(places, None)


def unagreed(state: State) -> Attached | None:
    """The first kind of which the teller was not yet asked whether it may stay."""
    return next((kind for kind in kinds(state) if kind not in state.agreed), None)


def kinds(state: State) -> Iterator[Attached]:
    """The kinds of sound and pictures in the draft."""
    for kind in ATTACHED:
        if any(part.kind == kind and part.blob for part in state.draft):
            yield kind


def stripped(parts: tuple[Part, ...], kind: Attached) -> tuple[Part, ...]:
    """The story without its recordings or pictures; what was transcribed of them stays."""
    bare = (part.but(blob="") if part.kind == kind else part for part in parts)
    return tuple(part for part in bare if part.text or part.blob)


def agreements(state: State) -> tuple[Record, ...]:
    """The consents that were given for what is attached, with the words that were shown."""
    return tuple(
        Record(kind, "yes", state.agreed[kind]) for kind in kinds(state) if kind in state.agreed
    )


def attached_rows(guide: Guide, state: State) -> Iterator[CardRow]:
    """What the card says about sound and pictures."""
    for kind in kinds(state):
        count = sum(1 for part in state.draft if part.kind == kind and part.blob)
        added = guide.phrase("card_attached", {"n": str(count)})
        yield CardRow(guide.phrase(f"card_{kind}"), added)


def files(parts: Iterable[Part]) -> tuple[CardFile, ...]:
    """The recordings and pictures in (some parts of) a story."""
    return tuple(
        CardFile(part.kind, part.blob) for part in parts if part.blob and part.kind != "text"
    )


def wordless(guide: Guide, state: State) -> str:
    """What the card says in the place of a story that has no text; empty without anything."""
    kind = next(kinds(state), None)
    return guide.phrase(f"card_only_{kind}") if kind else ""


def name_of(guide: Guide, part: Part) -> str:
    """A part in words, also when it has none of its own."""
    return part.text or guide.phrase(f"card_{part.kind}")


def question(guide: Guide, state: State) -> Say:
    """What is asked before the card, with the recording or pictures that it is about."""
    about: tuple[Part, ...] = ()
    match gate(state):
        case "checking":
            part = state.draft[unchecked(state) or 0]
            about = (part,)
            if part.status == "heard":
                buttons = _buttons(guide, "transcript_check", yes="ok", no="change", drop="drop")
                text = f"{guide.phrase('transcript_check', state.facts)}\n\n{part.text}"
            else:
                buttons = _buttons(guide, "transcript_none", leave="leave", drop="drop")
                text = guide.phrase("transcript_none", state.facts)
        case "waiting":
            buttons = _buttons(guide, "voice_waiting", type="type", later="later")
            text = guide.phrase("voice_waiting", state.facts)
        case _:
            kind = unagreed(state)
            about = tuple(part for part in state.draft if part.kind == kind)
            buttons = _buttons(guide, f"{kind}_agree", yes="yes", no="no")
            says_more = kind == "voice" and any(part.status == "reworded" for part in state.draft)
            text = guide.phrase("voice_says_more" if says_more else f"{kind}_agree", state.facts)
    return Say(text, buttons, state.turn, Control("buttons"), files=files(about))


def _buttons(guide: Guide, key: str, **labels: str) -> tuple[Button, ...]:
    return tuple(Button(name, guide.phrase(f"{key}.{label}")) for name, label in labels.items())


_TO_CHECK = ("heard", "unheard")
