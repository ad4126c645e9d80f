"""A tap in Telegram shows at once that it was taken, also after a restart; its mark stands on the
message that was tapped, below which the next question is there already."""

from __future__ import annotations

from pathlib import Path

from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import RESIDENT, tell


def answers(api: BotApi) -> list[object]:
    return [call.params.get("text") for call in api.called("answerCallbackQuery") if call.done]


async def test_a_tap_is_answered_with_its_words_and_one_that_changed_nothing_without(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:9])
    await alice.tap("Opgelucht", "✓ Opgelucht", "Opgelucht", "Klaar met kiezen")
    marked = next(each for each in house.api.world.taps.values())
    assert marked
    assert answers(house.api)[-4:] == [
        "✓ Opgelucht",
        "☐ Opgelucht",
        "✓ Opgelucht",
        "✓ Klaar met kiezen",
    ]
    first = next(m for m in alice.user.messages if "Doet u mee?" in m.text)
    await alice.user.tap_data("1:o:yes", first.id)
    await house.settle()
    assert answers(house.api)[-1] is None


async def test_the_question_goes_before_the_mark_of_the_last_one(
    house: House, alice: Phone
) -> None:
    await alice.say("/start")
    await alice.tap("Een inwoner")
    welcome = next(m for m in alice.user.messages if "Wie vertelt er?" in m.text)
    assert welcome.text.endswith("✓ Een inwoner")
    assert not welcome.buttons
    before = len(house.api.calls)
    await alice.tap("Ja, ik doe mee")
    methods = [call.method for call in house.api.calls[before:] if call.method != "getUpdates"]
    assert [m for m in methods if m.startswith(("send", "edit"))] == [
        "sendMessage",
        "editMessageText",
    ]


async def test_the_mark_stands_on_the_message_that_was_tapped(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:4])
    asked, button = alice.last, alice.last.buttons[0].data
    await alice.say("hallo")
    assert "Wat goed ging" in alice.last.labels
    await alice.user.tap_data(button, asked.id)
    await house.settle()
    marked = [m for m in alice.user.messages if "✓ Wat goed ging" in m.text]
    assert [m.id for m in marked] == [asked.id]


async def test_a_tap_is_answered_after_a_restart(tmp_path: Path, api: BotApi) -> None:
    async with running(tmp_path, api) as house:
        alice = house.phone("Alice")
        await alice.say("/start")
        api.fault("answerCallbackQuery", "before", times=1000)
        await alice.user.tap("Een inwoner")
        await alice.user.wait_for("Doet u mee?")
        clock = house.clock
    api.faults.clear()
    assert answers(api) == []
    clock.move(seconds=5)
    async with running(tmp_path, api, clock=clock) as house:
        await house.settle()
        assert answers(api) == ["✓ Een inwoner"]
        assert await house.count("outbox WHERE kind = 'echo'") == 0


async def test_a_yes_that_quotes_another_message_is_none(house: House, alice: Phone) -> None:
    """Somebody swipes an earlier question, or words of their own, and types "ja" to that; neither
    a consent is given nor everything erased. Who quotes the question itself has answered it."""
    await tell(alice, RESIDENT)
    asked = alice.last.id
    for quoted in (asked - 1, asked - 3):
        await alice.user.send("ja", reply_to_message={"message_id": quoted})
        await house.settle()
        assert "hoort bij een ander bericht" in alice.sentences[-2]
        assert await house.stories() == []
    await alice.say("/wissen")
    await alice.user.send("ja", reply_to_message={"message_id": asked})
    await house.settle()
    assert "hoort bij een ander bericht" in alice.sentences[-2]
    assert await house.count("person") == 1
    await alice.say("nee")
    await alice.user.send("ja", reply_to_message={"message_id": alice.last.id})
    await house.settle()
    assert len(await house.stories()) == 1
