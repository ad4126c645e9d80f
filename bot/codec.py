"""Serialises effects and arrivals as JSON, as they lie (sealed) in outbox and inbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import convert, json, to_builtins

from bot.channels.base import (
    Account,
    Arrival,
    Bell,
    Blocked,
    Clear,
    Document,
    Echo,
    Group,
    Leave,
    Letter,
    Moved,
    Photo,
)
from conversations.engine.effects import Mark, Say, Tick
from conversations.engine.events import (
    Command,
    Edited,
    Event,
    LanguageChosen,
    Placed,
    Returned,
    Revoked,
    Said,
    Sent,
    Tapped,
)
from storage.outbox import outbox
from storage.outbox.outbox import Kind

Deliverable = Say | Mark | Tick | Echo | Leave | Document | Letter | Bell | Photo | Clear

Out = tuple[Deliverable, str | None]
"""What is to be said, and the kept story (or SEVERAL) that it tells of."""
Fresh = tuple[outbox.OutboxMessage, Deliverable]
"""A row that was just put, and what it says."""

KINDS: dict[type[Deliverable], Kind] = {
    Say: "say",
    Mark: "mark",
    Tick: "tick",
    Echo: "echo",
    Leave: "leave",
    Document: "document",
    Letter: "letter",
    Bell: "letter",
    Photo: "photo",
    Clear: "clear",
}

_EFFECTS: dict[str, type[Deliverable]] = {
    name: kind for kind, name in KINDS.items() if kind is not Bell
}
_EVENTS: dict[str, type[Event | Account | Blocked | Group | Moved]] = {
    kind.__name__: kind
    for kind in (
        Said,
        Edited,
        Tapped,
        Placed,
        Sent,
        Command,
        LanguageChosen,
        Returned,
        Revoked,
        Account,
        Blocked,
        Group,
        Moved,
    )
}
_WORDS = ("channel", "external_id", "address", "language", "ref", "tapped", "label", "query")
_LATER = ("label", "query", "alias", "heard", "stood")
"""Fields that versions before did not write: an empty one is not stored."""

_EMPTY = {"text": "", "turn": 0, "chosen": "", "buttons": (), "caption": ""}
"""Fields that have no default; an empty one is not stored either."""


def effect_to_json(effect: Deliverable) -> dict[str, Any]:
    """What `effect_from_json` reads, as JSON gives it back; without the empty fields."""
    whole = json.decode(json.encode(effect))
    if card := (whole.get("control") or {}).get("card"):
        _as_before(card)
    return {name: value for name, value in whole.items() if value}


def _as_before(card: dict[str, Any]) -> None:
    """A card as versions before wrote it, where it says nothing more."""
    lit = [*card["name_highlights"], *card["highlights"]]
    lit += [each for row in card["rows"] for each in row["highlights"]]
    for part, names in (
        (card, ("name_step", "text_step")),
        *((row, ("step",)) for row in card["rows"]),
    ):
        for name in names:
            if not part[name]:
                del part[name]
    for each in lit:
        if not each["clue"]:
            del each["clue"]


def effect_from_json(kind: str, data: dict[str, Any]) -> Deliverable:
    """Raises KeyError or ValueError when it is no such effect."""
    if kind == "letter" and "link" in data:  # a bell lies beside the letters
        return convert(data, Bell)
    return convert({**_EMPTY, **data}, _EFFECTS[kind])


def arrival_to_json(arrival: Arrival) -> dict[str, Any]:
    """What `arrival_from_json` reads."""
    whole = to_builtins(without_file(arrival))
    unknown = [name for name in _LATER if not whole[name]]
    if whole["echo"] and not whole["echo"]["blob"]:  # as versions before wrote it
        del whole["echo"]["blob"]
    if not whole["event"].get("beside", True):
        del whole["event"]["beside"]
    rest = {name: each for name, each in whole.items() if name not in unknown}
    return {**rest, "kind": type(arrival.event).__name__}


def arrival_from_json(data: dict[str, Any]) -> Arrival:
    """Raises KeyError, TypeError or ValueError when it is no arrival."""
    event = convert(data["event"], _EVENTS[data["kind"]])
    echo = convert(data.get("echo"), Echo | None)
    rest = {name: data[name] for name in (*_WORDS, "alias", "heard", "stood") if name in data}
    return Arrival(event=event, echo=echo, **rest)


def without_file(arrival: Arrival) -> Arrival:
    """The arrival as it can be tried again: what came with it is asked for once more."""
    if arrival.file is None or not isinstance(arrival.event, Sent):
        return arrival
    return replace(arrival, event=replace(arrival.event, problem="lost"), file=None)
