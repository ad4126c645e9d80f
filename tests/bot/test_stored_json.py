"""What lies in a store as JSON, against lines that an earlier version wrote: today's code reads
them and writes the very same bytes, so that processes of two versions can share one database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.base import Account, Echo
from bot.codec import (
    KINDS,
    arrival_from_json,
    arrival_to_json,
    effect_from_json,
    effect_to_json,
)
from conversations.engine.events import Sent, Tapped
from conversations.engine.state import Answer, Clue, Part, State

_FILE = Path(__file__).with_name("stored_json.txt")
LINES = [
    (kind, text.encode())
    for kind, _, text in (line.partition("\t") for line in _FILE.read_text("utf-8").split("\n"))
    if kind
]


def read(kind: str, text: bytes) -> Any:
    match kind:
        case "state":
            return State.from_json(text)
        case "arrival":
            return arrival_from_json(msgspec.json.decode(text))
        case _:
            return effect_from_json(kind, msgspec.json.decode(text))


def written(kind: str, value: Any) -> bytes:
    match kind:
        case "state":
            return State.to_json(value).encode()
        case "arrival":
            return msgspec.json.encode(arrival_to_json(value))
        case _:
            return msgspec.json.encode(effect_to_json(value))


@pytest.mark.parametrize(("kind", "text"), LINES)
def test_what_was_stored_is_read_and_written_the_same(kind: str, text: bytes) -> None:
    assert written(kind, read(kind, text)) == text


@pytest.mark.parametrize(("kind", "text"), LINES)
def test_a_field_of_a_later_version_is_passed_over(kind: str, text: bytes) -> None:
    later = msgspec.json.encode({**msgspec.json.decode(text), "later": [1]})
    assert read(kind, later) == read(kind, text)


def test_every_kind_of_effect_and_event_is_among_the_lines() -> None:
    assert {kind for kind, _ in LINES} == {"state", "arrival", *KINDS.values()}
    events = {msgspec.json.decode(text)["kind"] for kind, text in LINES if kind == "arrival"}
    assert events == {
        "Said", "Edited", "Tapped", "Placed", "Sent", "Command", "LanguageChosen", "Returned",
        "Account", "Blocked", "Group",
    }  # fmt: skip


def test_every_field_of_a_state_is_in_the_first_line() -> None:
    state = read(*LINES[0])
    blank = State("", "", "", "")
    same = [
        name for name in blank.__struct_fields__ if getattr(state, name) == getattr(blank, name)
    ]
    assert same == []
    assert state.answers["pull"] == Answer(shares=(20, 30, 50))
    assert state.draft[1] == Part("voice", "Zij hielp mij.", "6", "b1", "heard")
    assert state.clues[1] == Clue("name", 0, 4, "Sem", "[naam]")


def test_the_oldest_states_are_read() -> None:
    """Of before there were clues, agreements and refused messages; and the least that there was."""
    least = b'{"guide":"resident","fingerprint":"f","language":"nl","at":"tell","draft":[]}'
    assert State.from_json(least) == State("resident", "f", "nl", "tell")
    whole = msgspec.json.decode(LINES[0][1])
    older = ("clues", "agreed", "refused", "helped", "heard", "story")
    fresh = State("", "", "", "")
    for name in older:
        without = msgspec.json.encode({k: v for k, v in whole.items() if k != name})
        assert State.from_json(without) == read(*LINES[0]).but(**{name: getattr(fresh, name)})


def test_the_oldest_arrivals_are_read() -> None:
    text = b'{"channel":"web","external_id":"1","address":"a","event":{%s},"kind":"%s"}'
    tap = read("arrival", text % (b'"turn":3,"button":"o:yes"', b"Tapped"))
    assert (tap.event, tap.event.seen, tap.echo) == (Tapped(3, "o:yes"), 0, None)
    assert read("arrival", text % (b'"kind":"photo"', b"Sent")).event == Sent("photo")
    assert read("arrival", text % (b'"name":"erase"', b"Account")).event == Account("erase")
    echoed = text.replace(b"%s}", b'%s},"echo":{"text":"Dag"}')
    assert read("arrival", echoed % (b'"text":"Dag"', b"Said")).echo == Echo("Dag")


BROKEN: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (effect_from_json, ("nothing", {})),
    (effect_from_json, ("say", {"text": 1})),
    (effect_from_json, ("say", {"buttons": [{"id": "o:yes"}]})),
    (effect_from_json, ("clear", {})),
    (arrival_from_json, ({"kind": "Said", "event": {}},)),
    (arrival_from_json, ({"kind": "Farewell", "event": {}},)),
    (arrival_from_json, ({"kind": "Group", "event": {}},)),
]


@pytest.mark.parametrize(("way", "given"), BROKEN)
def test_what_was_never_written_so_is_refused(way: Callable[..., Any], given: tuple[Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        way(*given)
