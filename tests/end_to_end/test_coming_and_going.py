"""Blocked and back, groups, links, and what time does."""

from __future__ import annotations

import pytest

from bot.meetings.link_choices import choices_of
from storage.coordinators import teams
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import (
    BRIEF,
    ONLY_KEEP,
    PROFESSIONAL,
    RESIDENT,
    YES_TO_ALL,
    Say,
    Tap,
    tell,
)

TOLD = RESIDENT[:8]


async def test_who_blocks_the_bot_is_left_alone_and_welcomed_back(
    house: House, alice: Phone
) -> None:
    await tell(alice, TOLD)
    await alice.act("block")
    calls = len(house.api.calls)
    house.clock.move(days=2, minutes=1)
    await house.due()
    assert not [c for c in house.api.calls[calls:] if c.chat_id == alice.user.id]
    await alice.act("unblock")
    assert any("Fijn dat u er weer bent" in each for each in alice.sentences[-2:])
    assert "Wilt u verder waar u was?" in alice.read
    await alice.tap("Verder")
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert len(await house.stories()) == 1


async def test_a_send_that_meets_a_block_stops_what_waits(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:2])
    alice.user.chat.blocked = True  # without Telegram telling
    await alice.tap("Ja, ik doe mee")
    assert await house.count("outbox WHERE state = 'gone'") >= 1
    assert await house.count("person WHERE blocked") == 1
    alice.user.chat.blocked = False
    await alice.say("Ik ben er weer")
    assert any("er weer bent" in each for each in alice.sentences[-4:])
    assert "Wilt u verder waar u was?" in alice.read
    await alice.tap("Verder")
    assert "16 jaar" in alice.read
    assert await house.count("person WHERE blocked") == 0


async def test_a_group_is_answered_kindly_and_left(house: House) -> None:
    group = house.api.group()
    await group.add_bot()
    await group.send("/start")
    await house.settle()
    assert [m.text for m in group.messages] == [
        "Ik praat met één mens tegelijk. Stuur mij een eigen bericht. Ik ga nu uit deze groep."
    ]
    assert group.chat.gone
    assert await house.count("person") == 0
    assert await house.count("outbox") == 0


async def test_an_invitation_of_a_team_answers_the_questions_about_it(
    house: House, alice: Phone
) -> None:
    team = await house.team("Team Oost", "Zwolle")
    await alice.say(f"/start p-{team.code}")
    assert any("Doe je mee?" in each for each in alice.sentences)
    await tell(alice, PROFESSIONAL[2:], YES_TO_ALL)
    told = (await house.story()).telling
    assert (told.team, told.municipality) == (team.id, "zwolle")


async def test_a_link_without_a_role_asks_who_tells(house: House, alice: Phone) -> None:
    team = await house.team("Team Oost", "Zwolle")
    await alice.say(f"/start {team.code}")
    await alice.tap("Een inwoner")
    assert any("met Team Oost" in each for each in alice.sentences)


async def test_who_came_for_a_team_that_was_merged_tells_to_the_other(
    house: House, alice: Phone
) -> None:
    oost, west = [await house.team(name, "Zwolle") for name in ("Team Oost", "Team West")]
    await alice.say(f"/start {oost.code}")
    await house.app.database.write(lambda c: teams.merge(c, oost.id, west.id))
    await house.app.refresh()
    await alice.tap("Een inwoner")
    assert any("met Team West" in each for each in alice.sentences)
    assert not any("met Team Oost" in each for each in alice.sentences)


