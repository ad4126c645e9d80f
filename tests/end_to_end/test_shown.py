"""What the chat still shows: words that were replaced go from it, and once a story is kept the
whole conversation can go."""

from __future__ import annotations

import asyncio
import json

import pytest

from storage.outbox import outbox
from storage.people.people import find
from tests.end_to_end.kit import House, Phone
from tests.end_to_end.scripts import NO_MORE, RESIDENT, YES_TO_ALL, Deed, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller

TOLD = "Mijn buurvrouw Fatima belde en ze bleef daarna nog heel lang."
NAMED: tuple[Deed, ...] = (
    *RESIDENT[:5],
    Say(TOLD),
    Tap("Klaar"),
    Say("Het bezoek van Fatima"),
    *RESIDENT[9:-1],
)
"""A resident who names a neighbour, up to what is asked before the card."""


async def shown(house: House, channel: str, address: str) -> str:
    """Everything that was and will be shown to a person, as the store holds it."""

    def rows(session: object) -> str:
        person = find(session, channel, address)  # type: ignore[arg-type]
        assert person is not None
        logged = outbox.log(session, person.id)  # type: ignore[arg-type]
        return json.dumps([row.effect for row in logged], ensure_ascii=False)

    return await house.app.database.read(rows)


async def test_a_replaced_name_is_kept_nowhere(house: House, alice: Phone) -> None:
    await tell(alice, NAMED)
    assert "‘Fatima’ → [naam]" in alice.read
    before = await shown(house, "telegram", str(alice.user.id))
    assert "Fatima" in before
    await alice.tap("Ja, overal")
    assert "Mijn buurvrouw [naam] belde" in alice.read
    assert "Fatima" not in await shown(house, "telegram", str(alice.user.id))
    await tell(alice, RESIDENT[-1:], YES_TO_ALL)
    story = await house.story()
    assert story.telling.text == TOLD.replace("Fatima", "[naam]")
    assert "Fatima" not in repr(story)


async def test_the_question_about_names_shows_them_no_more_once_answered(alice: Phone) -> None:
    await tell(alice, NAMED, (Tap("Ja, overal"),))
    asked = next(m for m in alice.user.messages if "Zal ik er iets anders" in m.text)
    assert "Fatima" not in asked.text


async def test_the_web_page_shows_the_new_words_at_once_and_after_loading_it_again(
    house: House,
) -> None:
    async with WebTeller(house) as carol:
        await tell(carol, NAMED)
        assert carol.asked["control"]["kind"] == "clues"
        assert carol.asked["control"]["card"]["highlights"]
        await tell(carol, (Tap("Ja, overal"),))
        told = [row for row in carol.rows if row["op"] == "echo" and "Mijn" in row["text"]]
        assert "[naam]" in told[-1]["text"]
        carol.rows.clear()
        await carol.open()
        assert "Fatima" not in json.dumps(carol.rows)
        await carol.close()


async def test_what_may_stay_is_kept_as_it_was_told(house: House, alice: Phone) -> None:
    await tell(alice, NAMED, (Tap("Nee, laat staan"),), RESIDENT[-1:], YES_TO_ALL)
    assert (await house.story()).telling.text == TOLD


async def test_a_kept_conversation_is_cleared_but_for_the_code(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, NO_MORE)
    assert alice.last.labels == ["Ja, wis het gesprek", "Nee, laat het staan"]
    await alice.tap("Ja, wis het gesprek")
    texts = [message.text for message in alice.user.chat.messages.values()]
    assert len(texts) == 2, texts
    assert "Uw code:" in texts[0]
    assert texts[1].startswith("Het gesprek is gewist. Wat ouder is dan twee dagen, wist u zelf.")
    assert len(await house.stories()) == 1


async def test_what_was_typed_beside_the_story_is_cleared_too(house: House, alice: Phone) -> None:
    await tell(alice, (*RESIDENT[:4], Say("/terug"), Say("Hulp nu"), Say("/taal nl")))
    await tell(alice, (Say("/mijnverhalen"), Say("appel ladder wolk fiets lantaarn")))
    await tell(alice, (Say("/stop"), Tap("Gooi alles weg"), *RESIDENT, *YES_TO_ALL, *NO_MORE))
    await tell(alice, (Tap("Ja, wis het gesprek"),))
    assert [each.text for each in alice.user.chat.messages.values() if not each.from_bot] == []


async def test_what_is_older_than_two_days_stays_and_the_rest_goes(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:6])
    old = [message.id for message in alice.user.chat.messages.values()]
    for message in alice.user.chat.messages.values():
        message.date -= 49 * 3600
    house.clock.move(hours=49)
    await tell(alice, RESIDENT[6:], YES_TO_ALL, NO_MORE)
    await alice.tap("Ja, wis het gesprek")
    left = alice.user.chat.messages
    assert set(old) <= set(left)
    assert len(left) == len(old) + 2


async def test_the_conversation_may_stay(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, NO_MORE)
    before = len(alice.user.chat.messages)
    await alice.tap("Nee, laat het staan")
    assert len(alice.user.chat.messages) == before + 1
    assert not house.api.called("deleteMessages")


async def test_a_story_that_was_begun_since_is_not_cleared(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, NO_MORE)
    offer, yes = alice.last.id, alice.last.buttons[0].data
    await tell(alice, RESIDENT[:6])
    await alice.user.tap_data(yes, offer)
    await house.settle()
    assert "Zal ik dit gesprek" in alice.read, "it is asked again, because it stands far above"
    await alice.tap("Ja, wis het gesprek")
    texts = [message.text for message in alice.user.chat.messages.values()]
    assert sum("Wie vertelt er?" in text for text in texts) == 1
    assert any("Ik belde op maandag" in text for text in texts)
    assert "Noem geen namen" in texts[-1]


async def test_clearing_is_tried_again_when_the_connection_was_lost(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, NO_MORE)
    house.api.fault("deleteMessages", "before")
    await alice.user.tap("Ja, wis het gesprek")
    await asyncio.sleep(0.5)
    assert len(alice.user.chat.messages) > 3
    house.clock.move(seconds=5)
    await house.settle()
    assert len(alice.user.chat.messages) == 2


async def test_the_code_stays_the_last_word_where_news_only_comes_to_the_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(house.app.bot), "own_name", "")  # no way into Telegram
    async with WebTeller(house) as carol:
        await tell(carol, RESIDENT, YES_TO_ALL)
        assert "Nieuws staat later op deze pagina" in carol.sentences[-2]
        assert "Uw code" in carol.sentences[-1]


async def test_the_web_page_ends_with_one_screen_that_can_be_emptied(house: House) -> None:
    async with WebTeller(house) as carol:
        await tell(carol, RESIDENT, YES_TO_ALL)
        await carol.tap("Ik kom zelf terug")
        says = [row for row in carol.rows if row["op"] == "say"]
        assert says[-1]["control"]["kind"] == "ending"
        assert "Maak daarna dit scherm leeg." in says[-1]["text"]
        assert "Zal ik dit gesprek hier wissen?" not in "".join(row["text"] for row in says)
        await carol.post("/wipe?what=chat")
        await carol.close()
    house.clock.move(seconds=11)
    await house.due()
    assert await house.count("outbox") == 0
    assert len(await house.stories()) == 1
