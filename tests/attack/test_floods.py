"""Floods are bounded, and whoever is caught in one is told so kindly; the others notice nothing."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.channels.web import socket
from bot.channels.web.limits import FRAMES
from conversations.engine.effects import Say
from storage.engine.transaction import Snapshot
from storage.people import people, states
from tests.attack.conftest import Crowd
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Stage
from tests.end_to_end.kit import House
from tests.waiting import until

BURST = FRAMES[0]


async def flood(browser: Browser, count: int, name: str) -> Counter[str]:
    """Send so many messages at once; how they were answered."""
    for number in range(count):
        await browser.send(t="say", id=f"{name}-{number}", text="nog een")
    heard: Counter[str] = Counter()
    while heard.total() < count:
        frame = await browser.read()
        if frame["t"] in ("ack", "error"):
            heard[str(frame.get("code", "ack"))] += 1
    return heard


async def test_more_pages_of_one_browser_may_say_no_more_than_one(
    stage: Stage, crowd: Crowd
) -> None:
    alice = crowd.browser()
    heard: Counter[str] = Counter()
    for page in range(5):
        await alice.open()
        heard += await flood(alice, 40, f"p{page}")
    print(dict(heard))
    assert heard["ack"] + heard["too_fast"] == 200
    assert heard["ack"] <= BURST + 40


async def test_others_are_answered_at_once_while_one_floods(stage: Stage, crowd: Crowd) -> None:
    alice, bob = crowd.browser(), crowd.browser()
    await alice.open()
    await bob.open()
    flooding = asyncio.create_task(flood(alice, 10_000, "m"))
    await bob.send(t="say", id="b-1", text="Dag")
    await bob.until("ack")
    assert not flooding.done()
    flooding.cancel()


async def test_too_many_open_pages_are_refused_and_a_place_comes_free(
    stage: Stage, crowd: Crowd
) -> None:
    stage.web.limits.places.most = 3
    browsers = [crowd.browser() for _ in range(3)]
    for browser in browsers:
        await browser.open()
    late = crowd.browser()
    await late.get()
    with pytest.raises(Exception, match="503"):
        await late.connect()
    assert browsers[0].socket is not None
    await browsers[0].socket.close()
    await late.open()


async def test_a_page_that_never_reads_is_cut_off_and_holds_up_nobody(
    stage: Stage, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "QUEUE", 50)
    alice, bob = crowd.browser(), crowd.browser()
    await alice.open()
    address = stage.address
    await bob.open()
    async with asyncio.timeout(60):
        for _ in range(400):
            await stage.show(address, Say("x" * 60_000))
            await asyncio.sleep(0)
        await bob.send(t="say", id="b-1", text="Dag")
        await bob.until("ack")
    async with asyncio.timeout(30):
        while await _open(stage, address):
            pass


async def _open(stage: Stage, address: str) -> bool:
    await asyncio.sleep(0.01)
    return address in stage.web._open


async def test_a_flood_in_telegram_is_answered_in_few_messages_and_delays_nobody(
    house: House,
) -> None:
    alice, bob = house.phone("Alice"), house.phone("Bob")
    await alice.say("/start")
    before = len(alice.sentences)
    for number in range(300):
        await alice.user.send(f"bericht {number}")
    answers = house.api.fault("send*", "held", times=300, chat_id=alice.user.id)
    await bob.user.send("/start")
    await bob.user.wait_for("Welkom", 30)
    assert not alice.since(before)
    answers.released.set()
    await house.settle()
    told = alice.since(before)
    print(f"300 messages, {len(told)} answers")
    assert told
    assert len(told) <= 300


async def test_what_waits_for_one_person_is_bounded_and_nothing_is_lost(house: House) -> None:
    alice, bob = house.phone("Alice"), house.phone("Bob")
    await alice.say("/start")
    await alice.tap("Een inwoner", "Ja, ik doe mee", "Ja, 16 of ouder", "Wat goed ging")
    before = len(alice.sentences)
    house.api.fault("sendMessage", "error", status=429, retry_after=60)
    commands = ("/hulp", "/privacy", "/mijngegevens", "/mijnverhalen", "/taal")
    for number in range(200):
        await alice.user.send(f"zin {number}")
        await alice.user.send(commands[number % len(commands)])
    await bob.user.send("/start")
    await bob.user.wait_for("Welkom", 30)
    await until(lambda: not house.api.world.updates.waiting)
    house.clock.move(seconds=61)
    await house.settle()
    told = alice.since(before)
    print(f"400 messages, {len(told)} answers")
    assert len(told) < 100
    assert "stuurt veel berichten" in told[-1]
    await alice.say("Nog een zin van later.")
    assert "Dat staat er ook bij." in alice.read
    draft = await drafted(house, alice.user.id)
    assert [part for part in draft if part.startswith("zin")] == [f"zin {n}" for n in range(200)]


async def drafted(house: House, chat: int) -> list[str]:
    """The parts of the story that someone is telling."""

    def look(session: Snapshot) -> list[str]:
        person = people.find(session, "telegram", str(chat))
        state = states.load(session, person.id) if person else None
        return [part.text for part in state.draft] if state else []

    return await house.app.database.read(look)