@pytest.mark.parametrize("carded", [False, True])
async def test_a_story_that_was_begun_follows_a_merge_until_its_card_is_shown(
    house: House, alice: Phone, carded: bool
) -> None:
    """By link and by choice: whoever saw the card saw to whom it goes, and there it stays."""
    oost, west = [await house.team(name, "Zwolle") for name in ("Team Oost", "Team West")]
    linked, bob = alice, house.phone("Bob")
    await linked.say(f"/start p-{oost.code}")
    await tell(linked, PROFESSIONAL[2:-1] if carded else PROFESSIONAL[2:10])
    place = next(at for at, deed in enumerate(BRIEF) if deed == Tap("Zo klopt het"))
    await tell(bob, BRIEF[:place])
    await bob.tap("Team Oost (Zwolle)")
    await house.app.database.write(lambda c: teams.merge(c, oost.id, west.id))
    await house.app.refresh()
    if not carded:
        await tell(linked, PROFESSIONAL[10:-1])
    for phone in (linked, bob):
        await tell(phone, (Tap("Zo klopt het"), *ONLY_KEEP))
    goes = {told.telling.kind: told.telling.team for told in await house.stories()}
    assert goes == {"professional": oost.id if carded else west.id, "resident": oost.id}


async def test_the_link_of_a_closed_team_leads_on(house: House, alice: Phone) -> None:
    for name, town in (("Team West", "Zwolle"), ("Team Zuid", "Zwolle"), ("Centrum", "Goes")):
        await house.team(name, town)
    oost = await house.team("Team Oost", "Zwolle")
    await house.app.database.write(lambda c: teams.close(c, oost.id))
    await house.app.refresh()
    services, now = house.app.services, house.clock.now()
    choices = await house.app.database.read(
        lambda s: choices_of(s, services, f"r-{oost.code}", "nl", now)
    )
    assert "Dit team is er niet meer" in " ".join(map(str, choices))
    assert [payload for payload, _ in choices.buttons] == ["resident", "professional"]
    await alice.say(f"/start r-{oost.code}")
    assert any("Dit team is er niet meer" in each for each in alice.sentences)
    await tell(alice, RESIDENT[1:-1])
    assert "Welk team was dit, en in welke gemeente?" in alice.read
    assert {"Team West (Zwolle)", "Team Zuid (Zwolle)"} <= set(alice.last.labels)
    assert "Team Oost (Zwolle)" not in alice.last.labels


async def test_municipality_and_team_are_chosen_by_button(house: House, alice: Phone) -> None:
    for name, town in (("Oost", "Zwolle"), ("West", "Zwolle"), ("Centrum", "Goes")):
        await house.team(name, town)
    await tell(alice, RESIDENT[:-1])
    assert "Welk team was dit, en in welke gemeente?" in alice.read
    await alice.tap("West (Zwolle)")
    await tell(alice, RESIDENT[-1:], YES_TO_ALL)
    assert (await house.story()).telling.team == "zwolle-west"


async def test_one_reminder_after_two_days_and_forgetting_after_seven(
    house: House, alice: Phone
) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=1, hours=23)
    await house.due()
    assert "Om welke zin draait het?" in alice.read
    house.clock.move(hours=1)
    await house.due()
    assert "Er staat nog een verhaal" in alice.read
    assert "Over 5 dagen" in alice.read
    said = len(alice.sentences)
    house.clock.move(days=4, hours=23)
    await house.due()
    assert await house.count("conversation") == 1
    assert alice.since(said) == []
    house.clock.move(hours=2)
    await house.due()
    assert alice.since(said) == []
    assert await house.count("outbox") == 0
    await alice.say("Hallo?")
    assert "weggegooid" in alice.read
    await alice.tap("Beginnen")
    assert "Doet u mee?" in alice.read


async def test_who_tells_on_is_reminded_and_forgotten_that_much_later(
    house: House, alice: Phone
) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=1)
    await tell(alice, RESIDENT[8:9])
    said = len(alice.sentences)
    house.clock.move(days=1, hours=1)
    await house.due()
    assert alice.since(said) == []
    house.clock.move(hours=23)
    await house.due()
    assert "Er staat nog een verhaal" in alice.read
    house.clock.move(days=4, hours=23)
    await house.due()
    assert await house.count("conversation") == 1
    house.clock.move(hours=1)
    await house.due()
    assert await house.count("timer") == 0
    await alice.say("Hallo?")
    assert "weggegooid" in alice.read


