"""What is posted: signed over its bytes, read each by itself, in every shape that Meta has."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from typing import Any

import pytest

from bot.channels.base import Account, Arrival, Moved
from bot.channels.whatsapp.graph_errors import Halted
from bot.channels.whatsapp.status_reader import parse_place, place_of
from bot.channels.whatsapp.webhook_reader import is_signed, read
from conversations.engine.events import Command, Edited, Revoked, Said, Sent, Tapped

NUMBER = "106540352242922"
ALICE: dict[str, Any] = {"from": "31612345678", "from_user_id": "NL.1", "timestamp": "1749416383"}


def never(text: str) -> bool:
    return text == "stop"


def value(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"metadata": {"phone_number_id": NUMBER}, "messages": list(messages), **more}


def post(*values: Any, field: str = "messages") -> dict[str, Any]:
    changes = [{"field": field, "value": each} for each in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def text(body: str, message_id: str = "wamid.1", **more: Any) -> dict[str, Any]:
    return {**ALICE, "id": message_id, "type": "text", "text": {"body": body}, **more}


def one(message: dict[str, Any]) -> Arrival:
    (arrival,) = read(post(value(message)), NUMBER, None, never).arrivals
    return arrival


def test_every_entry_change_and_message_is_read_by_itself() -> None:
    whole = post(
        value(text("een"), {"id": 7}, text("twee", "wamid.2")),
        {"metadata": {"phone_number_id": "another"}, "messages": [text("niet voor ons")]},
    )
    (entry,) = post(value(text("3", "w3")))["entry"]
    whole["entry"] += [None, {"id": "1", "changes": [None, *entry["changes"]]}]
    received = read(whole, NUMBER, None, never)
    assert [each.external_id for each in received.arrivals] == ["wamid.1", "wamid.2", "w3"]
    assert received.unread == 3


def test_people_are_known_by_the_id_of_their_account_and_no_name_comes_in() -> None:
    contacts = [{"profile": {"name": "Aletta de Wit"}, "wa_id": "31612345678", "user_id": "NL.1"}]
    without = {name: each for name, each in text("hoi").items() if name != "from_user_id"}
    received = read(post(value(without, contacts=contacts)), NUMBER, None, never)
    assert received.arrivals[0].address == "NL.1"
    assert received.arrivals[0].alias == "31612345678"
    assert "Aletta" not in repr(received)
    old = read(post(value(without)), NUMBER, None, never).arrivals[0]
    assert old.address == old.alias == "31612345678"
    hidden = {name: each for name, each in text("hoi").items() if name != "from"}
    assert one(hidden).address == "NL.1"


@pytest.mark.parametrize("told", ["1749416383", 1749416383, "1749416383000"])
def test_moments_in_seconds_and_milliseconds(told: Any) -> None:
    assert one(text("hoi", timestamp=told)).heard == 1749416383


@pytest.mark.parametrize("told", ["nan", "inf", "9" * 30, "-1", "", None, [], {}, "1749416383.5"])
def test_what_is_no_moment_costs_no_message_and_opens_nothing(told: Any) -> None:
    arrival = one(text("hoi", timestamp=told))
    assert (arrival.event, arrival.heard) == (Said("hoi", "wamid.1"), 0.0)


@pytest.mark.parametrize(
    "data", ["", "r1", "r1.2", "bell", "r-1.0.1", f"r{'9' * 30}.0.1", "r١.0.1"]
)
def test_statuses_of_what_is_no_row_of_ours_are_left(data: str) -> None:
    assert parse_place(data) is None
    assert parse_place(place_of(7, 1, 2)) == (7, 1, 2)


_REPLY = {"type": "button_reply", "button_reply": {"id": "7:o:yes", "title": "Nee"}}


def _list(button: str) -> dict[str, Any]:
    return {"type": "list_reply", "list_reply": {"id": button, "title": "x"}}


def _edit(body: str) -> dict[str, Any]:
    return {"original_message_id": "w0", "message": {"type": "text", "text": {"body": body}}}


_VOICE = {"id": "9", "mime_type": "audio/ogg; codecs=opus", "voice": True}
_CHANGED = {"type": "user_changed_number", "wa_id": "3160", "user_id": "NL.2"}

EVENTS: list[tuple[str, Any, Any]] = [
    ("text", {"body": "hoi"}, Said("hoi", "w")),
    ("text", {"body": "bsn 111222333"}, Said("bsn [BSN]", "w", "", True)),
    ("text", {"body": "/terug"}, Command("back")),
    ("text", {"body": "start t-abc"}, Account("start", "t-abc")),
    ("text", {"body": "stop"}, Account("never")),
    ("text", {"body": "Mijn verhalen."}, Account("stories")),
    ("text", {"body": "wissen"}, Account("erase")),
    ("interactive", _REPLY, Tapped(7, "o:yes")),
    ("interactive", _list("c:help"), Command("help")),
    ("interactive", _list("nonsense"), Tapped(0, "")),
    ("button", {"payload": "0:d:begin", "text": "Ja"}, Tapped(0, "d:begin")),
    ("edit", _edit("nu 111222333"), Edited("nu [BSN]", "w0", True)),
    ("revoke", {"original_message_id": "w0"}, Revoked("w0")),
    ("reaction", {"message_id": "w0", "emoji": "x"}, Sent("other", "w")),
    ("audio", _VOICE, Sent("voice", "w")),
    ("sticker", {"id": "9"}, Sent("sticker", "w")),
    ("location", {}, Sent("location", "w")),
    ("unsupported", {}, Sent("other", "w")),
    ("from the future", {}, Sent("other", "w")),
    ("system", _CHANGED, Moved("NL.2", "3160")),
]
KINDS = [each[0] for each in EVENTS]


def of(kind: str, content: Any) -> dict[str, Any]:
    return {**ALICE, "id": "w", "type": kind, kind: content}


@pytest.mark.parametrize(("kind", "content", "event"), EVENTS, ids=KINDS)
def test_every_kind_of_message(kind: str, content: Any, event: Any) -> None:
    assert one(of(kind, content)).event == event


def test_only_messages_and_taps_open_the_window() -> None:
    for kind, content, _ in EVENTS:
        opens = kind not in ("revoke", "reaction", "system")
        assert bool(one(of(kind, content)).heard) == opens


def test_a_number_that_only_rings_keeps_no_word() -> None:
    for kind, content, _ in EVENTS:
        found = read(post(value(of(kind, content))), NUMBER, lambda _: "bell", never).arrivals
        assert all(isinstance(each.event, Account | Moved) for each in found)
        assert all(each.event.text == "" for each in found if isinstance(each.event, Account))


def test_a_caption_comes_after_its_picture() -> None:
    picture = {**ALICE, "id": "w", "type": "image", "image": {"id": "9", "caption": "kijk"}}
    received = read(post(value(picture)), NUMBER, None, never)
    events = [each.event for each in received.arrivals]
    assert events == [Sent("photo", "w", "w"), Said("kijk", "w", "w")]
    assert len({each.external_id for each in received.arrivals}) == 2
    assert received.media["w"].id == "9"


def test_statuses_carry_our_row_and_unknown_ones_are_left() -> None:
    status = {"id": "wamid.9", "recipient_id": "3161", "timestamp": "1", "status": "delivered"}
    ours = {**status, "biz_opaque_callback_data": place_of(7, 0, 1)}
    failed = {**ours, "status": "failed", "errors": [{"code": 190}]}
    given = value(statuses=[ours, status, {**ours, "status": "warped"}, failed, {"id": "x"}])
    received = read(post(given), NUMBER, None, never)
    found = [(each.row, each.status) for each in received.statuses]
    assert found == [(7, "delivered"), (7, "failed")]
    assert isinstance(received.statuses[1].error, Halted)


def test_what_meta_decides_about_templates_and_ids() -> None:
    decided = {
        "event": "REJECTED",
        "message_template_name": "vertelbot_bel",
        "message_template_language": "nl",
        "message_template_category": "UTILITY",
        "reason": "INVALID_FORMAT",
    }
    read_ = read(post(decided, field="message_template_status_update"), NUMBER, None, never)
    assert (read_.templates[0].state, read_.templates[0].reason) == ("REJECTED", "INVALID_FORMAT")
    ids = {"user_id_update": [{"user_id": {"previous": "NL.1", "current": "NL.2"}, "wa_id": "316"}]}
    (moved,) = read(post(ids, field="user_id_update"), NUMBER, None, never).arrivals
    assert (moved.address, moved.event) == ("NL.1", Moved("NL.2", "316"))


FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("user_id_update", {"user_id_update": [{"user_id": {"previous": "a", "current": "b"}}]}),
    ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
    ("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"x": 1}]}),
    ("business_capability_update", {"max_daily_conversations_per_business": "TIER_2K"}),
    ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_250"}),
    ("user_preferences", {"metadata": {"phone_number_id": NUMBER}, "user_preferences": [{}]}),
    ("message_template_quality_update", {"message_template_name": "x"}),
    ("a field from the future", {"value": {"deep": [{"er": None}]}}),
]
JUNK: list[Any] = [None, [], {}, "", "x", 0, -1, 1e300, True, [None], [[]], {"": ""}, "9" * 400]


def _places(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a post."""
    inner = found.items() if isinstance(found, dict) else enumerate(found)
    places = [path] if path else []
    for key, each in inner if isinstance(found, dict | list) else ():
        places += _places(each, (*path, key)) if isinstance(each, dict | list) else [(*path, key)]
    return places


