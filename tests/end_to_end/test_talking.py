"""What people do while they tell: correct themselves, wander off, come back, press twice."""

from __future__ import annotations

import pytest

from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, Say, Tap, tell

BEGUN = RESIDENT[:5]
TOLD = RESIDENT[:8]


async def test_an_edit_amends_its_own_part(house: House, alice: Phone) -> None:
    await tell(alice, BEGUN)
    await alice.say("Ik belde op maandag.", "Woensdag kwam er iemand.")
    await alice.edit("Ik belde op maandag.", "Ik belde op dinsdag.")
    assert "zo staat het er nu" in alice.read
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    text = (await house.story()).telling.text
    assert text == "Ik belde op dinsdag.\n\nWoensdag kwam er iemand."


async def test_an_edit_after_the_card_shows_the_card_and_asks_again(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT)
    await alice.edit(RESIDENT[5].text, "Ik belde, en er kwam iemand.")  # type: ignore[union-attr]
    assert "Ik belde, en er kwam iemand." in alice.read
    assert await house.stories() == []
    await tell(alice, (Tap("Zo klopt het"),), YES_TO_ALL)
    assert (await house.story()).telling.text.startswith("Ik belde, en er kwam iemand.")


async def test_an_edit_after_keeping_points_to_the_own_stories(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    before = await house.story()
    await alice.edit("De stoel bij het raam", "De stoel bij de deur")
    assert any("Mijn verhalen" in each for each in alice.sentences[-2:])
    assert await house.story() == before


async def test_ten_quick_messages_are_one_story_in_their_order(house: House, alice: Phone) -> None:
    await tell(alice, BEGUN)
    said = len(alice.sentences)
    await alice.say(*(f"Zin {number}." for number in range(10)))
    assert 1 <= len(alice.since(said)) <= 10
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    text = (await house.story()).telling.text
    assert text.split("\n\n") == [f"Zin {number}." for number in range(10)]


async def test_an_album_is_answered_once_and_its_caption_is_kept(
    house: House, alice: Phone
) -> None:
    await tell(alice, BEGUN)
    said = len(alice.sentences)
    await alice.user.photo("Dit is de stoel van mijn moeder.", "album-1")
    await alice.user.photo("", "album-1")
    await alice.user.photo("", "album-1")
    await house.settle()
    assert sum("Die foto kan ik niet openen" in each for each in alice.since(said)) == 1
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    assert (await house.story()).telling.text == "Dit is de stoel van mijn moeder."


@pytest.mark.parametrize(
    "deed", ["sticker", "voice", "video", "document", "location", "contact", "photo"]
)
async def test_what_is_not_text_gets_a_kind_answer(alice: Phone, deed: str) -> None:
    await tell(alice, BEGUN)
    said = len(alice.sentences)
    await alice.act(deed)
    assert alice.since(said)


async def test_back_goes_to_any_depth_and_keeps_the_answers(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:13])
    for _ in range(3):
        await alice.say("/terug")
    assert "Om welke zin draait het?" in alice.read
    assert "Uw antwoord was: De stoel bij het raam" in alice.read
    await alice.tap("Laat zo staan")
    assert "✓ Opgelucht" in alice.last.labels
    await tell(alice, RESIDENT[11:], YES_TO_ALL)
    assert (await house.story()).telling.answers["feeling"] == ["relieved", "proud"]


