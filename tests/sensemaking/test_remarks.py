"""A sentence about a change: kept only after its own yes, read by who leads the session, withdrawn
with its story or alone; and the page with the answers that a letter leads to."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.account import own_remarks, passport
from bot.account_buttons import weighed
from bot.channels.base import Account, Arrival, Letter
from bot.channels.web.pages import Choices
from bot.inbox.dispatch import take_turn
from bot.sensemaking.changes.change_chat import ChangeChat
from bot.sensemaking.changes.change_links import change_choices
from bot.turns.context import TurnContext
from conversations.engine.effects import Say
from conversations.engine.events import Event, Said, Tapped
from storage import tables
from storage.engine.transaction import Snapshot, Transaction
from storage.engine.types import core
from storage.lifecycle import archive, restore
from storage.people import people
from storage.sensemaking import remarks
from storage.sensemaking.remarks import TellerRemark
from storage.stories import stories, withdrawals
from tests.coordinators.office import Office, Person
from tests.sensemaking.test_changes import decided, rows, tell
from tests.storage.stores import WEEK, open_store

SENTENCE = "Mijn buurvrouw Fatima werd nu wél gebeld."
KEPT = "Mijn buurvrouw [naam] werd nu wél gebeld."


async def come(office: Office, at: tuple[str, str], event: Event | Account) -> list[Say]:
    """Something of somebody in the chat, and what is said."""
    house = replace(office.house, rooms=(ChangeChat(),))
    last = [row for row, _, _ in await rows(office)]

    def turn(connection: Transaction) -> None:
        channel, address = at
        came = Arrival(channel, f"{len(last)}{event}", address, event, "nl")
        take_turn(house, connection, came, office.clock.now())

    await office.store.database.write(turn)
    office.clock.move(seconds=5)
    fresh = [said for row, _, said in await rows(office) if row not in last]
    return [each for each in fresh if isinstance(each, Say)]


async def tap(office: Office, at: tuple[str, str], asked: Say, place: int) -> list[Say]:
    return await come(office, at, Tapped(asked.turn, asked.buttons[place].id, seen=None))


async def told(office: Office, many: int) -> tuple[Person, str, tuple[str, str], Say]:
    """Somebody who is told of a change: who leads, its session, the chat, and the message."""
    person, session, decision = await decided(office, many)
    await tell(office, decision)
    _, whose, said = (await rows(office))[0]
    assert isinstance(said, Say)

    def address(connection: Transaction) -> str:
        found = people.by_id(connection, whose)
        assert found is not None
        return found.address

    return person, session, ("telegram", await office.store.database.write(address)), said


async def kept(office: Office) -> list[TellerRemark]:
    def read(session: Snapshot) -> list[TellerRemark]:
        return remarks.of_changes(session, ["a" * 32])["a" * 32]

    return await office.store.database.read(read)


@pytest.mark.parametrize(("place", "beside"), [(0, False), (1, True), (2, None)])
async def test_a_sentence_is_kept_as_it_was_shown_and_only_after_a_yes(
    office: Office, place: int, beside: bool | None
) -> None:
    person, session, at, message = await told(office, 1)
    await tap(office, at, message, 0)
    assert await kept(office) == []
    (question,) = await come(office, at, Said(SENTENCE))
    assert question.text.endswith(f"\n\n“{KEPT}”")
    assert "raden" in question.text  # one story: who reads it may guess which
    assert set(weighed(question).weighty) == {each.id for each in question.buttons[:3]}
    assert await kept(office) == []
    await tap(office, at, question, place)
    found = await kept(office)
    assert [(each.text, each.beside) for each in found] == (
        [] if beside is None else [(KEPT, beside)]
    )
    _, page = await person.get(f"{session}/record")
    assert (KEPT in page) == (beside is not None)
    assert (f"{KEPT}” <a" in page) == bool(beside)
    reader = await office.login("reader", "Oost")
    assert KEPT not in (await reader.get(f"{session}/record"))[1]
    await tap(office, at, question, 0)  # an old question decides nothing any more
    assert await kept(office) == found


async def test_nothing_is_asked_of_who_says_no_or_of_heavy_words(office: Office) -> None:
    _, _, at, message = await told(office, 1)
    _, room = await tap(office, at, message, 2)
    help_card, _ = await come(office, at, Said("ik wil niet meer leven"))
    assert "113" in help_card.text
    await tap(office, at, room, 0)
    later = await come(office, at, Said("Het is goed zo geweest."))
    assert not any("d:change" in button.id for said in later for button in said.buttons)
    assert await kept(office) == []


async def test_a_remark_goes_with_its_story_or_alone_and_stays_away_after_a_restore(
    office: Office, tmp_path: Path
) -> None:
    _, _, at, message = await told(office, 2)
    await tap(office, at, message, 0)
    (question,) = await come(office, at, Said(SENTENCE))
    await tap(office, at, question, 0)
    (remark,) = await kept(office)
    store, vault = office.store, office.store.vault
    both = tmp_path / "both.archive"
    await archive.backup(store.database, vault, store.log, both)

    def take_back(connection: Transaction) -> list[str]:
        story = stories.read(connection, remark.story_id)
        person = people.find(connection, *at)
        assert story is not None
        assert person is not None
        context = TurnContext(office.house, connection, person, office.clock.now())
        passport.handle_tap(context, story, "naam", "uses", "")
        (shown,) = [each for each in context.said if isinstance(each, Say)]
        assert remark.text in shown.text
        parts = [each.id.split(":") for each in shown.buttons]
        (key,) = [each[2] for each in parts if len(each) > 2 and own_remarks.is_remark(each[2])]
        passport.handle_tap(context, story, "naam", "taken", key)
        return [each.text for each in context.said if isinstance(each, Say)]

    await store.database.write(take_back)
    assert await kept(office) == []
    for gone in (False, True):
        if gone:  # a decision rested on it, and a card of the session showed it
            await store.database.write(
                lambda c: withdrawals.withdraw(c, remark.story_id, store.log, WEEK)
            )
        folder = tmp_path / str(gone)
        folder.mkdir()
        for name in ("key.json", "key.json.erased"):
            shutil.copy(store.key_file.with_name(name), folder)
        other = await open_store(f"sqlite:///{folder}/v.db", folder)
        await restore.restore(both, other.database, vault, store.log)

        def there(session: Snapshot) -> list[int]:
            models = (tables.ChangeRemark, tables.DecisionCard, tables.SessionCard)
            return [
                session.execute(select(func.count()).select_from(core(m))).scalar_one()
                for m in models
            ]

        assert await other.database.read(there) == [0, 1 if gone else 2, 2]
        other.close()


async def test_a_letter_leads_to_a_page_with_the_answers_and_only_a_tap_counts(
    office: Office,
) -> None:
    _, _, decision = await decided(office, 1, channel="mail")
    await tell(office, decision)
    ((_, _, letter),) = await rows(office)
    assert isinstance(letter, Letter)
    (payload,) = {line.rsplit("/v/", 1)[1] for line in letter.text.splitlines() if "/v/" in line}

    async def opened(payload: str) -> Choices | None:
        now, house = office.clock.now(), office.house
        return await office.store.database.read(lambda s: change_choices(s, house, payload, now))

    async def answers() -> list[str]:
        notice = core(tables.ChangeNotice)
        return await office.store.database.read(
            lambda s: list(s.execute(select(notice.c.answer)).scalars())
        )

    asked = await opened(payload)
    assert asked is not None
    assert [label for _, label in asked.buttons] == ["Ja", "Een beetje", "Nee"]
    assert await answers() == [""]
    for wrong in (payload[:-1], payload.replace("a" * 32, "b" * 32), f"c-{'x' * 43}-{'a' * 32}"):
        assert await opened(wrong) is None
    at = ("web", "x" * 32)
    for wrong in (f"c-{'x' * 43}-{'a' * 32}-yes", payload, f"{payload}-maybe"):
        await come(office, at, Account("start", wrong))
        assert await answers() == [""]
    await come(office, at, Account("start", asked.buttons[1][0]))
    assert await answers() == ["partly"]
    (question,) = await come(office, at, Said(SENTENCE))
    await tap(office, at, question, 0)
    assert [each.text for each in await kept(office)] == [KEPT]
    office.clock.move(days=91)
    assert await opened(payload) is None


@pytest.mark.parametrize("words", ["nee", "Nee hoor", "ja", "nee?"])
async def test_a_bare_yes_or_no_is_no_remark(office: Office, words: str) -> None:
    _, _, at, said = await told(office, 1)
    await tap(office, at, said, 0)
    answered = await come(office, at, Said(words))
    assert not any("bewaar ik" in each.text for each in answered)
    assert await kept(office) == []
