"""Nothing is lost, doubled or sent freely outside the window, whatever the server does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.end_to_end.scripts import RESIDENT, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse, ready


async def test_outside_the_window_one_template_asks_and_what_waits_goes_on_an_answer(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:6])
    house.clock.move(days=2, hours=1)
    await house.due()  # the reminder of a draft
    async with asyncio.timeout(60):
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
    await alice.until_shown()
    assert alice.sentences == ["[vertelbot_vraag]"]
    await alice.say("ja")
    assert any("Wie vertelt er?" in each for each in alice.sentences)


@pytest.mark.parametrize("fault", ["before", "after", (500, True), (500, False), 131056, 4, 131000])
async def test_whatever_happens_to_a_call_its_message_comes_once(
    house: WhatsAppHouse, api: CloudApi, fault: Any
) -> None:
    alice = house.teller()
    api.fault(fault)
    await alice.phone.send("hallo")
    await alice.until_shown(minutes=1)
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
    async with asyncio.timeout(60):
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
    await alice.until_shown(minutes=6)
    assert (await ready(house))["checks"]["whatsapp"]
    assert len(alice.phone.shown) == 1
