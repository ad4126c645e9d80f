"""What people do with what is theirs: read, change, take along, take away."""

from __future__ import annotations

import json
import re

import pytest

from storage.stories import consents, stories
from storage.stories.consents import ConsentRecord
from storage.vault.vault import new_code
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import (
    ONLY_KEEP,
    PROFESSIONAL,
    RESIDENT,
    TO_THE_TEAM,
    YES_TO_ALL,
    Deed,
    Say,
    Tap,
    tell,
)


def code(phone: Phone) -> str:
    """The five words that were given out last."""
    said = next(
        each for each in reversed(phone.sentences) if "Je code:" in each or "Uw code:" in each
    )
    return said.splitlines()[1]


async def test_the_code_is_five_words(alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    assert re.fullmatch(r"[a-z]+( [a-z]+){4}", code(alice))


async def test_own_stories_are_listed_and_read(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await tell(alice, (Tap("Ja, nog iets"),), RESIDENT[2:8])
    await tell(alice, (Say("Het tweede verhaal"),), RESIDENT[9:], ONLY_KEEP)
    await alice.say("/mijnverhalen")
    assert alice.last.labels == ["De stoel bij het raam", "Het tweede verhaal", "Ik heb een code"]
    await alice.tap("Het tweede verhaal", "Lezen")
    assert any(each.startswith("Het tweede verhaal\n\nIk belde") for each in alice.sentences[-2:])


async def test_a_yes_to_having_a_code_is_asked_for_the_code_and_a_no_goes_on(alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    open_question = alice.last.text
    await alice.say("/mijnverhalen")
    await alice.say("ja")
    assert alice.last.text == "Typ de vijf woorden van uw code. Hoofdletters maken niet uit."
    await alice.say("/mijnverhalen")
    await alice.say("nee hoor")
    assert alice.last.text == open_question
    assert not any("past niet" in each for each in alice.sentences)


@pytest.mark.parametrize("left", ["Verder", "/taal", "/wissen"])
async def test_words_are_a_code_only_while_it_is_asked_for(alice: Phone, left: str) -> None:
    """Five words of a story are part of it, also after somebody looked for a story with a code."""
    await tell(alice, RESIDENT[:6])
    await alice.say("/mijnverhalen")
    await (alice.say(left) if left.startswith("/") else alice.tap(left))
    before = len(alice.sentences)
    await alice.say("Nog iets: de zoon kwam ook.")
    assert "Deze code ken ik niet" not in "".join(alice.sentences[before:])


async def test_who_erases_nothing_goes_on_and_is_not_taken_leave_of(alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    open_question = alice.last.text
    await alice.say("/wissen")
    before = len(alice.sentences)
    await alice.say("nee")
    assert alice.sentences[before:] == [open_question]


async def test_a_wrong_code_is_asked_again_until_it_is_left(alice: Phone) -> None:
    await tell(alice, RESIDENT[:6])
    await alice.say("/mijnverhalen")
    await alice.say("zon maan ster wolk wind")
    assert "Deze code ken ik niet" in "".join(alice.sentences[-2:])
    assert "Hebt u een code?" in alice.last.text


async def by_link(house: House) -> tuple[Deed, ...]:
    """A resident who came with the link of a team, up to the card."""
    team = await house.team("Wijkteam Oost", "Zwolle")
    return (Say(f"/start {team.code}"), *RESIDENT[1:])


async def test_consent_is_changed_later_and_every_change_is_recorded(
    house: House, alice: Phone
) -> None:
    await tell(alice, await by_link(house), TO_THE_TEAM)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Wie mag het lezen")
    assert alice.last.labels[:5] == [
        "✓ Het team",
        "Alleen de coördinator",
        "✓ Andere teams",
        "Deze zin openbaar",
        "✓ Ik hoor ervan",
    ]
    await alice.tap("✓ Het team")
    assert (await house.story()).purposes == ("keep", "team", "network", "contact")
    await alice.tap("Zo is het goed")
    story = await house.story()
    assert story.purposes == ("keep", "contact")
    past = await house.app.database.read(lambda s: consents.history(s, story.id))
    events = [(each.purpose, each.event) for each in past]
    for purpose in ("team", "network"):
        assert events.count((purpose, "given")) == 1
        assert events.count((purpose, "withdrawn")) == 1
    assert events.count(("contact", "given")) == 1, "what stays as it was is not recorded again"
    await alice.tap("Wie mag het lezen", "Het team", "Alleen de coördinator", "Zo is het goed")
    assert (await house.story()).coordinator_only


async def test_later_too_nothing_goes_beyond_a_team_that_may_not_read(
    house: House, alice: Phone
) -> None:
    await tell(alice, await by_link(house), ONLY_KEEP)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Wie mag het lezen", "Andere teams")
    assert alice.read.startswith("Dit hoort bij het team.")
    await alice.tap("Zo is het goed")
    assert (await house.story()).purposes == ("keep",)


async def test_who_changes_nothing_after_all_leaves_the_switches_as_they_were(
    house: House, alice: Phone
) -> None:
    await tell(alice, await by_link(house), TO_THE_TEAM)
    before = await house.count("consent")
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Wie mag het lezen", "✓ Het team", "Toch niets")
    assert "Wat wilt u ermee doen?" in alice.read
    assert (await house.story()).purposes == ("keep", "team", "network", "contact")
    assert await house.count("consent") == before


async def test_a_yes_to_quotation_is_taken_back_and_asked_of_the_sentence_that_is_shown(
    house: House, alice: Phone
) -> None:
    await tell(alice, await by_link(house), TO_THE_TEAM)
    story = await house.story()
    words = "Mag een stukje op een website?"
    moment, telling = house.clock.now(), story.telling
    given = ConsentRecord(
        "quote", "yes", words, moment, "nl", telling.guide, telling.fingerprint, "telegram"
    )
    await house.app.database.write(lambda c: stories.record(c, story.id, given))
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Wie mag het lezen", "✓ Deze zin openbaar")
    await alice.tap("Zo is het goed")
    assert (await house.story()).purposes == ("keep", "team", "network", "contact")
    await alice.tap("Wie mag het lezen")
    assert "Deze zin openbaar" in alice.last.labels
    assert "‘De stoel bij het raam’ Dit mag op een website" in alice.read


async def test_a_kept_story_is_edited_and_its_consents_are_asked_again(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    words = code(alice)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Iets aanpassen", "Zin")
    await alice.say("De stoel bij de deur")
    assert "De stoel bij de deur" in alice.read
    await tell(alice, (Tap("Zo klopt het"),), ONLY_KEEP)
    story = await house.story()
    assert (story.telling.sentence, story.purposes) == ("De stoel bij de deur", ("keep",))
    assert code(alice) == words


async def test_a_story_is_withdrawn(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam")
    read = alice.last.buttons[0].data, alice.last.id
    await alice.tap("Weghalen", "Ja, haal het weg")
    assert any("Het verhaal is weg" in each for each in alice.sentences[-2:])
    assert await house.stories() == []
    await alice.user.tap_data(*read)
    await house.settle()
    assert "is er niet meer" in alice.read


async def test_a_story_withdrawn_between_two_consents_ends_the_questions(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL[:1])
    assert "Wat mag er nog meer?" in alice.read
    team_yes = (alice.last.buttons[0].data, alice.last.id)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Weghalen", "Ja, haal het weg")
    assert "Het verhaal is weg" in alice.read
    await alice.user.tap_data(*team_yes)
    await house.settle()
    assert "Er ging iets mis" not in alice.read
    assert await house.stories() == []


async def test_a_story_withdrawn_by_its_code_elsewhere_takes_no_more_answers(
    house: House, alice: Phone, bob: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Iets aanpassen", "Toch niets", "Zo klopt het")
    await alice.tap("Ja, dat mag")
    await bob.say("/mijnverhalen")
    await bob.say(code(alice))
    await bob.tap("Weghalen", "Ja, haal het weg")
    assert await house.stories() == []
    await alice.tap("Ik hoor ervan", "Zo is het goed")
    assert "Er ging iets mis" not in alice.read
    assert await house.stories() == []
    await alice.say("/mijnverhalen")
    assert "geen verhaal van je" in alice.read or "geen verhaal van u" in alice.read


async def test_the_code_opens_a_story_on_another_device(
    house: House, alice: Phone, bob: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await bob.say(code(alice).upper().replace(" ", "-"))
    assert "De stoel bij het raam" in bob.read
    await bob.tap("Wie mag het lezen", "✓ Ik hoor ervan", "Zo is het goed")
    assert "contact" not in (await house.story()).purposes


async def test_a_code_typed_while_telling_opens_the_story_and_asks_on(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await tell(alice, (Tap("Ja, nog iets"),), RESIDENT[2:5])
    await alice.say(code(alice))
    assert "Dit is uw verhaal: De stoel" in alice.read
    await alice.tap("Verder")
    assert "Noem geen namen" in alice.read


async def test_five_words_that_are_no_code_are_part_of_the_story(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:5])
    five = new_code()
    await alice.say(five)
    await tell(alice, RESIDENT[7:], YES_TO_ALL)
    assert (await house.story()).telling.text == five


async def test_who_was_asked_for_a_code_may_go_on_telling(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    await alice.say("/mijnverhalen")
    await alice.say(RESIDENT[5].text, "/klaar")  # type: ignore[union-attr]
    await tell(alice, RESIDENT[8:], YES_TO_ALL)
    assert (await house.story()).telling.text == RESIDENT[5].text  # type: ignore[union-attr]


async def test_guessing_codes_is_slowed_down(house: House, alice: Phone) -> None:
    await alice.say("/mijnverhalen")
    for _ in range(6):
        await alice.say("een twee drie vier vijf")
    assert "kan het weer" in "".join(alice.sentences[-2:])
    house.clock.move(minutes=16)
    await alice.say("een twee drie vier vijf")
    assert "Deze code ken ik niet" in "".join(alice.sentences[-2:])


async def test_erasing_takes_everything_of_a_person(house: House, alice: Phone, bob: Phone) -> None:
    await tell(bob, PROFESSIONAL, YES_TO_ALL)
    await tell(alice, RESIDENT, YES_TO_ALL)
    await alice.say("/wissen")
    assert alice.last.labels == ["Ja, wis alles", "Nee, toch niet"]
    await alice.tap("Ja, wis alles")
    assert "Alles is gewist" in alice.read
    assert [story.telling.kind for story in await house.stories()] == ["professional"]
    assert await house.count("person") == 1
    assert await house.count("conversation") == 1
    assert await house.count("outbox WHERE person_id IS NULL") == 0
    await alice.say("/mijnverhalen")
    assert "geen verhaal van je" in alice.read


async def test_under_16_nothing_stays_not_even_the_address(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:3])
    await alice.tap("Nee, jonger")
    assert "0800-0432" in alice.read
    for table in ("person", "conversation", "timer", "outbox", "story"):
        assert await house.count(table) == 0, table
    assert await house.count("inbox WHERE sealed IS NOT NULL") == 0


async def test_own_data_come_as_a_readable_file_and_as_json(house: House, alice: Phone) -> None:
    await tell(alice, await by_link(house), TO_THE_TEAM)
    await alice.say("/mijngegevens")
    files = [
        house.api.world.files[message.body["document"]["file_id"]]
        for message in alice.user.messages
        if "document" in message.body
    ]
    (readable_name, readable), (json_name, data) = files
    assert (readable_name, json_name) == ("vertelbot.txt", "vertelbot.json")
    assert "De stoel bij het raam" in readable.decode()
    assert "Andere teams lezen het" in readable.decode()
    known = json.loads(data)
    assert known["stories"][0]["sentence"] == "De stoel bij het raam"
    assert known["stories"][0]["code"] == code(alice)
    assert known["address"] == str(alice.user.id)


async def test_own_data_hold_an_open_story_too(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:8])
    await alice.say("/mijngegevens")
    data = next(data for name, data in house.api.world.files.values() if name == "vertelbot.txt")
    assert "Ik belde op maandag" in data.decode()
    assert "Om welke zin draait het?" in alice.read


async def test_a_no_to_keeping_keeps_nothing(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, (Tap("Nee, liever niet"),))
    assert "niets van dit gesprek bewaard" in alice.read
    assert await house.stories() == []
    assert await house.count("consent") == 0


async def test_only_keep_until_more_is_answered(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL[:1])
    assert (await house.story()).purposes == ("keep",)
    house.clock.move(days=8)
    await house.due()
    assert (await house.story()).purposes == ("keep",)
    await alice.say("/mijnverhalen")
    assert "De stoel bij het raam" in alice.last.labels


async def test_no_row_links_a_story_to_a_person(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    story = await house.story()
    tables = ("person", "conversation", "timer", "inbox", "outbox", "consent", "narrowing", "meta")
    for table in tables:
        rows = await house.rows(table)
        assert not any(story.id in str(value) for row in rows for value in row), table


async def test_a_typed_yes_answers_the_question_of_the_desk(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, (Tap("Nee, klaar"),))
    for text in ("/mijnverhalen", "de stoel bij het raam", "weghalen", "ja graag"):
        await alice.say(text)
    assert "Het verhaal is weg" in alice.read
    await alice.say("/wissen")
    await alice.say("nee")
    assert await house.count("person") == 1
    await alice.say("/wissen", "ja")  # the second one was under way before that was asked
    assert await house.count("person") == 1
    await alice.say("ja")
    assert "Alles is gewist" in alice.read
    assert await house.count("person") == 0
