"""Who writes: one person whatever is told of them, and whatever they send is answered."""

from __future__ import annotations

import json

import aiohttp

from tests.end_to_end.scripts import RESIDENT, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse


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