async def test_stop_for_later_and_going_on(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    await alice.say("/stop")
    await alice.tap("Later verder")
    house.clock.move(days=1)
    await alice.say("Hallo, daar ben ik weer")
    assert "Wilt u verder waar u was?" in alice.read
    await alice.tap("Verder")
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert "daar ben ik weer" not in (await house.story()).telling.text


async def test_stop_and_throw_away_leaves_nothing(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    await alice.say("/stop")
    await alice.tap("Gooi alles weg")
    assert "weggegooid" in alice.read
    assert await house.stories() == []
    assert await house.count("outbox") == 1  # that it was thrown away


async def test_coming_back_with_start_offers_the_open_story(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    house.clock.move(days=3)
    await alice.say("/start")
    assert "Wilt u verder waar u was?" in alice.read
    await alice.tap("Opnieuw beginnen")
    assert "Doet u mee?" in alice.read


@pytest.mark.parametrize("payload", ["professional", "p-onbekend", "resident"])
async def test_a_link_never_begins_over_an_open_story(
    house: House, alice: Phone, payload: str
) -> None:
    await tell(alice, TOLD)
    await alice.say(f"/start {payload}")
    if payload == "p-onbekend":
        assert any("Deze link ken ik niet meer" in each for each in alice.sentences[-2:])
        await alice.tap("Een inwoner")
    assert "Wilt u verder waar u was?" in alice.read
    await alice.tap("Verder")
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert (await house.story()).telling.text.startswith("Ik belde op maandag")


async def test_an_old_button_of_the_other_role_can_still_be_chosen(alice: Phone) -> None:
    await alice.say("/start")
    asked = next(each for each in reversed(alice.user.messages) if each.buttons)
    other = asked.buttons[1]
    assert other.text == "Iemand van een team"
    await tell(alice, TOLD[1:])
    await alice.user.tap_data(other.data, asked.id)
    await alice.house.settle()
    await alice.tap("Opnieuw beginnen")
    assert "Doe je mee?" in alice.read


async def test_two_starts_in_a_row_ask_once_or_twice_and_lose_nothing(alice: Phone) -> None:
    await alice.say("/start", "/start")
    assert 1 <= len(alice.sentences) <= 3
    asked = next(each for each in reversed(alice.user.messages) if each.buttons)
    resident = asked.buttons[0].data
    await alice.tap("Een inwoner")
    said = len(alice.sentences)
    await alice.user.tap_data(resident, asked.id)
    await alice.user.tap_data(resident, asked.id)
    await alice.house.settle()
    assert set(alice.since(said)) == {"Doet u mee?"}


async def test_another_language_half_way_keeps_what_was_told(house: House, alice: Phone) -> None:
    await tell(alice, TOLD)
    await alice.say("/taal")
    await alice.tap("English")
    assert any("in English" in each for each in alice.sentences[-2:])
    await alice.say("The chair by the window")
    await alice.say("/taal nl")
    await tell(alice, RESIDENT[9:], YES_TO_ALL)
    story = (await house.story()).telling
    assert (story.sentence, story.language) == ("The chair by the window", "nl")
    assert story.text.startswith("Ik belde op maandag")


async def test_a_person_is_addressed_in_the_language_of_the_phone(house: House) -> None:
    carol = house.phone("Carol", "en-GB")
    await carol.say("/start")
    assert carol.last.labels == ["A resident", "Someone from a team", "Nederlands", "Help now"]


async def test_a_double_tap_counts_once(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:2])
    message, data = alice.last, alice.last.buttons[0].data
    await alice.user.tap_data(data, message.id)
    await alice.user.tap_data(data, message.id)
    await house.settle()
    assert "16 jaar" in alice.sentences[-2]
    assert alice.read == "Die keuze heb ik al."
    await tell(alice, RESIDENT[3:], YES_TO_ALL)
    assert len(await house.stories()) == 1


async def test_a_very_old_button_changes_nothing_and_is_answered(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:3])
    old, data = alice.last, alice.last.buttons[0].data
    await tell(alice, RESIDENT[3:8])
    await alice.user.tap_data(data, old.id)
    await house.settle()
    assert any("hoort bij een eerdere vraag" in each for each in alice.sentences[-2:])
    assert "Om welke zin draait het?" in alice.read


async def test_a_redelivered_update_changes_nothing(house: House, alice: Phone) -> None:
    await tell(alice, BEGUN)
    update = await alice.user.send("Ik belde op maandag en op dinsdag.")
    await house.settle()
    said = len(alice.sentences)
    for _ in range(3):
        house.api.world.updates.redeliver(update)
    await house.settle()
    assert alice.since(said) == []
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    assert (await house.story()).telling.text == "Ik belde op maandag en op dinsdag."


async def test_a_text_outside_a_question_is_never_swallowed(alice: Phone) -> None:
    await tell(alice, RESIDENT[:3])
    await alice.say("Wat bedoel je precies?")
    assert "16 jaar" in alice.read


async def test_typing_what_a_button_says_is_tapping_it(house: House, alice: Phone) -> None:
    await alice.say(
        "/start", "een inwoner", "Ja graag", "ja", "/overslaan", "Het ging goed zo en nu weer."
    )
    await alice.say("klaar", "overslaan")
    assert "Wat voelt u" in alice.read


async def test_a_citizen_service_number_is_masked_before_anything_is_kept(
    house: House, alice: Phone
) -> None:
    await tell(alice, BEGUN)
    await alice.say("Mijn nummer is 111222333, en toen ging het mis bij de balie.")
    assert any("Er stond een BSN" in each for each in alice.sentences[-2:])
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    assert (await house.story()).telling.text.startswith("Mijn nummer is [BSN], en toen")


async def test_help_is_one_tap_away(alice: Phone) -> None:
    await tell(alice, BEGUN)
    assert alice.user.keyboard == ["Hulp nu", "Stoppen"]
    await alice.say("Hulp nu")
    assert "112" in alice.sentences[-2]
    assert "Noem geen namen" in alice.read


async def test_what_was_chosen_is_shown_in_its_question(alice: Phone) -> None:
    await tell(alice, RESIDENT[:3])
    asked = next(m for m in alice.user.messages if m.text.startswith("Doet u mee?"))
    assert asked.text == "Doet u mee?\n\n✓ Ja, ik doe mee"
    assert asked.buttons == []


async def test_half_a_character_stops_nobody(house: House, alice: Phone) -> None:
    await tell(alice, BEGUN)
    await alice.say("Een half teken \ud83d ging mee, en toen kwam er nog iets.")
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    assert "Een half teken ? ging mee" in (await house.story()).telling.text


async def test_two_people_at_once_do_not_meet(house: House, alice: Phone, bob: Phone) -> None:
    await tell(alice, TOLD)
    await tell(bob, (Say("/start"), Tap("Iemand van een team"), Tap("Ja, ik doe mee")))
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert "Welk moment komt bij je op?" in bob.read
    assert len(await house.stories()) == 1
