"""The registry of account buttons: what exists, what it means, and that nothing else is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.account.taps import HANDLERS
from bot.account_buttons import (
    ACTIONS,
    Action,
    button_id,
    is_account_button,
    is_switch,
    is_weighty,
    leads_back,
    meaning,
    parse,
)

ROOT = Path(__file__).parents[2]


def test_every_account_button_has_a_handler_and_every_handler_a_button() -> None:
    assert set(HANDLERS) == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_button_is_read_as_it_was_made(action: Action) -> None:
    assert parse(button_id(action, "yes", "12")) == (action, ["yes", "12"])
    assert is_account_button(button_id(action))


@pytest.mark.parametrize("button", ["", "begin", "o:yes", "erase", "c:team", "dd:erase:yes"])
def test_a_button_of_a_guide_is_none(button: str) -> None:
    assert parse(button) is None
    assert not (is_account_button(button))
    assert not (is_weighty(button))
    assert not (leads_back(button))


def test_a_button_that_no_longer_exists_is_an_account_button_without_an_action() -> None:
    assert is_account_button("d:gossip:1")
    assert parse("d:gossip:1") is None
    assert not is_weighty("d:gossip:1")


def test_what_erases_or_changes_a_consent_is_weighty() -> None:
    weighty = ["erase:yes", "tidy:yes:7", "gone:1", "taken:all:1", "c:team:1", "sure:1"]
    light = [
        "erase:no",
        "tidy:no:7",
        "story:1",
        "withdraw:1",
        "back:all:1",
        "uses:1",
        "stay:1",
        "on",
        "lang:tr",
        "code",
    ]
    assert all(is_weighty(f"d:{each}") for each in weighty)
    assert not any(is_weighty(f"d:{each}") for each in light)


def test_what_only_goes_back_is_known() -> None:
    back = {each for each in ("erase:no", "tidy:no:7", "stay:1", "on") if leads_back(f"d:{each}")}
    assert back == {"erase:no", "tidy:no:7", "stay:1", "on"}
    assert not any(
        leads_back(f"d:{each}") for each in ("erase:yes", "tidy:yes:7", "gone:1", "code")
    )


def test_words_can_mean_a_button() -> None:
    assert meaning("d:gone:1") == meaning("d:erase:yes") == "yes"
    assert meaning("d:stay:1") == meaning("d:tidy:no:7") == "no"
    assert meaning("d:on") == "continue"
    assert meaning("d:story:1") == "d:story:1"


def test_switches_are_told_from_other_buttons() -> None:
    assert is_switch("d:c:team:1")
    assert is_switch("d:sure:1")
    assert not is_switch("d:code")


def test_ids_of_account_buttons_are_made_in_one_place() -> None:
    made = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if re.search(r"""f?["']d:\w*[:{"']""", path.read_text("utf-8"))
    ]
    assert made == ["bot/account_buttons.py"]
