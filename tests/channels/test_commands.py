"""Typed commands and fixed buttons mean the same in every channel."""

from __future__ import annotations

import pytest

from bot.channels.base import Account
from bot.channels.command_parser import parse
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


def test_words_after_a_command_do_not_hide_it() -> None:
    assert parse("/stop nu\nalsjeblieft") == Command("stop")
    assert parse("/wissen alles") == Account("erase")


def test_an_unknown_command_is_named_and_more_than_that_is_a_text() -> None:
    assert parse("/koffie") == Account("unknown", "koffie")
    assert parse("/stoppen") == Account("unknown", "stoppen")
    assert parse("/help@other_bot", own_name="vertel_bot") == Account("unknown", "help")
    assert parse("/help@Vertel_Bot", own_name="vertel_bot") == Command("help")
    assert parse("/start-up van de wijk") is None


def test_a_slash_within_a_text_is_no_command() -> None:
    assert parse("en/of /stop") is None
    assert parse("/") is None
    assert parse("") is None


def test_a_fixed_button_is_its_command() -> None:
    assert parse("Hulp nu", LABELS) == Command("help")
    assert parse(" Stoppen ", LABELS) == Command("stop")
    assert parse("Stoppen met werken was zwaar", LABELS) is None
    assert parse("Hulp nu") is None
