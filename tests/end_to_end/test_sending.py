"""Answers reach people, whatever Telegram does; and one bad row holds up nobody."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from conversations.guide.loading import load_guides
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller
from tests.waiting import until

GUIDES = Path(__file__).parents[2] / "conversations"


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "error", "status": 429, "retry_after": 1},
        {"kind": "error", "status": 502},
        {"kind": "lost", "status": 502},
        {"kind": "before"},
        {"kind": "after"},
    ],
    ids=lambda trouble: "-".join(str(value) for value in trouble.values()),
)
async def test_an_answer_arrives_whatever_happens_to_the_first_try(
    house: House, alice: Phone, trouble: dict[str, object]
) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", trouble.pop("kind"), **trouble)
    await alice.tap("Ja, ik doe mee")
    asked = [m.text for m in alice.user.messages if "16 jaar" in m.text]
    assert 1 <= len(asked) <= 2
    await tell(alice, RESIDENT[3:], YES_TO_ALL)
    assert len(await house.stories()) == 1


async def test_either_copy_of_a_question_may_be_answered(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "after")
    await alice.tap("Ja, ik doe mee")
    first, second = [m for m in alice.user.messages if "16 jaar" in m.text]
    data = first.buttons[0].data
    await alice.user.tap_data(data, first.id)
    await house.settle()
    await alice.user.tap_data(data, second.id)
    await house.settle()
    assert alice.read == "Die keuze heb ik al."
    await tell(alice, RESIDENT[4:], YES_TO_ALL)
    assert len(await house.stories()) == 1


async def test_a_message_that_telegram_refuses_does_not_stop_the_next(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "error", status=400)
    await alice.tap("Ja, ik doe mee")
    assert await house.count("outbox WHERE state = 'failed'") == 1
    await alice.say("Wat nu?")
    assert "16 jaar" in alice.read


async def test_a_row_that_does_not_open_fails_alone(house: House, alice: Phone, bob: Phone) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "error", status=502, chat_id=alice.user.id)
    await alice.user.tap("Ja, ik doe mee")
    await house.until("outbox WHERE state = 'pending' AND attempts > 0")
    spoil = text("UPDATE outbox SET sealed = :junk WHERE state = 'pending'")
    await house.app.database.write(lambda c: c.execute(spoil, {"junk": b"junk"}).rowcount)
    await bob.say("/start")
    assert "Wie vertelt er?" in bob.read
    assert await house.count("outbox WHERE state = 'failed'") >= 1
    await alice.say("Hallo?")
    assert "16 jaar" in alice.read


async def test_a_silent_telegram_holds_up_no_web_page(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "error", status=429, retry_after=600)
    await alice.user.tap("Ja, ik doe mee")
    async with WebTeller(house) as web:
        house.settle = _no_wait  # type: ignore[method-assign]
        await web.say("/start")
    assert any("Wie vertelt er?" in each for each in web.sentences)
    assert not any("16 jaar" in each.text for each in alice.user.messages)


async def test_a_chat_that_must_wait_long_holds_up_nobody_else(
    house: House, alice: Phone, bob: Phone
) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "error", status=429, retry_after=40, chat_id=alice.user.id)
    await alice.user.tap("Ja, ik doe mee")
    await house.until("outbox WHERE state = 'pending' AND attempts > 0")
    await bob.user.send("/start")
    await bob.user.tap("Een inwoner", timeout=20)  # as soon as it is there
    assert not any("16 jaar" in each.text for each in alice.user.messages)  # it waits its time


async def _no_wait() -> None:
    await asyncio.sleep(0.05)


async def test_a_block_that_is_over_does_not_silence_who_came_back(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:2])
    house.api.fault("sendMessage", "late", seconds=0.3)
    alice.user.chat.blocked = True
    called = len(house.api.called("sendMessage"))
    await alice.user.tap("Ja, ik doe mee")  # its answer meets the block, and says so late
    await until(lambda: len(house.api.called("sendMessage")) > called)
    alice.user.chat.blocked = False
    await alice.say("Ik ben er weer")
    assert "16 jaar" in alice.read
    assert await house.count("person WHERE blocked") == 0


async def test_what_was_committed_is_sent_after_a_restart(tmp_path: Path, api: BotApi) -> None:
    async with running(tmp_path, api) as house:
        alice = house.phone("Alice")
        await tell(alice, RESIDENT[:2])
        house.api.fault("sendMessage", "error", status=502, times=50)
        await alice.user.tap("Ja, ik doe mee")
        await house.until("outbox WHERE attempts > 0")
    api.faults.clear()
    async with running(tmp_path, api) as house:
        house.clock.move(minutes=10)
        alice = house.phone("Alice")
        await house.settle()
        assert "16 jaar" in alice.read
        await tell(alice, RESIDENT[3:], YES_TO_ALL)
        assert len(await house.stories()) == 1


async def test_a_conversation_goes_on_with_the_guide_it_began_with(
    tmp_path: Path, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(GUIDES, tmp_path / "older"))
    guide = folder / "guides" / "resident.toml"
    guide.write_text(guide.read_text().replace("Om welke zin draait het?", "Hoe heet dit verhaal?"))
    with monkeypatch.context() as patch:
        patch.setattr("bot.wiring.open_services.load_guides", lambda: load_guides(folder))
        async with running(tmp_path, api) as house:
            fingerprint = house.app.services.shelf.library.fingerprint("resident")
            await tell(house.phone("Alice"), RESIDENT[:7])
    async with running(tmp_path, api) as house:
        assert house.app.services.shelf.library.fingerprint("resident") != fingerprint
        alice = house.phone("Alice")
        await alice.tap("Klaar")
        assert "Hoe heet dit verhaal?" in alice.read
        await tell(alice, RESIDENT[8:], YES_TO_ALL)
        assert (await house.story()).telling.fingerprint == fingerprint


async def test_a_version_of_a_guide_that_is_lost_costs_no_word_of_the_story(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:8])
    shelf = house.app.services.shelf

    def lost(*_: object) -> None:
        raise KeyError("the guide of this conversation is not known any more")

    whole, shelf.of = shelf.of, lost  # type: ignore[method-assign, assignment]
    await alice.say("De stoel bij het raam")
    shelf.of = whole  # type: ignore[method-assign]
    assert any("De vragen zijn veranderd" in each for each in alice.sentences)
    await tell(alice, RESIDENT[2:5], (Say("/klaar"),), RESIDENT[8:], YES_TO_ALL)
    assert (await house.story()).telling.text.startswith("Ik belde op maandag")


async def test_the_bot_says_in_telegram_what_it_is(house: House) -> None:
    settings = house.api.world.settings
    await house.api.world.wait(lambda: "short_description" in settings.get("en", ()), 5)
    assert set(settings) >= {"", "nl", "en"}
    names = [command["command"] for command in settings["nl"]["commands"]]
    assert {"terug", "stop", "hulp", "mijnverhalen", "wissen", "mijngegevens"} <= set(names)
    assert "computer" in settings["nl"]["description"]


async def test_a_tap_is_confirmed_so_that_its_clock_stops(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:2], (Tap("Ja, ik doe mee"),))
    assert await house.api.world.wait(lambda: all(house.api.world.taps.values()), 5)
