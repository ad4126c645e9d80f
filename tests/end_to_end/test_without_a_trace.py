"""What was withdrawn is nowhere any more, also not in what was shown of it on some device."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine.transaction import Transaction
from storage.outbox import outbox
from storage.people.people import PERSON
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import PROFESSIONAL, RESIDENT, YES_TO_ALL, tell
from tests.end_to_end.test_own import code

OF_THE_FIRST = ("De stoel bij het raam", "Ik belde op maandag")
OF_THE_SECOND = "De middag van de buurvrouw"


async def shown(house: House) -> str:
    """Everything in the outbox, of everybody, opened with the key."""

    def read(connection: Transaction) -> str:
        everybody = connection.execute(select(PERSON.c.id)).scalars().all()
        rows = [row for each in everybody for row in outbox.log(connection, each)]
        return "\n".join(str(row.effect) for row in rows)

    return await house.app.database.write(read)


async def test_what_was_shown_of_a_story_goes_with_it(
    house: House, alice: Phone, bob: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    words = code(alice)
    await alice.say("/start")
    await tell(alice, PROFESSIONAL[1:], YES_TO_ALL)
    await bob.say(words)
    await bob.tap("Lezen")
    for phone in (alice, bob):
        await phone.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Lezen")
    await alice.say("/mijngegevens", "/mijnverhalen")
    before = await shown(house)
    assert [text for text in (*OF_THE_FIRST, OF_THE_SECOND) if text not in before] == []
    await alice.tap("De stoel bij het raam", "Weghalen", "Ja, haal het weg")
    left = await shown(house)
    assert [text for text in OF_THE_FIRST if text in left] == []
    assert OF_THE_SECOND in left
    assert "Het verhaal is weg" in alice.read


async def test_the_open_question_stays_when_another_story_goes(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await alice.say("/start")
    await tell(alice, PROFESSIONAL[1:])
    await alice.say("/mijnverhalen")
    await alice.tap("De stoel bij het raam", "Lezen", "Weghalen", "Ja, haal het weg")
    left = await shown(house)
    assert [text for text in OF_THE_FIRST if text in left] == []
    assert OF_THE_SECOND in left
    await tell(alice, YES_TO_ALL)
    assert (await house.story()).telling.sentence == OF_THE_SECOND


async def test_own_data_that_were_asked_for_go_with_a_story(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    await alice.say("/mijngegevens", "/mijnverhalen")
    assert await house.count("outbox WHERE kind = 'document'") == 2
    await alice.tap("De stoel bij het raam", "Weghalen", "Ja, haal het weg")
    assert await house.count("outbox WHERE kind = 'document'") == 0


async def test_what_was_erased_does_not_stay_in_memory(house: House, alice: Phone) -> None:
    lately = house.app.services.vault.lately
    await tell(alice, RESIDENT[:6])
    assert len(lately) > 0
    await alice.say("/wissen")
    await alice.tap("Ja, wis alles")
    assert "Alles is gewist" in alice.read
    await house.settle()
    assert len(lately) == 0
