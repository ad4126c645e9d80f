"""What the updates of Telegram mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Account, Arrival, Blocked, Group
from bot.channels.telegram.updates import arrivals, tap_id
from conversations.engine.events import Command, CommandName, Edited, Said, Sent, Tapped

ALICE = {"id": 7, "is_bot": False, "first_name": "Alice", "language_code": "tr"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Alice"}
LABELS: Mapping[str, CommandName] = {"Hulp nu": "help"}


def message(**body: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1, "chat": PRIVATE, "from": ALICE, **body}


def events(update: dict[str, Any]) -> list[Any]:
    return [arrival.event for arrival in arrivals({"update_id": 5, **update}, LABELS)]


def test_a_text_arrives_with_its_address_and_the_language_of_the_client() -> None:
    assert arrivals({"update_id": 5, "message": message(text="Dag")}, {}) == [
        Arrival("telegram", "5", "7", Said("Dag", ref="3"), language="tr", ref="3")
    ]


def test_a_command_and_a_fixed_button_are_no_text() -> None:
    assert events({"message": message(text="/start abc")}) == [Account("start", "abc")]
    assert events({"message": message(text="/stop@vertel_bot")}) == [Command("stop")]
    assert events({"message": message(text="Hulp nu")}) == [Command("help")]
    assert events({"message": message(text="/koffie")}) == [Account("unknown", "koffie")]


def test_a_citizen_service_number_is_masked_in_texts_edits_and_captions() -> None:
    masked = "Nummer [BSN]"
    text = "Nummer 111222333"
    assert events({"message": message(text=text)}) == [Said(masked, ref="3", masked=True)]
    assert events({"edited_message": message(text=text)}) == [Edited(masked, "3", masked=True)]
    assert events({"message": message(photo=[{}], caption=text)})[1] == Said(
        masked, ref="3", group="3", masked=True
    )


def test_a_blank_text_is_empty() -> None:
    assert events({"message": message(text=" ")}) == [Sent("empty", ref="3")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"sticker": {}}, "sticker"),
        ({"photo": [{}]}, "photo"),
        ({"voice": {}}, "voice"),
        ({"audio": {}}, "voice"),
        ({"video": {}}, "video"),
        ({"video_note": {}}, "video"),
        ({"document": {}}, "document"),
        ({"animation": {}, "document": {}}, "other"),
        ({"location": {}}, "location"),
        ({"venue": {}, "location": {}}, "location"),
        ({"contact": {}}, "contact"),
        ({"poll": {}}, "other"),
        ({"dice": {}}, "other"),
        ({"something_of_next_year": {}}, "other"),
        ({}, "other"),
    ],
)
def test_what_is_no_text_is_said_to_be_so(body: dict[str, Any], kind: Any) -> None:
    assert events({"message": message(**body)}) == [Sent(kind, ref="3")]


def test_a_caption_arrives_as_a_text_of_the_same_group() -> None:
    album = message(photo=[{}], caption="Onze tuin", media_group_id="99")
    found = arrivals({"update_id": 5, "message": album}, {})
    assert [(arrival.external_id, arrival.event) for arrival in found] == [
        ("5", Sent("photo", ref="3", group="99")),
        ("5c", Said("Onze tuin", ref="3", group="99")),
    ]


def test_an_edit_names_the_message_that_it_changes() -> None:
    assert events({"edited_message": message(text="Beter")}) == [Edited("Beter", ref="3")]
    assert events({"edited_message": message(photo=[{}], caption="B")}) == [Edited("B", ref="3")]


def test_a_location_that_moves_is_nothing_new() -> None:
    assert events({"edited_message": message(location={})}) == []


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ("12:o:worked", Tapped(12, "o:worked")),
        ("0:begin", Tapped(0, "begin")),
        ("", Tapped(0, "")),
        ("x", Tapped(0, "")),
        ("x:y", Tapped(0, "")),
        ("12:", Tapped(0, "")),
        ("-1:a", Tapped(0, "")),
        ("²:a", Tapped(0, "")),
        ("9999999999:a", Tapped(0, "")),
    ],
)
def test_a_tap_is_a_button_of_a_turn_or_of_none(data: str, event: Tapped) -> None:
    query = {"id": "q", "from": ALICE, "message": message(text="Vraag?"), "data": data}
    assert events({"callback_query": query}) == [event]
    assert tap_id({"callback_query": query}) == "q"


def test_a_tap_on_a_message_that_telegram_no_longer_shows_still_counts() -> None:
    query = {"id": "q", "from": ALICE, "data": "1:ja"}
    assert arrivals({"update_id": 5, "callback_query": query}, {})[0].address == "7"


def member(before: str, after: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    return {
        "my_chat_member": {
            "chat": chat,
            "from": ALICE,
            "old_chat_member": {"status": before},
            "new_chat_member": {"status": after},
        }
    }


def test_blocking_and_coming_back_are_noticed() -> None:
    assert events(member("member", "kicked")) == [Blocked()]
    assert events(member("kicked", "member")) == [Blocked(back=True)]
    assert events(member("left", "member")) == []


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_a_group_is_noticed_by_being_added_and_by_being_written_in(kind: str) -> None:
    chat = {"id": -5, "type": kind, "title": "Team"}
    post = "channel_post" if kind == "channel" else "message"
    assert events({post: {"message_id": 1, "chat": chat, "text": "hoi"}}) == [Group()]
    assert events(member("left", "administrator", chat)) == [Group()]
    assert events(member("member", "left", chat)) == []


def test_other_updates_mean_nothing() -> None:
    assert events({"inline_query": {"id": "1", "from": ALICE, "query": "x"}}) == []
    assert events({"message": message(pinned_message={})}) == []
    assert events({}) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["chat", "id", "type", "from", "text", "message", "message_id", "data"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), json_values
)
def test_a_malformed_update_fails_in_one_of_the_ways_it_says(kind: str, body: Any) -> None:
    try:
        found = arrivals({"update_id": 5, kind: body}, {})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return
    assert all(isinstance(arrival, Arrival) for arrival in found)


@pytest.mark.parametrize(
    ("origin", "others"),
    [
        ({"type": "user", "sender_user": {"id": 8}}, True),
        ({"type": "hidden_user", "sender_user_name": "Bo"}, True),
        ({"type": "channel", "chat": {"id": -1}}, True),
        ({"type": "user", "sender_user": ALICE}, False),
        (None, False),
    ],
)
def test_what_somebody_else_wrote_is_known_as_forwarded(origin: object, others: bool) -> None:
    [event] = events({"message": message(text="/stop", forward_origin=origin)})
    assert getattr(event, "forwarded", False) == others
    voice, caption = events({"message": message(voice={}, caption="Dag", forward_origin=origin)})
    assert (voice.forwarded, caption.forwarded) == (others, others)
