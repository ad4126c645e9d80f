import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Account, Document, Echo, Leave, Outgoing
from bot.channels.web.frames import (
    MAX_TEXT,
    BadFrame,
    Hello,
    Message,
    Ping,
    external_id,
    read_frame,
    row_frame,
)
from conversations.engine.card import card_text
from conversations.engine.effects import Button, Card, CardRow, Control, Mark, Progress, Say, Tick
from conversations.engine.events import Command, Edited, Placed, Said, Tapped


def read(**frame: object) -> object:
    found = read_frame(json.dumps({"id": "a-1", **frame}))
    assert isinstance(found, Message)
    assert found.id == "a-1"
    return found.event


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        ({"t": "say", "text": "Dag"}, Said("Dag", "a-1")),
        ({"t": "say", "text": "een\r\ntwee"}, Said("een\ntwee", "a-1")),
        ({"t": "say", "text": "/terug"}, Command("back")),
        ({"t": "say", "text": "/taal en"}, Account("language", "en")),
        ({"t": "edit", "ref": "b-2", "text": "Anders"}, Edited("Anders", "b-2")),
        ({"t": "tap", "turn": 3, "button": "o:yes"}, Tapped(3, "o:yes")),
        ({"t": "place", "turn": 3, "shares": [70]}, Placed(3, (70,))),
        ({"t": "place", "turn": 3, "shares": [20, 30, 50]}, Placed(3, (20, 30, 50))),
        ({"t": "command", "name": "help"}, Command("help")),
        ({"t": "command", "name": "stories"}, Account("stories")),
        ({"t": "command", "name": "begin"}, Account("start")),
        ({"t": "command", "name": "language:en"}, Account("language", "en")),
    ],
)
def test_a_frame_becomes_an_event(frame: dict[str, object], event: object) -> None:
    assert read(**frame) == event


def test_a_citizen_service_number_is_masked_before_anyone_sees_it() -> None:
    assert read(t="say", text="Mijn nummer is 111222333.") == Said(
        "Mijn nummer is [BSN].", "a-1", masked=True
    )
    assert read(t="edit", ref="b", text="111222333") == Edited("[BSN]", "b", masked=True)


def test_half_characters_and_control_characters_are_taken_out() -> None:
    assert read(t="say", text="a\u0000b\ud800c\u001bd\te") == Said("ab?cd\te", "a-1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("{", "unreadable"),
        ("[" * 30_000, "unreadable"),
        ("[]", "unreadable"),
        ('{"t": "say"}', "no_id"),
        ('{"t": "say", "id": "../etc"}', "no_id"),
        ('{"t": "say", "id": "a"}', "no_text"),
        (json.dumps({"t": "say", "id": "a", "text": "x" * (MAX_TEXT + 1)}), "too_long"),
        ('{"t": "edit", "id": "a", "text": "x"}', "no_ref"),
        ('{"t": "tap", "id": "a", "turn": true, "button": "x"}', "no_turn"),
        ('{"t": "tap", "id": "a", "turn": -1, "button": "x"}', "no_turn"),
        ('{"t": "tap", "id": "a", "turn": 1, "button": ""}', "no_button"),
        ('{"t": "place", "id": "a", "turn": 1, "shares": [101]}', "no_place"),
        ('{"t": "place", "id": "a", "turn": 1, "shares": [50, 50, 50]}', "no_place"),
        ('{"t": "place", "id": "a", "turn": 1, "shares": [1.5]}', "no_place"),
        ('{"t": "command", "id": "a", "name": "format"}', "unknown"),
        ('{"t": "command", "id": "a", "name": "language:../x"}', "unknown"),
        ('{"t": "dance", "id": "a"}', "unknown"),
        ('{"t": "hello", "after": -1, "page": "p"}', "no_hello"),
        ('{"t": "hello", "after": 0}', "no_hello"),
    ],
)
def test_a_bad_frame_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(BadFrame) as refused:
        read_frame(text)
    assert refused.value.code == code


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
frames = st.fixed_dictionaries(
    {"t": st.sampled_from(["hello", "say", "edit", "tap", "place", "command", "ping"])},
    optional={
        name: json_values | st.just("a")
        for name in ("id", "text", "ref", "turn", "button", "shares", "name", "after", "page")
    },
)


@given(frames | json_values)
def test_no_frame_gets_further_than_a_refusal(frame: object) -> None:
    with contextlib.suppress(BadFrame):
        assert isinstance(read_frame(json.dumps(frame)), Hello | Ping | Message)


