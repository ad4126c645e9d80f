"""Serialises effects and arrivals as JSON, as they lie (sealed) in outbox and inbox."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

import orjson

from bot.channels.base import (
    Account,
    Arrival,
    Blocked,
    Clear,
    Document,
    Echo,
    Group,
    Leave,
    Letter,
    Photo,
)
from conversations.engine.effects import Button, Card, CardRow, Control, Highlight, Mark, Say, Tick
from conversations.engine.events import (
    Command,
    Edited,
    LanguageChosen,
    Placed,
    Returned,
    Said,
    Sent,
    Tapped,
)
from storage.outbox import outbox
from storage.outbox.outbox import Kind

Deliverable = Say | Mark | Tick | Echo | Leave | Document | Letter | Photo | Clear

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
    Photo: "photo",
    Clear: "clear",
}

_NAMES = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (*KINDS, Button, Card, CardRow, Control, Highlight)
}
_EVENTS = {
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
        Account,
        Blocked,
        Group,
    )
}


_PLAIN = (str, int, float)
_MADE = ("event", "kind", "echo", "file")


def effect_to_json(effect: Deliverable) -> dict[str, Any]:
    """What `effect_from_json` reads; without the empty fields."""
    return {name: _plain(value) for name, value in _fields(effect).items() if value}


def effect_from_json(kind: str, data: dict[str, Any]) -> Deliverable:
    """Raises TypeError, KeyError or ValueError when it is no such effect."""
    match kind:
        case "say":
            return Say(
                text=data.get("text", ""),
                buttons=_buttons(data),
                turn=data.get("turn", 0),
                control=_control(data["control"]) if "control" in data else None,
                slots=tuple(data.get("slots", ())),
                weighty=tuple(data.get("weighty", ())),
            )
        case "mark":
            return Mark(data.get("turn", 0), data.get("chosen", ""))
        case "tick":
            return Tick(data.get("turn", 0), _buttons(data))
        case "echo":
            return Echo(data.get("text", ""), data.get("ref", ""), data.get("kind", ""))
        case "document":
            return Document(**data)
        case "letter":
            return Letter(**data)
        case "photo":
            return Photo(**data)
        case "clear":
            return Clear(tuple(data["refs"]))
        case "leave":
            return Leave()
    raise ValueError(f"{kind} is no effect that can be delivered")


def arrival_to_json(arrival: Arrival) -> dict[str, Any]:
    """What `arrival_from_json` reads."""
    return {**asdict(without_file(arrival)), "kind": type(arrival.event).__name__}


def arrival_from_json(data: dict[str, Any]) -> Arrival:
    event = dict(data["event"])
    if "shares" in event:
        event["shares"] = tuple(event["shares"])
    made = _EVENTS[data["kind"]](**event)
    rest = {name: value for name, value in data.items() if name not in _MADE}
    echo = data.get("echo")
    return Arrival(event=made, echo=echo and Echo(**echo), **rest)


def _plain(value: object) -> object:
    """A value as JSON would give it back."""
    if isinstance(value, _PLAIN):
        return value
    try:
        return orjson.loads(orjson.dumps(value))
    except TypeError:  # half a character
        return json.loads(json.dumps(value, default=_fields))


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _NAMES[type(value)]}


def _buttons(data: dict[str, Any]) -> tuple[Button, ...]:
    return tuple(Button(**button) for button in data.get("buttons", ()))


def _control(data: dict[str, Any]) -> Control:
    card = data.get("card")
    return Control(
        kind=data["kind"],
        poles=tuple(data.get("poles", ())),
        shares=tuple(data.get("shares", ())),
        max=data.get("max", 0),
        card=card and _card(card),
    )


def _card(data: dict[str, Any]) -> Card:
    return Card(
        name=data["name"],
        text=data["text"],
        rows=tuple(map(_card_row, data["rows"])),
        name_highlights=_highlights(data, "name_highlights"),
        highlights=_highlights(data),
    )


def _card_row(row: dict[str, Any]) -> CardRow:
    return CardRow(
        row["label"],
        row["value"],
        tuple(row["poles"]),
        tuple(row["shares"]),
        _highlights(row),
    )


def _highlights(data: dict[str, Any], key: str = "highlights") -> tuple[Highlight, ...]:
    return tuple(Highlight(**each) for each in data.get(key, ()))


def without_file(arrival: Arrival) -> Arrival:
    """The arrival as it can be tried again: what came with it is asked for once more."""
    if arrival.file is None or not isinstance(arrival.event, Sent):
        return arrival
    return replace(arrival, event=replace(arrival.event, problem="lost"), file=None)
