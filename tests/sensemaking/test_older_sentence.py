"""The sentence of an older story: chosen by its teller in the chat, and only then quoted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.account_buttons import button_id
from bot.channels.base import Account
from conversations.engine.effects import Say
from conversations.engine.events import Said, Tapped
from conversations.engine.way.key_sentence import proposals
from conversations.guide.model import Purpose
from storage.engine.transaction import Transaction
from storage.outbox import queue
from storage.people import people
from storage.stories import stories
from storage.stories.stories import Story
from tests.coordinators.office import Office, telling
from tests.sensemaking.test_changes import rows
from tests.sensemaking.test_remarks import come, tap
from tests.storage.stores import WEEK, consent

AT = ("telegram", "71")
TEXT = (
    "Mijn buurvrouw belde het wijkteam over haar schulden. Ze moest drie weken wachten. "
    "Toen kwam Karin van het team langs en die bleef tot alles geregeld was. Nu slaapt ze weer."
)


async def older(office: Office, *given: Purpose) -> str:
    """A story of before, with no sentence and these purposes; its id."""
    told = telling(team=office.teams["Oost"].id, text=TEXT)

    def keep(connection: Transaction) -> str:
        person = people.find_or_make(connection, *AT, "nl", WEEK)
        story_id, _ = stories.keep(connection, told, consent(), WEEK, person.id)
        for purpose in given:
            stories.record(connection, story_id, consent(purpose, "yes"))
        people.save(connection, replace(person, stories=(story_id,)))
        return story_id

    return await office.store.database.write(keep)


async def read(office: Office, story_id: str) -> Story:
    story = await office.store.database.read(lambda s: stories.read(s, story_id))
    assert story is not None
    return story


async def menu(office: Office, story_id: str) -> Say:
    *_, said = await come(office, AT, Tapped(0, button_id("story", story_id), seen=None))
    return said


@pytest.mark.parametrize(("given", "place"), [("quote", 0), ("quote", 1), ("team", 0)])
async def test_a_yes_to_quotation_of_before_holds_for_the_chosen_sentence_only_when_given_again(
    office: Office, given: Purpose, place: int
) -> None:
    story_id = await older(office, *dict.fromkeys(("team", given)))
    labels = [button.label for button in (await menu(office, story_id)).buttons]
    assert "De zin kiezen" in labels
    *_, asked = await come(office, AT, Tapped(0, button_id("headline", "ask", story_id), seen=None))
    found = proposals(TEXT, "nl")
    assert all(f"{n}. {each}" in asked.text for n, each in enumerate(found, 1))
    (shown,) = await tap(office, AT, asked, 0)
    assert shown.text.endswith(f"\n\n“{found[0]}”")
    (shown,) = await come(office, AT, Said("Karin bleef tot alles geregeld was."))
    assert shown.text.endswith("bleef tot alles geregeld was.”")
    assert "Karin" not in shown.text
    assert not (await read(office, story_id)).telling.sentence
    await tap(office, AT, shown, place)
    story = await read(office, story_id)
    assert story.telling.sentence == shown.text.rsplit("\n\n", 1)[1].strip("“”")
    assert story.telling.text == TEXT
    assert ("quote" in story.purposes) == (given == "quote" and place == 0)
    assert not story.reviewed
    await tap(office, AT, shown, 0)  # an old question decides nothing
    assert await read(office, story_id) == story
    assert "De zin kiezen" not in [b.label for b in (await menu(office, story_id)).buttons]


@pytest.mark.parametrize(("given", "kept"), [("team", True), ("quote", False)])
async def test_a_bare_yes_is_an_answer_and_never_the_sentence(
    office: Office, given: Purpose, kept: bool
) -> None:
    """Nor is what is typed at the menu of the story. Where two buttons say yes, it means none."""
    story_id = await older(office, *dict.fromkeys(("team", given)))
    ask = Tapped(0, button_id("headline", "ask", story_id), seen=None)
    for words in ("1", "wat mag ik hier?", "ja"):
        await menu(office, story_id)
        assert "boven je verhaal" not in (await come(office, AT, Said(words)))[-1].text
    for words in ("ja", "ja?", "ok"):
        await come(office, AT, ask)
        assert "Om welke zin" in (await come(office, AT, Said(words)))[-1].text
    await come(office, AT, ask)
    (shown,) = await come(office, AT, Said("Iemand bleef tot alles geregeld was."))
    assert (await come(office, AT, Said("ja?")))[-1].text == shown.text
    await sent(office)
    await come(office, AT, Said("ja"))
    story = await read(office, story_id)
    assert story.telling.sentence == ("Iemand bleef tot alles geregeld was." if kept else "")


async def sent(office: Office) -> None:
    """All that was said has arrived."""
    waiting = [row for row, _, _ in await rows(office)]

    def mark(connection: Transaction) -> None:
        for row in waiting:
            queue.mark_sent(connection, row, "", office.clock.now(), tried=0)

    await office.store.database.write(mark)


async def test_nobody_chooses_the_sentence_of_anothers_story(office: Office) -> None:
    story_id = await older(office, "team", "quote")
    other = ("telegram", "72")
    for what in ("ask", "0", "keep", "quote"):
        said = await come(
            office, other, Tapped(0, button_id("headline", what, story_id), seen=None)
        )
        assert "Karin" not in "".join(each.text for each in said)
    await come(office, other, Account("stories"))
    assert not (await read(office, story_id)).telling.sentence