async def test_a_new_story_after_a_reminder_has_a_reminder_of_its_own(
    house: House, alice: Phone
) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=2)
    await house.due()
    await alice.tap("Gooi alles weg")
    await tell(alice, TOLD)
    said = len(alice.sentences)
    house.clock.move(days=2)
    await house.due()
    assert len([each for each in alice.since(said) if "Er staat nog" in each]) == 1


async def test_who_came_back_after_a_block_is_reminded(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    await alice.act("block")
    house.clock.move(days=3)
    await house.due()
    await alice.act("unblock")
    await alice.tap("Verder")
    said = len(alice.sentences)
    house.clock.move(days=2)
    await house.due()
    assert len([each for each in alice.since(said) if "Er staat nog" in each]) == 1


async def test_the_reminder_is_answered_with_its_buttons(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=2, seconds=1)
    await house.due()
    await alice.tap("Verder")
    assert "Om welke zin draait het?" in alice.read
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert len(await house.stories()) == 1


async def test_purging_late_still_tells_that_the_story_expired(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=8)
    await house.app.jobs.purge()
    await alice.say("/start")
    assert "weggegooid" in alice.read


async def test_who_was_never_told_a_story_gets_no_reminder_twice(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    said = len(alice.sentences)
    house.clock.move(days=6)
    await house.due()
    assert alice.since(said) == []


async def test_a_conversation_over_for_days_goes_on_with_a_word(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, (Tap("Nee, klaar"),))
    house.clock.move(days=30)
    await house.app.jobs.purge()
    await alice.say("Ik wil nog iets vertellen")
    await alice.tap("Beginnen")
    assert "Doet u mee?" in alice.read
    await tell(alice, (Say("/mijnverhalen"),))
    assert any("De stoel bij het raam" in m.labels for m in alice.user.messages)


HEAVY = "ik wil dood, ik zie het niet meer zitten"


async def test_a_cry_for_help_as_the_very_first_message_gets_help_first(
    house: House, alice: Phone
) -> None:
    await alice.say(HEAVY)
    first, last = alice.sentences
    assert first.startswith("Ik ben een computer en kan zelf geen hulp sturen.")
    assert first.index("113") < first.index("112")
    assert "Wil je verder vertellen?" in last
    await alice.tap("Verder")
    assert "Wie vertelt er?" in alice.sentences[-1]


@pytest.mark.parametrize("word", ["inwoner", "Een inwoner.", "resident"])
async def test_who_tells_can_be_typed_as_people_say_it(
    house: House, alice: Phone, word: str
) -> None:
    await alice.say(word)
    assert alice.sentences[-1] == "Doet u mee?"


@pytest.mark.parametrize("word", ["hulp", "Help!", "ik heb hulp nodig"])
async def test_who_asks_for_help_in_a_word_before_beginning_gets_it(
    house: House, alice: Phone, word: str
) -> None:
    await alice.say(word)
    assert "113" in alice.sentences[-1]


async def test_help_comes_first_at_every_question_of_the_desk(house: House, alice: Phone) -> None:
    for before in ("/start", "/mijnverhalen", "/wissen", "/taal", "/privacy", "/bijeenkomst"):
        await alice.say(before)
        count = len(alice.sentences)
        await alice.say(HEAVY)
        assert alice.since(count)[0].startswith("Ik ben een computer en kan zelf geen hulp"), (
            before,
            alice.since(count),
        )


async def test_who_writes_a_story_before_beginning_hears_that_it_is_not_kept(
    house: House, alice: Phone
) -> None:
    await alice.say("Vorige week kwam er iemand van het team langs.")
    assert "heb ik nog niet bewaard" in "\n".join(alice.sentences)
    assert "Wie vertelt er?" in alice.sentences[-1]
    await alice.say("hallo")
    assert "bewaard" not in alice.sentences[-1]


async def test_forwarded_words_are_not_taken_without_a_word(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    origin = {"type": "hidden_user", "sender_user_name": "Iemand", "date": 1}
    words = "Dat zei mijn buurvrouw over het team."
    await alice.act("send", text=words, forward_origin=origin)
    assert "Dit schreef iemand anders." in alice.read
    assert alice.last.labels == ["Klaar", "Iets weghalen"]
