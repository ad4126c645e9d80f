"""Planning a meeting in the chat, by a coordinator."""

from __future__ import annotations

from bot.meetings import agenda
from storage.coordinators import coordinators
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import Meetings

PROMPT = "Je was te gast bij Wijkteam Oost."


async def becomes_coordinator(bot: Meetings, alice: Phone) -> None:
    app = bot.house.app
    address = str(alice.user.id)
    await app.database.write(
        lambda c: coordinators.add(
            c, app.services.vault, "association", "Alice", channel="telegram", address=address
        )
    )


async def test_a_coordinator_plans_a_meeting_in_the_chat(bot: Meetings, alice: Phone) -> None:
    await becomes_coordinator(bot, alice)
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Jeugd")
    await alice.say("1 december 14:00-16:00")
    await alice.tap("Elke week")
    assert "Leergroep Jeugd: dinsdag 1 december 14:00–16:00" in alice.read
    await alice.tap("Ja, zet het erin")
    assert "/m/" in alice.read
    await alice.say("/bijeenkomst")
    await alice.tap("Wat er gepland is")
    assert "0 doen mee" in alice.read


async def test_a_meeting_in_an_hour_that_utc_calls_skipped_can_be_planned_in_the_chat(
    bot: Meetings, alice: Phone
) -> None:
    await becomes_coordinator(bot, alice)
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Nachtdienst", "28 maart 2027 04:30-05:30")
    await alice.tap("Nee, één keer")
    assert "zondag 28 maart 2027 04:30–05:30" in alice.read
    await alice.tap("Ja, zet het erin")
    assert "/m/" in alice.read


async def test_a_time_that_no_meeting_can_have_is_asked_again_in_the_chat(
    bot: Meetings, alice: Phone
) -> None:
    await becomes_coordinator(bot, alice)
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Jeugd")
    again = "Die tijd lees ik niet."
    for typed in (
        "1 december 2150 14:00-16:00",
        "28 maart 2027 02:30-04:00",
        "31-12-9999 23:00-1:00",
    ):
        await alice.say(typed)
        assert again in alice.read
    await alice.say("1 december 14:00-16:00")
    await alice.tap("Nee, één keer")
    await alice.tap("Ja, zet het erin")
    assert "/m/" in alice.read


async def test_a_meeting_is_not_planned_twice_in_the_chat(bot: Meetings, alice: Phone) -> None:
    await becomes_coordinator(bot, alice)
    said = []
    for end in ("16:00", "16:00", "17:00"):
        await alice.say("/bijeenkomst")
        await alice.tap("Een leergroep")
        await alice.say("Jeugd", f"1 december 14:00-{end}")
        await alice.tap("Nee, één keer")
        await alice.tap("Ja, zet het erin")
        said.append(alice.read)
    assert all("/m/" in each for each in said), said
    assert said[0] == said[1] != said[2]
    app = bot.house.app
    found = await app.database.read(lambda s: agenda.listed(s, app.services))
    assert sorted(f"{each.meeting.end:%H:%M}" for each in found) == ["15:00", "16:00"]
