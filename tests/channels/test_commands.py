"""Typed commands and fixed buttons mean the same in every channel."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.base import Account, Arrival
from bot.channels.bsn import MASK, mask_bsn
from bot.channels.command_parser import parse, read_typed
from bot.channels.telegram.updates import arrivals
from bot.channels.web.frames import Message, read_frame
from bot.channels.whatsapp.webhook_reader import read
from conversations.engine.events import Command, CommandName

LABELS: dict[str, CommandName] = {"Hulp nu": "help", "Stoppen": "stop"}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("/terug", Command("back")),
        ("/back", Command("back")),
        ("/stop", Command("stop")),
        ("/klaar", Command("done")),
        ("/done", Command("done")),
        ("/overslaan", Command("skip")),
        ("/skip", Command("skip")),
        ("/hulp", Command("help")),
        ("/help", Command("help")),
        ("/start", Account("start")),
        ("/start K7MF-3QX", Account("start", "K7MF-3QX")),
        ("/mijnverhalen", Account("stories")),
        ("/mystories", Account("stories")),
        ("/wissen", Account("erase")),
        ("/erase", Account("erase")),
        ("/mijngegevens", Account("data")),
        ("/mydata", Account("data")),
        ("/taal", Account("language")),
        ("/taal en", Account("language", "en")),
        ("/language  ar ", Account("language", "ar")),
        ("/privacy", Account("privacy")),
    ],
)
def test_every_command_is_known_in_dutch_and_in_english(text: str, meaning: object) -> None:
    assert parse(text) == meaning


def test_capitals_spaces_and_the_name_of_the_bot_do_not_matter() -> None:
    assert parse("  /Stop@vertel_bot ") == Command("stop")
    assert parse("/START@vertel_bot abc") == Account("start", "abc")


@pytest.mark.parametrize(
    "text",
    [
        "/ wissen",
        "/wissen!",
        "/Wissen.",
        "\u200e/wissen",
        "\u200f/ wissen\u200f",
        "／wissen",
        "//wissen",
    ],
)
def test_a_command_that_a_phone_or_a_thumb_typed_loosely_is_one(text: str) -> None:
    assert parse(text) == Account("erase")


@pytest.mark.parametrize("text", ["/yardım", "/مساعدة", "/ayuda"])
def test_a_command_in_another_language_is_no_text(text: str) -> None:
    assert parse(text) == Account("unknown", text[1:])


def test_words_after_a_command_do_not_hide_it() -> None:
    assert parse("/stop nu\nalsjeblieft") == Command("stop", "nu\nalsjeblieft")
    assert parse("/wissen alles") == Account("erase", beside="alles")


def test_an_unknown_command_is_named_and_more_than_that_is_a_text() -> None:
    assert parse("/koffie") == Account("unknown", "koffie")
    assert parse("/stoppen") == Account("unknown", "stoppen")
    assert parse("/help@other_bot", own_name="vertel_bot") == Account("unknown", "help")
    assert parse("/help@Vertel_Bot", own_name="vertel_bot") == Command("help")
    assert parse("/start-up van de wijk") is None


def test_a_slash_within_a_text_is_no_command() -> None:
    assert parse("en/of /stop") is None
    assert parse("en/of") is None
    assert parse("") is None


@pytest.mark.parametrize("text", ["/", "/ ", " /\n"])
def test_a_slash_alone_is_a_command_that_nobody_knows(text: str) -> None:
    assert parse(text) == Account("unknown")
    assert read_typed(text)[0] == Account("unknown")


def test_a_fixed_button_is_its_command() -> None:
    assert parse("Hulp nu", LABELS) == Command("help")
    assert parse(" Stoppen ", LABELS) == Command("stop")
    assert parse("Stoppen met werken was zwaar", LABELS) is None
    assert parse("Hulp nu") is None


HEX = st.text("0123456789abcdef", min_size=12, max_size=12).filter(lambda code: not code.isdigit())


@given(HEX, st.sampled_from(["", "r-", "p-"]))
@example("111222333abc", "")
@example("a111222333bc", "r-")
def test_the_code_of_a_link_is_kept_whatever_its_digits(code: str, kind: str) -> None:
    link = Account("start", kind + code)
    words = f"/start {kind}{code}"
    assert read_typed(words)[0] == link
    assert _in_telegram(words) == link
    assert _in_the_browser(words) == link
    assert _in_whatsapp(words[1:]) == link


@pytest.mark.parametrize(
    "number",
    [
        "111222333",
        "p-111222333",
        "bsn-111222333",
        "mijnbsn111222333",
        "111 222 333",
        "r-111.222.333",
    ],
)
def test_a_citizen_service_number_behind_a_command_is_taken_out(number: str) -> None:
    command, text, masked = read_typed(f"/start {number}")
    assert isinstance(command, Account)
    assert masked
    assert MASK in command.text
    assert not mask_bsn(command.text + text)[1]


def _in_telegram(text: str) -> object:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 3, "date": 1, "chat": chat, "from": {"id": 7}, "text": text}
    (arrival,) = arrivals({"update_id": 5, "message": message}, {})
    return arrival.event


def _in_the_browser(text: str) -> object:
    frame = read_frame(json.dumps({"t": "say", "id": "abcdefgh", "text": text}))
    assert isinstance(frame, Message)
    return frame.event


def test_words_that_quote_a_message_name_it() -> None:
    message = {"message_id": 9, "chat": {"id": 1, "type": "private"}, "text": "ja"}
    quoting = {**message, "reply_to_message": {"message_id": 7}}
    (arrival,) = arrivals({"update_id": 1, "message": quoting}, {}, "")
    assert arrival.tapped == "7"
    assert _arrived_in_whatsapp("ja", context={"id": "wamid.0"}).tapped == "wamid.0"
    assert _arrived_in_whatsapp("ja").tapped == ""


def _in_whatsapp(text: str) -> object:
    return _arrived_in_whatsapp(text).event


def _arrived_in_whatsapp(text: str, **more: object) -> Arrival:
    message = {"id": "wamid.1", "from": "31600000000", "timestamp": "1", "type": "text"} | {
        "text": {"body": text},
        **more,
    }
    value = {"metadata": {"phone_number_id": "1"}, "messages": [message]}
    post = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    (arrival,) = read(post, "1", None, lambda _text: False).arrivals
    return arrival
