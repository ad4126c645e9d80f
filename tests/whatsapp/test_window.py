"""Nothing is lost, doubled or sent freely outside the window, whatever the server does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.bells.bell_address import read_address
from bot.channels.base import Bell
from bot.delivery.enqueue import enqueue
from storage.bells import bells
from storage.people import people
from tests.end_to_end.scripts import RESIDENT, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import PUBLIC, WhatsAppHouse, whatsapp_running


@pytest.fixture
async def api() -> AsyncIterator[CloudApi]:
    async with CloudApi() as api:
        yield api


@pytest.fixture
async def house(api: CloudApi, tmp_path: Path) -> AsyncIterator[WhatsAppHouse]:
    async with whatsapp_running(tmp_path, api) as house:
        yield house


@pytest.fixture
async def belfry(api: CloudApi, tmp_path: Path) -> AsyncIterator[WhatsAppHouse]:
    """A number that only rings."""
    async with whatsapp_running(tmp_path, api, "doorbell") as house:
        yield house


async def ready(house: WhatsAppHouse) -> Any:
    port = house.app.settings.web.port
    url = f"http://127.0.0.1:{port}/ready"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.json()


# -- the window


async def test_outside_the_window_one_template_asks_and_what_waits_goes_on_an_answer(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:6])
    house.clock.move(days=2, hours=1)
    await house.due()  # the reminder of a draft
    async with _until():
        while alice.read != "[vertelbot_vraag]":
            await house.api.settled()
    for _ in range(2):  # however often it is tried
        house.clock.move(minutes=11)
        house.app.outbox.wake()
        await house.api.settled()
    templates = [each for each in alice.sentences if each.startswith("[")]
    assert templates == ["[vertelbot_vraag]"]
    assert api.outside == 0
    await alice.say("hoi")
    reminder = house.app.services.shelf.library.phrases("nl").get("reminder_draft", "u")
    assert reminder.partition(".")[0] in "\n".join(alice.sentences)
    assert api.outside == 0
    assert api.refused == {}


async def test_ten_minutes_before_its_end_the_window_counts_as_closed(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    await alice.say("hallo")
    channel = house.app.whatsapp
    assert channel is not None
    assert await channel.channel.ledger.is_open(alice.phone.user)
    house.clock.move(hours=23, minutes=51)
    assert not await channel.channel.ledger.is_open(alice.phone.user)


async def test_a_message_that_fails_for_the_window_afterwards_waits_and_is_not_lost(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    api.again = 0.0  # what is posted again opens the window anew
    api.fail_later.append(131047)
    await alice.phone.send("hallo")
    async with _until():
        while not alice.phone.shown:
            await api.settled()
    assert alice.sentences == ["[vertelbot_vraag]"]
    await alice.say("ja")
    assert any("Wie vertelt er?" in each for each in alice.sentences)


# -- losing answers


@pytest.mark.parametrize("fault", ["before", "after", (500, True), (500, False), 131056, 4, 131000])
async def test_whatever_happens_to_a_call_its_message_comes_once(
    house: WhatsAppHouse, api: CloudApi, fault: Any
) -> None:
    alice = house.teller()
    api.fault(fault)
    await alice.phone.send("hallo")
    async with _until():
        while not alice.phone.shown:
            house.clock.move(minutes=1)
            house.app.outbox.wake()
            await api.settled()
    await house.settle()
    assert len(alice.phone.shown) == 1
    await alice.tap("Een inwoner")
    assert len(alice.phone.shown) == 2


async def test_what_a_person_must_mend_stops_the_channel_and_keeps_the_rows(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    api.fault(190)
    await alice.phone.send("hallo")
    async with _until():
        while not api.refused[190]:
            await api.settled()
    found = await ready(house)
    assert found["ok"]
    assert not found["checks"]["whatsapp"]
    assert "token" in found["whatsapp_stopped"]["mend"]
    assert [row for row in await house.rows("outbox") if row.state == "pending"]
    channel = house.app.whatsapp
    assert channel is not None
    channel.channel.standstill.quiet_until = 0.0
    async with _until():
        while not alice.phone.shown:
            house.clock.move(minutes=6)
            house.app.outbox.wake()
            await api.settled()
    assert (await ready(house))["checks"]["whatsapp"]
    assert len(alice.phone.shown) == 1


# -- people


async def test_who_is_known_by_a_number_and_then_by_an_id_stays_one_person(
    house: WhatsAppHouse,
) -> None:
    alice = house.teller()
    alice.phone.hide_user = True
    await tell(alice, RESIDENT[:3])
    alice.phone.hide_user = False
    await tell(alice, RESIDENT[3:5])
    alice.phone.hide_number = True
    await tell(alice, RESIDENT[5:6])
    alice.phone.change_number("31699999999", "NL.another")
    await house.settle()
    await tell(alice, RESIDENT[6:9])
    assert len(await house.rows("person")) == 1
    stored = b"".join(bytes(row.sealed) for row in await house.rows("person"))
    assert b"NL.another" not in stored


async def test_a_part_that_is_taken_back_leaves_the_story(house: WhatsAppHouse) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:6])
    second = await alice.phone.send("Dit had ik niet moeten typen.")
    await house.settle()
    await alice.phone.revoke(second)
    await house.settle()
    assert "staat niet meer in het verhaal" in alice.read
    await tell(alice, RESIDENT[7:12])
    shown = "\n".join(alice.sentences)
    assert "Dit had ik" not in shown


async def test_choices_can_be_typed_by_number(house: WhatsAppHouse) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:9])
    assert "6. Opgelucht" in alice.read
    await alice.say("6, 7")
    assert alice.read.startswith("Gekozen: Opgelucht, Trots.")


async def test_quick_messages_and_things_that_are_no_text_are_answered(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:5])
    for number in range(4):
        await alice.phone.send(f"Deel {number}.")
    await house.settle()
    before = len(alice.phone.shown)
    for kind in ("sticker", "reaction", "location", "unsupported", "from_the_future"):
        await alice.phone.other(kind, {})
        await house.settle()
        assert len(alice.phone.shown) > before, kind
        before = len(alice.phone.shown)
    await alice.phone.file("audio", b"OggS nonsense", "audio/ogg")
    await house.settle()
    assert len(alice.phone.shown) > before
    assert api.refused == {}


# -- the bell


async def _ring(house: WhatsAppHouse, number: str) -> str:
    """Somebody with a page and this bell; the bell rings. Their id."""
    now = house.clock.now()

    def put(connection: Any) -> str:
        page = people.find_or_make(connection, "web", f"page{number}", "nl", "2026-W47")
        bells.put(connection, page.id, "whatsapp", number)
        bell = Bell("Vertelbot", "Er wacht een vraag.", f"{PUBLIC}/v/token", "nl")
        enqueue(connection, ("whatsapp", number, "nl"), bell, "reply", now)
        return page.id

    person = await house.app.database.write(put)
    house.app.outbox.wake()
    await house.settle()
    return person


async def test_a_bell_is_a_template_and_words_to_it_get_the_link(
    belfry: WhatsAppHouse, api: CloudApi
) -> None:
    alice = belfry.teller()
    person = await _ring(belfry, alice.phone.number)
    assert alice.sentences == ["[vertelbot_bel]"]
    (call,) = [message for _, message in api.calls]
    button = call["template"]["components"][0]
    assert button["parameters"] == [{"type": "text", "text": "v/token"}]
    await alice.say("Ik wil iets heel persoonlijks vertellen")
    assert PUBLIC in alice.read
    assert "persoonlijks" not in repr(await belfry.rows("outbox"))
    alice.phone.hide_number = True  # only the id of the account is told by now
    await alice.say("STOP")
    assert "geen berichten meer" in alice.read
    read = belfry.app.database.read
    page = await read(lambda s: people.by_id(s, person))
    assert page is not None
    assert page.memory.prompts == "off"
    before = len(alice.phone.shown)
    await _ring(belfry, alice.phone.number)
    assert len(alice.phone.shown) == before
    await alice.say("toch maar wel")
    page = await read(lambda s: people.by_id(s, person))
    assert page is not None
    assert page.memory.prompts == ""
    assert len(await belfry.rows("person")) == 1
    assert api.outside == 0


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "+31 6 12345678", "0031612345678"])
def test_a_typed_number_is_kept_as_whatsapp_writes_it(typed: str) -> None:
    assert read_address("tel", typed, "whatsapp") == "31612345678"
    assert read_address("tel", typed, "sms") == "+31612345678"


async def test_a_number_that_only_rings_says_who_can_help_where_that_is_asked(
    belfry: WhatsAppHouse,
) -> None:
    alice = belfry.teller()
    for words in ("Hulp!", "help me", "ik wil niet meer leven"):
        await alice.say(words)
        assert "112" in alice.read, words
        assert PUBLIC in alice.read
        assert words not in repr(await belfry.rows("inbox"))
    await alice.say("Ze hielp mij goed.")
    assert "112" not in alice.read
    assert await belfry.rows("person") == []


async def test_an_answer_to_nobody_who_is_kept_goes_again_when_it_failed_and_is_kept_no_longer(
    belfry: WhatsAppHouse, api: CloudApi
) -> None:
    alice = belfry.teller()
    api.fail_later.extend([131000, 131000])
    await alice.phone.send("Hulp!")
    async with _until():
        while not alice.phone.shown:
            belfry.clock.move(minutes=6)
            belfry.app.outbox.wake()
            await api.settled()
    await belfry.settle()
    assert [("112" in each.text) for each in alice.phone.shown] == [True]
    assert [await belfry.rows(name) for name in ("person", "outbox")] == [[], []]
    api.tells = False  # no status comes: the phone may be off
    await alice.phone.send("Hulp!")
    async with _until():
        while not [row for row in await belfry.rows("outbox") if row.state == "sent"]:
            await api.settled()
    await belfry.app.purge()
    assert await belfry.rows("outbox")
    assert await belfry.rows("whatsappcontact")  # it may have to go again
    belfry.clock.move(days=1, minutes=1)
    await belfry.app.purge()
    assert await belfry.rows("outbox") == []
    await belfry.app.purge()
    assert await belfry.rows("whatsappcontact") == []


async def test_an_answer_that_never_arrives_is_not_kept_for_nobody(
    belfry: WhatsAppHouse, api: CloudApi
) -> None:
    alice = belfry.teller()
    for code, calls in ((131047, 1), (131026, 1), (131051, 1), (131000, 6)):
        api.fail_later.extend([code] * 10)
        before = len(api.calls)
        await alice.phone.send("Hulp!")
        async with _until():
            while len(api.calls) == before or await belfry.rows("outbox"):
                belfry.clock.move(minutes=6)
                belfry.app.outbox.wake()
                await api.settled()
        assert len(api.calls) == before + calls, code
        api.fail_later.clear()
        belfry.clock.move(minutes=6)


@pytest.mark.parametrize("mode", ["doorbell", "conversation"])
async def test_who_writes_again_after_wanting_nothing_hears_that_messages_come_again(
    api: CloudApi, tmp_path: Path, mode: Any
) -> None:
    async with whatsapp_running(tmp_path, api, mode) as house:
        alice = house.teller()
        await alice.say("hallo")
        await alice.say("nooit meer")
        assert "geen berichten meer" in alice.read
        await alice.say("toch weer")
        assert "hier weer berichten" in alice.read
        await alice.say("en nog iets")
        assert "hier weer berichten" not in alice.read


async def test_a_number_with_a_plus_is_the_same_person(belfry: WhatsAppHouse) -> None:
    """As coordinators have it; who wants no messages gets none there either."""
    alice = belfry.teller()
    await _ring(belfry, f"+{alice.phone.number}")
    assert alice.sentences == ["[vertelbot_bel]"]
    await alice.say("STOP")
    before = len(alice.phone.shown)
    await _ring(belfry, f"+{alice.phone.number}")
    assert len(alice.phone.shown) == before


async def test_with_too_many_new_people_a_day_the_others_wait(
    belfry: WhatsAppHouse, api: CloudApi
) -> None:
    channel = belfry.app.whatsapp
    assert channel is not None
    channel.channel.ledger._most = api.tier = 2
    tellers = [belfry.teller(name) for name in ("Alice", "Bob", "Carla")]
    now = belfry.clock.now()
    link = f"{PUBLIC}/v/x"
    for each in tellers:
        to = ("whatsapp", each.phone.number, "nl")
        bell = Bell("Vertelbot", "Er wacht een vraag.", link, "nl")
        put = partial(enqueue, to=to, effect=bell, lane="reply", due=now)
        await belfry.app.database.write(put)
    belfry.app.outbox.wake()
    async with _until():
        while sum(bool(each.phone.shown) for each in tellers) < 2:
            await api.settled()
    belfry.clock.move(minutes=11)
    belfry.app.outbox.wake()
    await api.settled()
    assert sum(len(each.phone.shown) for each in tellers) == 2
    belfry.clock.move(days=1)
    belfry.app.outbox.wake()
    async with _until():
        while not all(each.phone.shown for each in tellers):
            await api.settled()
    assert [len(each.phone.shown) for each in tellers] == [1, 1, 1]
    assert api.refused == {}


# -- the door


async def test_only_who_has_the_secret_posts_and_only_who_knows_the_token_subscribes(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    body = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()
    assert await api.post_raw(body) == 200
    assert await api.post_raw(body, "sha256=00") == 403
    assert await api.post_raw(b"[]") == 400
    asked = {"hub.mode": "subscribe", "hub.verify_token": api.verify_token, "hub.challenge": "42"}
    async with aiohttp.ClientSession() as session:
        async with session.get(api.callback, params=asked) as answer:
            assert (answer.status, await answer.text()) == (200, "42")
        wrong = {**asked, "hub.verify_token": "no"}
        async with session.get(api.callback, params=wrong) as answer:
            assert answer.status == 403


def _until() -> Any:
    return asyncio.timeout(60)
