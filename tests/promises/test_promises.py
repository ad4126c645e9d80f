"""One test for each promise that Vertelbot makes, named after it. The table in
docs/privacy/promises.md links them to what is said, and to the tests that go deeper."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from bot.channels.base import Arrival
from bot.use_tally import UseTally
from conversations.checks.walk.explore import explore
from conversations.engine.effects import Keep, Record
from conversations.engine.events import Said
from conversations.guide.loading import load_guides
from conversations.guide.spans import Span
from storage.coordinators.coordinators import Coordinator
from storage.gate import rules
from storage.gate.rules import AnswerCounts
from storage.lifecycle import archive, restore
from storage.stories import blobs, reading
from tests.botapi import BotApi
from tests.conversations.talk import Talk
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import (
    ONLY_KEEP,
    PROFESSIONAL,
    RESIDENT,
    TO_THE_TEAM,
    YES_TO_ALL,
    Say,
    Tap,
    tell,
)
from tests.end_to_end.test_own import by_link, code
from tests.media.images import PLACE, photo

TOLD = "Ik belde op maandag"
CLIPS = Path(__file__).parents[1] / "media" / "clips"
NAME = "De stoel bij het raam"


async def test_no_answer_is_lost(api: BotApi, tmp_path: Path) -> None:
    half = len(RESIDENT) // 2
    async with running(tmp_path, api) as house:
        await tell(house.phone("Alice"), RESIDENT[:half])
        alice = house.phone("Alice").user
    async with running(tmp_path, api) as house:
        phone = Phone(house, alice)
        await tell(phone, RESIDENT[half:], YES_TO_ALL)
        story = await house.story()
    assert TOLD in story.telling.text
    assert story.telling.sentence == NAME
    assert story.telling.answers["feeling"] == ["relieved", "proud"]


async def test_nobody_is_asked_twice(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    before = len(alice.sentences)
    again = Arrival("telegram", "1", str(alice.user.id), Said("Een deel.", "m1"), "nl")
    await house.app.runner.accept([again])
    await house.app.runner.accept([again])
    await house.settle()
    assert len(alice.sentences) == before + 1


async def test_nobody_is_left_in_silence(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:3])
    for deed in ("sticker", "location", "document"):
        before = len(alice.sentences)
        await alice.act(deed)
        assert len(alice.sentences) > before, deed
    for said in ("?", "wat bedoel je", "/onbekend", "🙂"):
        before = len(alice.sentences)
        await alice.say(said)
        assert len(alice.sentences) > before, said


def test_nothing_is_kept_without_consent() -> None:
    guide = load_guides().get("follow_up", "nl")
    assert explore(guide).problems == ()
    talk = Talk(guide).to("consent_keep")
    card = talk.state
    talk.tap("o:no")
    assert not any(isinstance(effect, Keep) for effect in talk.effects)
    talk.state = card
    talk.tap("o:yes")
    keep = next(effect for effect in talk.effects if isinstance(effect, Keep))
    record = next(effect for effect in talk.effects if isinstance(effect, Record))
    assert talk.effects.index(record) < talk.effects.index(keep)
    assert record.shown == guide.say(guide.steps["consent_keep"], card.facts)


async def test_nothing_is_kept_before_the_card_was_shown(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT)
    assert await house.count("story") == 0
    await tell(alice, YES_TO_ALL[:1])
    assert await house.count("story") == 1


async def test_what_is_withdrawn_is_gone(house: House, alice: Phone, bob: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    app, copy = house.app, house.folder / "copy.vertelbot"
    await archive.backup(app.database, app.services.vault, app.services.erased, copy)
    await bob.say(code(alice))
    await bob.tap("Weghalen", "Ja, haal het weg")
    assert await house.count("story") == 0
    async with BotApi(near=True) as other, running(house.folder / "again", other) as restored:
        await restore.restore(copy, restored.app.database, app.services.vault, app.services.erased)
        assert await restored.count("story") == 0


async def test_a_stolen_database_tells_no_story_and_no_person(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    stolen = b"".join(
        path.read_bytes() for path in house.folder.iterdir() if ".key" not in path.name
    )
    for secret in (TOLD, NAME, "Even op adem komen", str(alice.user.id), "Alice", code(alice)):
        assert secret.encode() not in stolen, secret
    with sqlite3.connect(house.folder / "vertelbot.db") as database:
        persons = {str(value) for row in database.execute("SELECT * FROM person") for value in row}
        told = {str(value) for row in database.execute("SELECT * FROM story") for value in row}
    shared = {value for value in persons & told if len(value) > 8}
    assert shared == set()


def test_no_small_group_is_recognisable() -> None:
    rows = {
        "noord": AnswerCounts({"glad": 2, "sad": 9}, 11, 11),
        "zuid": AnswerCounts({"glad": 7, "sad": 8}, 15, 15),
    }
    shown = rules.release(rows, 5, ["noord", "zuid"])
    assert all(cell.count == 0 or cell.count >= 5 for cell in shown.values())
    assert ("noord", "glad") not in shown


async def test_help_is_always_one_tap_away(alice: Phone) -> None:
    await tell(alice, RESIDENT[:1])
    assert "Hulp nu" in alice.last.labels
    await alice.tap("Hulp nu")
    assert "113" in alice.read
    for deed in (RESIDENT[1:], YES_TO_ALL):
        for each in deed:
            await tell(alice, (each,))
            before = len(alice.sentences)
            await alice.say("Hulp nu")
            assert "113" in "\n".join(alice.since(before))


async def test_the_bot_says_that_it_is_a_computer(alice: Phone, bob: Phone) -> None:
    for phone, role in ((alice, "Een inwoner"), (bob, "Iemand van een team")):
        await tell(phone, PROFESSIONAL[:1], (Tap(role),))
        assert "een computer" in "\n".join(phone.sentences)


def test_what_is_replaced_is_kept_nowhere() -> None:
    def finder(said: str, language: str) -> tuple[Span, ...]:
        place = said.find("Fatima")
        return (Span(place, place + 6, "PER", "[naam]"),) if place >= 0 else ()

    guide = load_guides().get("follow_up", "nl").with_finder(finder)
    talk = Talk(guide).to("tell").say("Fatima kwam en luisterde een uur.").tap("done")
    talk.to("review")
    assert talk.buttons[0] == "all"
    assert "Fatima" not in talk.tap("all").state.to_json()


async def test_a_citizen_service_number_is_never_stored(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    await alice.say("Mijn nummer is 111222333, en verder ging het goed.")
    assert "BSN" in "\n".join(alice.sentences[-2:])
    assert "verder ging het goed" in await conversations(house)
    assert "111222333" not in await conversations(house)


def test_only_sums_of_conversations_are_written() -> None:
    tally, small = UseTally(), 5
    for number in range(small):
        assert tally.take(small, "2026-10-02") == {}
        marks = ("first came", *(("first skipped",) if number else ()))
        tally.add((f"p{number}", f"s{number}"), ("resident", "f"), "2026-10-01", marks)
    written = tally.take(small, "2026-10-02")
    assert written == {"2026-10-01": {(("resident", "f"), "first came"): small}}


async def test_an_unfinished_story_is_forgotten(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:6])
    assert TOLD in await conversations(house)
    house.clock.move(days=8)
    await house.due()
    assert TOLD not in await conversations(house)
    await tell(alice, RESIDENT[:1])
    assert "weggegooid" in alice.read


async def test_a_kept_story_goes_after_its_period(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL)
    house.clock.move(days=365)
    await house.app.jobs.purge()
    assert await house.count("story") == 1
    house.clock.move(days=380)
    await house.app.jobs.purge()
    assert await house.count("story") == 0


async def test_a_recording_is_erased_unless_it_may_stay(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:5])
    await alice.act("voice", data=(CLIPS / "asked.ogg").read_bytes(), seconds=4)
    await tell(alice, (Tap("Klaar"), *RESIDENT[8:-1]))
    assert await house.count("blob") == 1
    await alice.say("Ik belde op maandag, en toen kwam er iemand.")
    assert "Mag de opname zelf ook blijven?" in alice.read
    await tell(alice, (Tap("Nee, wis de opname"), *RESIDENT[-1:], *YES_TO_ALL))
    assert await house.count("blob") == 0
    assert "voice" not in (await house.story()).purposes


async def test_a_photo_loses_its_place_and_time(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT[:6])
    await alice.act("photo", data=photo())
    await tell(alice, RESIDENT[7:-1])
    await tell(alice, (Tap("Ja, dat mag"), *RESIDENT[-1:], *YES_TO_ALL))
    [part] = [part for part in (await house.story()).telling.parts if part["kind"] == "photo"]
    kept = await house.app.database.read(lambda s: blobs.read(s, part["blob"]))
    assert kept is not None
    assert PLACE in photo()
    assert PLACE not in kept.data


async def test_a_permission_is_taken_back_as_easily_as_given(house: House, alice: Phone) -> None:
    await tell(alice, await by_link(house), TO_THE_TEAM)
    assert "network" in (await house.story()).purposes
    await tell(alice, (Say("/mijnverhalen"), Tap(NAME), Tap("Wie mag het lezen")))
    await alice.tap("✓ Andere teams", "Zo is het goed")
    assert "network" not in (await house.story()).purposes


async def test_one_can_see_what_is_kept_of_one(house: House, alice: Phone) -> None:
    await tell(alice, RESIDENT, YES_TO_ALL, (Say("/mijngegevens"),))
    files = dict(house.api.world.files.values())
    assert TOLD.encode() in files["vertelbot.json"]
    assert NAME.encode() in files["vertelbot.json"]


async def test_only_who_may_read_it_reads_a_story(house: House, alice: Phone, bob: Phone) -> None:
    association = Coordinator("1", "association", "", "Carla")

    async def readable() -> int:
        weeks = await house.app.database.read(lambda s: reading.counted(s, association))
        return sum(weeks.values())

    by_team = await by_link(house)
    await tell(alice, by_team, ONLY_KEEP)
    assert (await house.count("story"), await readable()) == (1, 0)
    await tell(bob, by_team, TO_THE_TEAM)
    assert (await house.count("story"), await readable()) == (2, 1)


async def test_telegram_is_named_before_anything_is_told(alice: Phone) -> None:
    await alice.say("/start")
    await alice.tap("Iemand van een team")
    (notice,) = [each for each in alice.sentences if each.startswith("Je zit nu in Telegram.")]
    assert "Het kan hier meelezen." in notice


async def conversations(house: House) -> str:
    """The state of every conversation, opened with the key."""
    vault = house.app.services.vault
    rows = await house.app.database.write(
        lambda c: c.execute(text("SELECT person_id, sealed FROM conversation")).all()
    )
    return "\n".join(vault.open(f"conversation:{row[0]}", row[1]).decode() for row in rows)