def test_whatever_stands_anywhere_in_a_post_everything_else_is_read() -> None:
    ends = [post(value(text("voor", "w1"))), post(value(text("na", "w2")))]
    middle = [post(each, field=name) for name, each in FIELDS]
    middle += [post(value(of(kind, content))) for kind, content, _ in EVENTS]
    status = {"id": "x", "status": "failed", "errors": [{"code": 190}], "recipient_id": "1"}
    middle.append(
        post(value(statuses=[status], errors=[{"code": 131031}], contacts=[{"wa_id": 1}]))
    )
    for inner in middle:
        for path in _places(inner["entry"][0]):
            for junk in JUNK:
                whole = copy.deepcopy(ends[0])
                whole["entry"] += copy.deepcopy(inner["entry"] + ends[1]["entry"])
                at = whole["entry"][1]
                for key in path[:-1]:
                    at = at[key]
                at[path[-1]] = junk
                found = read(whole, NUMBER, None, never)
                ids = [each.external_id for each in found.arrivals]
                assert (ids[0], ids[-1]) == ("w1", "w2"), (inner, path, junk)


def test_the_signature_is_of_the_very_bytes() -> None:
    body = json.dumps({"text": "één 🙂"}, ensure_ascii=False).encode()
    right = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert is_signed(body, f"sha256={right}", "secret")
    assert not is_signed(json.dumps(json.loads(body)).encode(), f"sha256={right}", "secret")
    for wrong in ("", right, f"sha256={right[:-1]}", f"sha1={right}", "sha256=é"):
        assert not is_signed(body, wrong, "secret")
