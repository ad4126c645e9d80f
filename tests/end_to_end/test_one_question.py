"""Never two questions open at once: what an account command asks stands alone until it is answered.
In every state of every guide, whatever is said or tapped then gives no consent, begins no story and
loses no words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import App
from bot.channels.base import Account, AccountName, Arrival
from bot.inbox import dispatch
from bot.turns import account_question
from bot.turns.context import TurnContext
from conversations.checks.walk.probes import FACTS, FEW, SEEN
from conversations.engine.effects import Say
from conversations.engine.events import Command, Event, Said, Start, Tapped
from conversations.engine.questions import prompt, takes_words
from conversations.engine.state import State
from conversations.engine.step import step
from conversations.guide.loading import load_guides
from conversations.guide.model import Guide
from storage.engine.transaction import Transaction
from storage.outbox import outbox, queue
from storage.people import people
from storage.people import states as turns
from storage.weeks import week_of
from tests.end_to_end.kit import BEGIN, House, MovableClock, Phone, settings
from tests.end_to_end.scripts import NO_MORE, RESIDENT, YES_TO_ALL, Tap, tell
from tests.end_to_end.scripts import Say as Type

GUIDES = load_guides().ids
ACCOUNT: tuple[AccountName, ...] = (
    "erase", "stories", "data", "language", "privacy", "meetings",
)  # fmt: skip
STORY = "Er kwam een mevrouw langs en die luisterde een uur."
Deed = Account | Event
ERASING = ("ja", "ja, graag", "ok")
"""Words that are a yes to erasing everything."""


def walked(guide: Guide, ways: int) -> list[State]:
    """States on some ways through a guide, each sort of question and mode once."""
    found: dict[tuple[object, ...], State] = {}
    for seed in range(ways):
        chance = random.Random(seed)
        state = step(guide, None, Start(FACTS, turn=1))[0]
        for _ in range(80):
            found.setdefault((state.at, state.mode, state.kept), state)
            if not state.open:
                break
            state, _ = step(guide, state, _any_deed(guide, state, chance))
    return list(found.values())


def _any_deed(guide: Guide, state: State, chance: random.Random) -> Event:
    if chance.random() < 0.05:
        return Command(chance.choice(("stop", "back")))
    buttons = [each.id for each in prompt(guide, state).buttons if each.id != "o:discard"]
    if takes_words(guide, state) and not (state.draft and "done" in buttons):
        return Said(STORY, ref="1")
    if chance.random() < 0.1:
        return Said("iets heel anders")
    return Tapped(state.turn, chance.choice(buttons or ["continue"]), SEEN)


class Desk:
    """People in any state, and what they do; each deed is a turn as the runner takes it."""

    def __init__(self, app: App, connection: Transaction) -> None:
        self.house = app.services
        self.connection = connection
        self._numbers = count(1)

    def put(self, state: State | None, *, came: bool = True) -> str:
        """A new person who is there, and may have come before; the address."""
        address = f"a{next(self._numbers)}"
        person = people.find_or_make(self.connection, "web", address, "nl", week_of(BEGIN))
        if came:
            people.save(self.connection, person.remembering(guide="resident"))
        if state is not None:
            turns.save(self.connection, person.id, state, BEGIN, gently=False)
        return address

    def does(self, address: str, deed: Deed) -> list[Say]:
        """What is said to it; it is delivered at once."""
        person = people.find(self.connection, "web", address)
        before = {row.id for row in self._log(person)}
        arrival = Arrival("web", f"e{next(self._numbers)}", address, deed)
        dispatch.take_turn(self.house, self.connection, arrival, BEGIN + timedelta(minutes=1))
        person = people.find(self.connection, "web", address)
        fresh = [row for row in self._log(person) if row.id not in before]
        for row in fresh:
            queue.mark_sent(self.connection, row.id, "", BEGIN, tried=0)
        return [Say(row.effect["text"], (), row.turn) for row in fresh if row.kind == "say"]

    def _log(self, person: people.Person | None) -> Sequence[outbox.LastMessage]:
        return outbox.log(self.connection, person.id) if person else ()

    def state(self, address: str) -> State | None:
        person = people.find(self.connection, "web", address)
        return turns.load(self.connection, person.id) if person else None

    def standing(self, address: str) -> Say | None:
        person = people.find(self.connection, "web", address)
        assert person is not None
        return account_question.standing(TurnContext(self.house, self.connection, person, BEGIN))

    def consents(self) -> int:
        return len(self.connection.execute(text("SELECT id FROM consent")).all())


def answers(guide: Guide, state: State, asked: Say | None) -> Iterator[Deed]:
    """What someone may say or tap after an account command."""
    yield from (Said("ja"), Said("nee"), Said("Ja, graag"), Said("ok"))
    yield from (Said("ja", forwarded=True), Said("\u200b"))
    for button in prompt(guide, state).buttons[:4]:
        yield Said(button.label)
        if button.id not in ("begin", "stories"):  # these say what they do, at any time
            yield Tapped(state.turn, button.id, SEEN)
    for button in asked.buttons if asked else ():
        if not button.id.startswith(("d:erase:yes", "d:lang")):
            yield Tapped(asked.turn if asked else 0, button.id, SEEN)


@pytest.mark.parametrize("guide_id", GUIDES)
async def test_what_follows_an_account_command_gives_no_consent_and_begins_no_story(
    tmp_path: Path, guide_id: str, torture: bool
) -> None:
    async with App.opened(settings(tmp_path), MovableClock()) as app:
        app.services.shelf.places = FEW
        guide = app.services.shelf.today(guide_id, "nl")
        states = walked(guide, 60 if torture else 12)
        chosen = states if torture else random.Random(guide_id).sample(states, 3)
        if not torture:
            chosen += [s for s in states if guide.steps[s.at].kind in ("consent", "switches")][:2]
            chosen += [s for s in states if not s.open][:1]

        def play(connection: Transaction) -> int:
            desk, tried = Desk(app, connection), 0
            for state in chosen:
                commands: list[Deed] = [*map(Account, ACCOUNT), Command("help")]
                for command in commands:
                    tried += _tried(desk, guide, state, command)
            return tried

        tried = await app.database.write(play)
    assert tried > 150


def _tried(desk: Desk, guide: Guide, state: State, command: Deed) -> int:
    first = desk.put(state)
    desk.does(first, command)
    asked = desk.standing(first)
    deeds = list(answers(guide, state, asked))
    for deed in deeds if asked else deeds[:0]:
        address = desk.put(state)
        desk.does(address, command)
        consents = desk.consents()
        said = desk.does(address, deed)
        assert desk.consents() == consents, (state.at, command, deed)
        if desk.state(address) is None:
            assert command == Account("erase")
            assert isinstance(deed, Said)
            assert not deed.forwarded
            assert deed.text.casefold() in ERASING
        else:
            assert said, (state.at, state.mode, command, deed)
            _unchanged(guide, state, desk.state(address), deed)
    return len(deeds)


def _unchanged(guide: Guide, before: State, after: State | None, deed: Deed) -> None:
    """Nothing is given, begun or lost. Words of a story may have become part of it."""
    assert after is not None
    assert (after.kept, after.consents) == (before.kept, before.consents), deed
    assert after.draft[: len(before.draft)] == before.draft, deed
    if before.open:
        assert after.path[: len(before.path)] == before.path, deed
        if isinstance(deed, Tapped) or not takes_words(guide, before):
            kept = (after.at, after.mode, after.answers, after.picked, after.pending)
            assert kept == (
                before.at, before.mode, before.answers, before.picked, before.pending
            ), deed  # fmt: skip
    else:
        assert not after.open, deed


async def test_a_yes_to_erasing_everything_is_no_yes_to_the_team(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL[:1])
    await alice.say("/wissen")
    assert alice.read.startswith("Dan wis ik alles")
    await alice.say("nee")
    story = await house.story()
    assert story.purposes == ("keep",)
    assert await house.count("consent WHERE purpose <> 'keep'") == 0
    assert "Wat mag er nog meer?" in alice.read


async def test_at_the_end_one_question_is_open(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    assert "Nog iets vertellen?" in alice.read
    await tell(alice, NO_MORE)
    assert alice.last.labels == ["Ja, wis het gesprek", "Nee, laat het staan"]
    await alice.say("ja")
    assert "Het gesprek is gewist" in alice.read
    await alice.say("ja")
    assert "Doet u mee?" not in alice.read


async def test_a_story_goes_on_past_a_question_of_an_account_command(
    house: House, alice: Phone
) -> None:
    """Who goes on telling loses no word; who says only yes or no hears that it was not taken."""
    await tell(alice, RESIDENT[:6], (Type("/taal"),))
    await alice.say("nee")
    assert "Ik heb er niets mee gedaan" in alice.sentences[-2]
    await tell(alice, RESIDENT[6:-1], RESIDENT[-1:], YES_TO_ALL[:1])
    assert (await house.story()).telling.text.count("\n\n") == 1


async def test_old_buttons_wait_until_the_account_question_is_answered(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT)
    keep = (alice.last.buttons[0].data, alice.last.id)
    await alice.say("/mijnverhalen")
    await alice.user.tap_data(*keep)
    await house.settle()
    assert "eerdere vraag" in alice.sentences[-2]
    assert await house.stories() == []
    await alice.tap("Verder")
    await tell(alice, (Tap("Ja, dat mag"),))
    assert len(await house.stories()) == 1


async def test_a_button_that_erases_counts_only_on_the_question_that_stands(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:4], (Type("/wissen"),))
    erase = (alice.last.buttons[0].data, alice.last.id)
    await tell(alice, (Tap("Nee, toch niet"), *RESIDENT[4:6]))
    await alice.user.tap_data(*erase)
    await house.settle()
    assert alice.read.startswith("Dan wis ik alles")
    assert await house.count("person") == 1
    await alice.tap("Ja, wis alles")
    assert await house.count("person") == 0


async def test_a_reminder_at_a_consent_is_answered_by_itself(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT)
    house.clock.move(days=3)
    await house.due()
    assert "staat er nog" in alice.read
    await alice.say("ja")
    assert await house.stories() == []
    assert "op slot bewaren" in alice.read


async def test_an_account_question_stands_before_anything_was_told(
    house: House, alice: Phone
) -> None:
    """Words that are no answer, and what is no text, do not lead to another question."""
    for command, question in (("/wissen", "Dan wis ik alles"), ("/taal", "In welke taal")):
        await alice.say(command)
        for words in ("ja graag niet", "wat bedoel je?", "\u200b"):
            await alice.say(words)
            assert alice.read.startswith(question)
        await alice.act("sticker")
        assert alice.read.startswith(question)
    await alice.say("English")
    assert "English" in alice.sentences[-2]
    assert await house.count("person") == 1


async def test_the_words_on_a_button_do_what_it_says_where_nothing_is_open(
    house: House, alice: Phone
) -> None:
    await tell(alice, RESIDENT[:2], (Tap("Liever niet"),))
    await alice.say("hallo")
    assert alice.last.labels == ["Beginnen", "Mijn verhalen"]
    await alice.say("mijn verhalen")
    assert "geen verhaal van u" in alice.read
    await alice.say("een twee")
    await alice.say("boom huis fiets water")
    assert "code" in alice.sentences[-2]
    await alice.say("hallo")
    await alice.say("Beginnen")
    assert "Doet u mee?" in alice.read


ROLES = {
    "ik ben een professional": "professional",
    "bewoner denk ik": "resident",
    "de tweede": "professional",
    "1": "resident",
    "Iemand van het wijkteam": "professional",
    "inwonr": "resident",
    "ik ben mantelzorger": "resident",
    "ik ben geen professional": "",
    "mijn buurvrouw is bewoner": "",
}


async def test_who_tells_is_understood_in_the_words_of_whoever_tells(tmp_path: Path) -> None:
    """Asked or not; a place only where it was asked."""
    async with App.opened(settings(tmp_path), MovableClock()) as app:

        def play(connection: Transaction) -> None:
            desk = Desk(app, connection)
            for words, guide in ROLES.items():
                for asked in (True, False):
                    address = desk.put(None, came=False)
                    if asked:
                        desk.does(address, Account("start"))
                    answer = desk.does(address, Said(words))[0].text
                    assert "113" not in answer, words
                    state = desk.state(address)
                    counted = words in ("de tweede", "1")
                    assert (state.guide if state else "") == (
                        guide if asked or not counted else ""
                    ), (words, asked)

        await app.database.write(play)


async def test_a_yes_with_a_sign_of_doubt_erases_nothing(tmp_path: Path) -> None:
    async with App.opened(settings(tmp_path), MovableClock()) as app:

        def play(connection: Transaction) -> None:
            desk = Desk(app, connection)
            address = desk.put(None)
            desk.does(address, Account("erase"))
            for words in ("ja?", "ja 👎", "Ja, wis alles?", "nee?"):
                desk.does(address, Said(words))
                asked = desk.standing(address)
                assert asked is not None, words
                assert asked.weighty
            desk.does(address, Said("ja"))
            assert people.find(connection, "web", address) is None

        await app.database.write(play)
