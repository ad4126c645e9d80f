"""What Meta posts about the account and the number: it stops, warns, and moves the budget; and who
tells WhatsApp to stop is left alone there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import TryLater
from bot.channels.whatsapp.account_notice import people_of
from bot.channels.whatsapp.graph_errors import Cause, Halted
from bot.channels.whatsapp.standstill import Standstill
from storage.bells import bells
from storage.engine.transaction import Transaction
from storage.people import people
from storage.whatsapp import account_facts, contacts
from tests.end_to_end.kit import MovableClock, settings
from tests.end_to_end.scripts import RESIDENT, tell
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse, ready, whatsapp_running
from tests.whatsapp.test_template_page import logged_in


async def posted(api: CloudApi, field: str, value: Any, **entry: Any) -> None:
    """Post a change of the account; it is taken."""
    one = {"id": api.account_id, "changes": [{"field": field, "value": value}], **entry}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [one]}).encode()
    assert await api.post_raw(body) == 200


async def new_people(house: WhatsAppHouse, configured: int = 0) -> int | None:
    return await house.app.database.read(lambda s: account_facts.new_people(s, configured))


BANNED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}
GIVEN_BACK = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
SCHEDULED = {
    "event": "DISABLED_UPDATE",
    "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2027"},
}
RESTRICTED = {
    "event": "ACCOUNT_RESTRICTION",
    "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}],
}


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [
        ("account_update", BANNED, "account"),
        ("account_update", {"event": "ACCOUNT_DELETED"}, "account"),
        ("account_update", RESTRICTED, "policy"),
        ("account_review_update", {"decision": "REJECTED"}, "account"),
    ],
)
async def test_an_account_that_may_not_send_stops_the_channel_and_goes_on_when_it_is_given_back(
    house: WhatsAppHouse, api: CloudApi, field: str, value: Any, cause: str
) -> None:
    await posted(api, field, value)
    said = await ready(house)
    assert said["ok"]
    assert said["whatsapp_stopped"]["cause"] == cause
    assert said["whatsapp_stopped"]["mend"]
    page = await (await logged_in(house)).page("/coordinator/whatsapp")
    assert "neemt nu niets van ons aan" in page
    calls = len(api.calls)
    await house.teller().phone.send("hallo")
    assert len(api.calls) == calls  # the answer waits
    await posted(api, "account_update", GIVEN_BACK)
    assert "whatsapp_stopped" not in await ready(house)
    house.app.outbox.wake()
    await house.settle()
    assert house.teller().phone.shown


async def test_a_stop_that_was_posted_outlives_a_restart_and_an_older_post_brings_nothing_back(
    api: CloudApi, tmp_path: Path
) -> None:
    given, clock = settings(tmp_path), MovableClock()
    async with whatsapp_running(tmp_path, api, clock=clock, given=given) as house:
        now = int(clock.now().timestamp())
        await posted(api, "account_update", BANNED, time=now - 60)
    async with whatsapp_running(tmp_path, api, clock=clock, given=given) as house:
        assert (await ready(house))["whatsapp_stopped"]["cause"] == "account"
        calls = len(api.calls)
        await house.teller().phone.send("hallo")
        assert len(api.calls) == calls
        await posted(api, "account_update", GIVEN_BACK, time=now - 30)
        await posted(api, "account_update", BANNED, time=now - 60)
        assert "whatsapp_stopped" not in await ready(house)
    async with whatsapp_running(tmp_path, api, clock=clock, given=given) as house:
        assert "whatsapp_stopped" not in await ready(house)
        house.app.outbox.wake()
        clock.move(minutes=10)
        await house.settle()
        assert house.teller().phone.shown


async def test_of_several_processes_each_knows_what_was_posted_to_one(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    heard: list[Cause | None] = []
    channel = house.app.whatsapp
    assert channel is not None
    ledger, now = channel.channel.ledger, house.clock.now
    other = Standstill(ledger, now, heard.append)
    await other.must_go()
    for code in (190, 131042):  # of which a status or an error in a post may speak, too
        await channel.channel.standstill.posted(code)
        with pytest.raises(TryLater):
            await other.must_go()
        house.clock.move(seconds=1)
        await other.taken(now())
        await channel.channel.standstill.must_go()
    assert heard == ["token", None, "payment", None]
    began = now()
    house.clock.move(seconds=1)
    await posted(api, "account_update", RESTRICTED)
    await other.taken(began)  # it was on its way
    with pytest.raises(TryLater):
        await other.must_go()
    await posted(api, "account_update", GIVEN_BACK)
    await other.must_go()
    other.refused(Halted(190, "token"))
    await posted(api, "account_update", GIVEN_BACK)
    with pytest.raises(TryLater):  # another account was never what it needed
        await other.must_go()


async def test_what_is_about_another_account_changes_nothing(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    await posted(api, "account_update", BANNED, id="another")
    limit = {"max_daily_conversations_per_business": "TIER_2K"}
    await posted(api, "business_capability_update", limit, id="another")
    assert "whatsapp_stopped" not in await ready(house)
    assert await new_people(house) == account_facts.STARTING


async def test_the_budget_of_new_people_follows_what_meta_tells_unless_that_is_older(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    now = int(house.clock.now().timestamp())
    limit = {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25}
    await posted(api, "business_capability_update", limit, time=now - 60)
    assert await new_people(house) == 2000
    assert await new_people(house, configured=100) == 100
    page = await (await logged_in(house)).page("/coordinator/whatsapp")
    assert "met 2000 nieuwe mensen" in page
    old = {"event": "DOWNGRADE", "current_limit": "TIER_250"}
    await posted(api, "phone_number_quality_update", old, time=now - 120)
    assert await new_people(house) == 2000
    throughput = {"event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"}
    await posted(api, "phone_number_quality_update", throughput, time=now)
    assert await new_people(house) == 2000
    more = {"event": "UPGRADE", "max_daily_conversations_per_business": "TIER_UNLIMITED"}
    await posted(api, "phone_number_quality_update", more, time=now)
    assert await new_people(house) is None


def test_a_number_of_people_is_read_in_every_shape() -> None:
    shapes = {"TIER_50": 50, "TIER_2K": 2000, "TIER_100K": 100_000, 250: 250, "-1": -1, -1: -1}
    assert {shape: people_of(shape) for shape in shapes} == shapes
    shapeless: list[Any] = [None, "TIER_NOT_SET", "", "0", "TIER_K", "1e9", [], 10**30]
    assert [people_of(each) for each in shapeless] == [None] * len(shapeless)


async def test_what_meta_warns_of_stands_on_the_page_until_it_is_over(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    association = await logged_in(house)
    for field, value, said in (
        ("phone_number_quality_update", {"event": "FLAGGED"}, "blokkeren dit nummer vaak"),
        ("account_update", SCHEDULED, "April 17, 2027"),
        (
            "account_update",
            {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "<SCAM>"}},
            "<SCAM>",
        ),
    ):
        await posted(api, field, value)
        assert said in await association.page("/coordinator/whatsapp")
        assert "Meta waarschuwt" in await association.page("/coordinator")
    assert "whatsapp_stopped" not in await ready(house)
    await posted(api, "phone_number_quality_update", {"event": "UNFLAGGED"})
    await posted(api, "account_update", GIVEN_BACK)
    page = await association.page("/coordinator/whatsapp")
    for said in ("blokkeren dit nummer vaak", "April 17, 2027", "SCAM"):
        assert said not in page


async def test_complaints_about_a_template_and_another_category_are_said(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    association = await logged_in(house)
    await association.page("/coordinator/whatsapp", ask=True)
    its = {"message_template_name": "vertelbot_bel", "message_template_language": "nl"}
    await posted(api, "message_template_quality_update", {**its, "new_quality_score": "RED"})
    next_day = {"correct_category": "MARKETING", "new_category": "UTILITY"}
    await posted(api, "template_category_update", {**its, **next_day})
    page = await association.page("/coordinator/whatsapp")
    assert "mensen klagen erover" in page
    assert "als reclame" in page
    await posted(api, "message_template_quality_update", {**its, "new_quality_score": "GREEN"})
    await posted(api, "template_category_update", {**its, "new_category": "UTILITY"})
    page = await association.page("/coordinator/whatsapp")
    assert "mensen klagen erover" not in page
    assert "als reclame" not in page


async def test_a_paused_template_does_not_go_again_because_somebody_likes_it(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    its = {"message_template_name": "vertelbot_bel", "message_template_language": "nl"}
    await posted(api, "message_template_status_update", {**its, "event": "PAUSED"})
    for score in ("RED", "GREEN", "UNKNOWN"):
        await posted(api, "message_template_quality_update", {**its, "new_quality_score": score})
    page = await (await logged_in(house)).page("/coordinator/whatsapp")
    assert "Gepauzeerd" in page


def wish(api: CloudApi, number: str, said: str, at: int) -> dict[str, Any]:
    one = {
        "wa_id": number,
        "category": "marketing_messages",
        "value": said,
        "timestamp": at,
        "detail": "User requested it",
    }
    contact = {"profile": {"name": "Alice de Wit"}, "wa_id": number}
    metadata = {"phone_number_id": api.number_id}
    return {"metadata": metadata, "contacts": [contact], "user_preferences": [one]}


async def test_who_tells_whatsapp_to_stop_is_not_rung_there_until_they_resume_or_write(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    alice = house.teller()
    await tell(alice, RESIDENT[:2])
    shown, now = len(alice.phone.shown), int(house.clock.now().timestamp())

    async def is_out() -> bool:
        return await house.app.database.read(lambda s: contacts.opted_out(s, alice.phone.user))

    stop = wish(api, alice.phone.number, "stop", now + 10)
    await posted(api, "user_preferences", stop)
    assert await is_out()
    assert len(alice.phone.shown) == shown  # nothing is said about it
    await posted(api, "user_preferences", wish(api, alice.phone.number, "resume", now + 20))
    assert not await is_out()
    await posted(api, "user_preferences", stop)  # it comes again, late
    assert not await is_out()
    await posted(api, "user_preferences", wish(api, alice.phone.number, "stop", now + 30))
    assert await is_out()
    house.clock.move(minutes=1)
    await alice.say("toch wel")
    assert not await is_out()
    await posted(api, "user_preferences", wish(api, alice.phone.number, "stop", now + 40))
    assert not await is_out()  # older than those words


async def test_a_wish_at_whatsapp_shuts_that_bell_and_no_other(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    number = "31612345678"

    def given(connection: Transaction) -> str:
        person = people.find_or_make(connection, "web", "page", "nl", "2026-W48")
        bells.put(connection, person.id, "whatsapp", number)
        return person.id

    person_id = await house.app.database.write(given)
    await posted(api, "user_preferences", wish(api, number, "stop", 0))
    person, out = await house.app.database.read(
        lambda s: (people.by_id(s, person_id), contacts.opted_out(s, number))
    )
    assert out
    assert person is not None
    assert person.memory.prompts == ""