def test_a_hello_forgets_a_language_that_is_none_and_whatever_else_it_says() -> None:
    hello = read_frame(
        json.dumps({"t": "hello", "after": 0, "page": "p", "language": "<b>", "start": "a b"})
    )
    assert hello == Hello(0, "p")
    assert read_frame('{"t": "ping"}') == Ping()


def row(effect: object) -> dict[str, object] | None:
    return row_frame(Outgoing(7, "x", effect))  # type: ignore[arg-type]  # any effect will do


def test_a_scale_comes_without_the_buttons_that_stand_for_its_places() -> None:
    say = Say(
        "Waar?",
        (Button("s:0", "Links"), Button("s:100", "Rechts"), Button("skip", "Sla over")),
        4,
        Control("scale", poles=("Links", "Rechts")),
    )
    frame = row(say)
    assert frame is not None
    assert frame["buttons"] == [{"id": "skip", "label": "Sla over", "picked": False}]
    assert (frame["t"], frame["id"], frame["op"], frame["turn"]) == ("row", 7, "say", 4)


def test_a_card_is_not_said_twice() -> None:
    card = Card("Naam", "Verhaal", (CardRow("Gevoel", "Blij"),))
    frame = row(Say(f"Klopt dit?\n\n{card_text(card)}", turn=2, control=Control("card", card=card)))
    assert frame is not None
    assert frame["text"] == "Klopt dit?"
    assert json.loads(json.dumps(frame))["control"]["card"]["rows"][0]["label"] == "Gevoel"


def test_a_question_says_how_far_the_teller_is() -> None:
    frame = row(Say("Hoe voelt het?", turn=2, progress=Progress(4, 30, "Nog 4 korte vragen.")))
    assert frame is not None
    assert frame["progress"] == {"left": 4, "share": 30}
    assert frame["text"] == "Hoe voelt het?"
    other = row(Say("Dag"))
    assert other is not None
    assert "progress" not in other


def test_the_other_rows() -> None:
    assert row(Mark(3, "Ja")) == {"t": "row", "id": 7, "op": "mark", "turn": 3, "chosen": "Ja"}
    assert row(Tick(3, (Button("o:a", "A", True),))) == {
        "t": "row",
        "id": 7,
        "op": "tick",
        "turn": 3,
        "buttons": [{"id": "o:a", "label": "A", "picked": True}],
    }
    assert row(Echo("Dag", "a-1")) == {
        "t": "row",
        "id": 7,
        "op": "echo",
        "text": "Dag",
        "ref": "a-1",
    }
    assert row(Document("a.txt", "text/plain", "Dag")) == {
        "t": "row",
        "id": 7,
        "op": "document",
        "name": "a.txt",
        "media_type": "text/plain",
        "text": "Dag",
    }
    assert row(Leave()) is None
    kept = row(Say("appel boom", slots=("code",)))
    assert kept is not None
    assert kept["kept"] is True


@pytest.mark.parametrize(
    ("frame", "echo"),
    [
        ({"t": "say", "text": "Dag"}, Echo("Dag", "m-1")),
        ({"t": "say", "text": "/stop"}, Echo("/stop", "m-1")),
        ({"t": "say", "text": "/mijnverhalen"}, Echo("/mijnverhalen", "m-1")),
        ({"t": "say", "text": "BSN 111222333"}, Echo("BSN [BSN]", "m-1")),
        ({"t": "say", "text": "/stop 111222333"}, Echo("/stop [BSN]", "m-1")),
        ({"t": "edit", "ref": "m-0", "text": "Dag"}, Echo("Dag", "m-0")),
        ({"t": "tap", "turn": 0, "button": "d:lang:en", "label": "English"}, Echo("English")),
        ({"t": "tap", "turn": 9, "button": "stories", "label": "x" * 300}, Echo("x" * 100)),
        ({"t": "tap", "turn": 9, "button": "d:code", "label": 3}, None),
        ({"t": "tap", "turn": 9, "button": "o:yes", "label": "Ja"}, None),
        ({"t": "command", "name": "help"}, None),
    ],
)
def test_what_was_done_is_shown_unless_its_question_shows_it(
    frame: dict[str, object], echo: Echo | None
) -> None:
    message = read_frame(json.dumps({"id": "m-1", **frame}))
    assert isinstance(message, Message)
    assert message.echo == echo


def test_an_external_id_tells_nothing_and_never_collides_over_people() -> None:
    assert external_id("a", "1") != external_id("b", "1")
    assert len(external_id("a", "1")) == 64
