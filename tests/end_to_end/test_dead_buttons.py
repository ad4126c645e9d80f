"""In Telegram only the open question has buttons: those of one that is over, or that was asked once
more, are taken away, once each, after what is said next."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from bot.channels.base import Outgoing
from conversations.engine.effects import Mark
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import NO_MORE, RESIDENT, YES_TO_ALL, Deed, Say, Tap, tell

TYPED: tuple[Deed, ...] = (
    *RESIDENT[:5],
    Say("Ik belde op maandag, en op woensdag zat er iemand bij mij aan tafel."),
    Say("Ze vroeg eerst wat ik zelf al had geprobeerd."),
    Say("/klaar"),
    Say("/terug"),
    Say("En ze kwam terug."),
    Say("klaar"),
    Say("De stoel bij het raam"),
    Tap("Opgelucht"),
    Say("dat weet ik zo niet, daar moet ik even over nadenken"),
    Say("/terug"),
    Say("/overslaan"),
    Say("klaar met kiezen"),
    Say("/wissen"),
    Say("wissel"),
    Say("nee"),
    Say("/mijnverhalen"),
    Say("verder"),
    Say("/hulp"),
    Say("/stop"),
    Say("verder"),
    Say("toch doorgaan"),
)
"""Much of it in words and commands, where a tap would do."""


def with_buttons(phone: Phone) -> list[tuple[str, list[str]]]:
    return [(each.text, each.labels) for each in phone.user.messages if each.buttons]


def taken_away(api: BotApi) -> Counter[object]:
    """How often the buttons of a message were taken away."""
    changed = api.called("editMessageReplyMarkup") + api.called("editMessageText")
    gone = [each for each in changed if each.done and not each.params.get("reply_markup")]
    return Counter(each.params["message_id"] for each in gone)


async def test_only_the_open_question_has_buttons_whatever_is_said(
    house: House, alice: Phone
) -> None:
    for deed in TYPED:
        await tell(alice, (deed,))
        alive = {each.data.split(":")[0] for m in alice.user.messages for each in m.buttons}
        assert len(alive) <= 1, (deed, with_buttons(alice))
        rows = [tuple(labels) for _, labels in with_buttons(alice)]
        assert len(rows) == len(set(rows)), (deed, rows)
    await tell(alice, RESIDENT[12:], YES_TO_ALL, NO_MORE)
    assert len(with_buttons(alice)) == 1
    assert set(taken_away(house.api).values()) == {1}


async def test_what_is_said_next_goes_before_old_buttons_are_taken_away(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:7])
    before = len(house.api.calls)
    await alice.say("/klaar")
    methods = [call.method for call in house.api.calls[before:] if call.method != "getUpdates"]
    told = [method for method in methods if method.startswith(("send", "edit"))]
    assert told[0] == "sendMessage"
    assert set(told[1:]) == {"editMessageReplyMarkup"}


async def test_old_buttons_go_right_after_what_was_said_before_it_is_kept_that_it_went(
    house: House, alice: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(alice, RESIDENT[:6])
    telegram, went = house.app.channels["telegram"], threading.Event()
    send, in_time = telegram.send, []

    async def sent(outgoing: Outgoing) -> str:
        if isinstance(outgoing.effect, Mark):
            went.set()
        else:  # nothing is kept meanwhile
            house.app.database.write(lambda _: in_time.append(went.wait(20)))
        return await send(outgoing)

    monkeypatch.setattr(telegram, "send", sent)
    await alice.say("Ze vroeg eerst wat ik zelf al had geprobeerd.")
    assert in_time == [True]


async def test_a_draft_that_waited_too_long_leaves_no_buttons_and_nothing_else(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:9])
    assert with_buttons(alice)
    for days in (2, 5, 1):
        house.clock.move(days=days)
        await house.due()
    assert with_buttons(alice) == []
    assert await house.count("outbox") == 0


async def test_who_has_everything_erased_is_left_without_buttons(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:9], (Say("/wissen"), Tap("Ja, wis alles")))
    assert with_buttons(alice) == []
    assert await house.count("outbox") == 0


async def test_buttons_that_a_crash_left_are_taken_away_after_it_and_nothing_is_said_twice(
    tmp_path: Path, api: BotApi
) -> None:
    async with running(tmp_path, api) as house:
        alice = house.phone("Alice")
        await tell(alice, RESIDENT[:5])
        await alice.say("Ik belde op maandag, en op woensdag zat er iemand aan tafel.")
        api.fault("editMessageReplyMarkup", "error", status=502, times=1000)
        await alice.user.send("Ze vroeg eerst wat ik zelf al had geprobeerd.")
        await house.until("outbox WHERE owed IS NOT NULL AND attempts > 0")
        assert len(with_buttons(alice)) == 2
    api.faults.clear()
    said = len(api.called("sendMessage"))
    async with running(tmp_path, api) as house:
        house.clock.move(minutes=10)
        await house.settle()
        assert len(with_buttons(house.phone("Alice"))) == 1
        assert await house.count("outbox WHERE owed IS NOT NULL") == 0
    assert len(api.called("sendMessage")) == said


@pytest.mark.parametrize("tapped", ["the older copy", "the newest copy"])
async def test_a_tap_on_either_copy_of_a_question_leaves_no_buttons_on_the_other(
    house: House, alice: Phone, tapped: str
) -> None:
    await tell(alice, RESIDENT[:9])
    older, data = alice.last.id, alice.last.buttons[0].data
    await alice.say("/hulp", "verder")
    await alice.user.tap_data(data, older if tapped == "the older copy" else alice.last.id)
    await house.settle()
    assert len(with_buttons(alice)) == 1
    assert set(taken_away(house.api).values()) == {1}


async def test_a_question_that_was_left_before_it_arrived_loses_its_buttons_when_it_does(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:9])
    house.api.fault("sendMessage", "error", status=502, times=3)
    await alice.user.send("/terug")
    await house.until("outbox WHERE state = 'pending' AND attempts > 0")
    await alice.say("/terug")
    assert len(with_buttons(alice)) == 1


async def test_a_button_that_led_back_to_the_question_goes_as_the_question_comes_again(
    alice: Phone,
) -> None:
    await tell(alice, RESIDENT[:5], (Say("Hij slaat mij en ik durf niet naar huis."),))
    await alice.tap("Verder")
    assert [labels for _, labels in with_buttons(alice)] == [["Klaar", "Iets weghalen"]]
