"""Planning a meeting in the chat, by a coordinator."""

from __future__ import annotations

from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from storage.coordinators import coordinators
from storage.coordinators.coordinators import Role
from storage.weeks import week_of
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import Meetings

PROMPT = "Je was te gast bij Wijkteam Oost."


async def becomes_coordinator(bot: Meetings, alice: Phone, team: str = "") -> None:
    app = bot.house.app
    to = {"channel": "telegram", "address": str(alice.user.id)}
    role: Role = "team" if team else "association"
    now = week_of(app.clock.now())
    await app.database.write(
        lambda c: coordinators.add(c, role, "Alice", team=team, since=now, **to)
    )


async def planned(bot: Meetings) -> list[Meeting]:
    app = bot.house.app
    found = await app.database.read(agenda.listed)
    return [each.meeting for each in found]


async def test_a_coordinator_plans_a_meeting_in_the_chat(bot: Meetings, alice: Phone) -> None:
    await becomes_coordinator(bot, alice)
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Jeugd")
    await alice.tap("Dat weet ik nog niet")
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
    await alice.say("Nachtdienst")
    await alice.tap("Dat weet ik nog niet")
    await alice.say("28 maart 2027 04:30-05:30")
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
    await alice.tap("Dat weet ik nog niet")
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
        await alice.say("Jeugd")
        await alice.tap("Dat weet ik nog niet")
        await alice.say(f"1 december 14:00-{end}")
        await alice.tap("Nee, één keer")
        await alice.tap("Ja, zet het erin")
        said.append(alice.read)
    assert all("/m/" in each for each in said), said
    assert said[0] == said[1] != said[2]
    assert sorted(f"{each.end:%H:%M}" for each in await planned(bot)) == ["15:00", "16:00"]


async def test_a_team_that_is_not_known_is_asked_about_and_chosen_by_a_tap(
    bot: Meetings, alice: Phone
) -> None:
    await becomes_coordinator(bot, alice)
    await bot.house.team("Wijkteam Oost", "Zwolle")
    await alice.say("/bijeenkomst")
    await alice.tap("Een visite")
    await alice.say("Wijkteam Oots")
    assert "Wijkteam Oots ken ik niet." in alice.read
    await alice.tap("Wijkteam Oost")
    assert "Welk team komt op bezoek?" in alice.read
    await alice.say("Buurtploeg uit Gent")
    await alice.tap("De naam klopt zo")
    await alice.say("2 november 2026 14:00-16:00")
    await alice.tap("Nee, één keer")
    assert "Die dag is al voorbij. Klopt dat?" in alice.read
    await alice.tap("Ja, zet het erin")
    (made,) = await planned(bot)
    assert (made.host_team, made.guest_team) == ("Wijkteam Oost", "Buurtploeg uit Gent")


async def test_a_learning_group_has_all_its_teams_each_unknown_one_asked_about_once(
    bot: Meetings, alice: Phone
) -> None:
    teams = [await bot.house.team(name, "Zwolle") for name in ("Oost", "West", "Zuid")]
    await becomes_coordinator(bot, alice, teams[0].id)
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Jeugd", "west, Zuit; Politie")
    assert "Zuit ken ik niet." in alice.read
    await alice.say("zuid")
    assert "Politie ken ik niet." in alice.read
    await alice.say("Politie")
    await alice.say("1 december 14:00-16:00")
    await alice.tap("Elke week")
    await alice.tap("Ja, zet het erin")
    (made,) = await planned(bot)
    assert made.teams == ("Oost", "west", "zuid", "Politie")


async def test_a_team_plans_and_sees_only_where_it_is_itself(bot: Meetings, alice: Phone) -> None:
    """As on the page: neither a meeting of others nor the code of one."""
    teams = [await bot.house.team(name, "Zwolle") for name in ("Oost", "West", "Zuid")]
    chief = bot.house.phone("Bob")
    await becomes_coordinator(bot, chief)
    await becomes_coordinator(bot, alice, teams[0].id)
    for phone in (chief, alice):
        await phone.say("/bijeenkomst")
        await phone.tap("Een visite")
        await phone.say("West", "Zuid")
    assert "Je plant alleen waar je eigen team bij is." in alice.sentences
    assert "Welk team ontvangt?" in alice.read
    await chief.say("1 december 14:00-16:00")
    await chief.tap("Nee, één keer")
    await chief.tap("Ja, zet het erin")
    for phone, seen in ((chief, True), (alice, False)):
        await phone.say("/bijeenkomst")
        await phone.tap("Wat er gepland is")
        assert ("Code " in phone.read) is seen, phone.read
