"""A number that only rings: what it says, what it keeps of whom, and who wants no messages."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.bells.bell_address import read_address
from bot.channels.base import Bell
from bot.delivery.enqueue import enqueue
from bot.delivery.retries import TRIES_FOR_NOBODY
from storage.bells import bells
from storage.people import people
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import PUBLIC, WhatsAppHouse, whatsapp_running


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
    await alice.until_shown(minutes=6)
    await belfry.settle()
    assert [("112" in each.text) for each in alice.phone.shown] == [True]
    assert [await belfry.rows(name) for name in ("person", "outbox")] == [[], []]
    api.tells = False  # no status comes: the phone may be off
    await alice.phone.send("Hulp!")
    async with asyncio.timeout(60):
        while not [row for row in await belfry.rows("outbox") if row.state == "sent"]:
            await api.settled()
    await belfry.app.jobs.purge()
    assert await belfry.rows("outbox")
    assert await belfry.rows("whatsappcontact")  # it may have to go again
    belfry.clock.move(days=1, minutes=1)
    await belfry.app.jobs.purge()
    assert await belfry.rows("outbox") == []
    await belfry.app.jobs.purge()
    assert await belfry.rows("whatsappcontact") == []


async def test_an_answer_that_never_arrives_is_not_kept_for_nobody(
    belfry: WhatsAppHouse, api: CloudApi
) -> None:
    alice = belfry.teller()
    for code, calls in ((131047, 1), (131026, 1), (131051, 1), (131000, TRIES_FOR_NOBODY + 1)):
        api.fail_later.extend([code] * (TRIES_FOR_NOBODY + 5))
        before = len(api.calls)
        await alice.phone.send("Hulp!")
        async with asyncio.timeout(60):
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
    async with asyncio.timeout(60):
        while sum(bool(each.phone.shown) for each in tellers) < 2:
            await api.settled()
    belfry.clock.move(minutes=11)
    belfry.app.outbox.wake()
    await api.settled()
    assert sum(len(each.phone.shown) for each in tellers) == 2
    belfry.clock.move(days=1)
    belfry.app.outbox.wake()
    async with asyncio.timeout(60):
        while not all(each.phone.shown for each in tellers):
            await api.settled()
    assert [len(each.phone.shown) for each in tellers] == [1, 1, 1]
    assert api.refused == {}
