"""Two taps in quick succession give no consent that nobody saw: in Telegram from the confirmed send
to the arrival of the tap, in the web chat by the page's own clock. Nobody is locked out for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot import first_taps
from bot.channels.telegram import channel, outgoing
from conversations.guide.dwell_times import DWELL
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import RESIDENT, Deed, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller

TOO_SOON = "Dat ging heel snel."
KEEP = "op slot bewaren"


class Watch:
    """A monotonic clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def monotonic(self) -> float:
        return self.moment

    def time(self) -> float:
        return 0.0

    def move(self, milliseconds: float) -> None:
        self.moment += milliseconds / 1000


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    for module in (channel, outgoing, first_taps):
        monkeypatch.setattr(module, "time", watch)
    return watch


@pytest.fixture
def strict(house: House) -> House:
    house.app.services.shelf.dwell = DWELL
    return house


async def slowly(phone: Phone, watch: Watch, *scripts: tuple[Deed, ...]) -> None:
    for deed in (deed for script in scripts for deed in script):
        watch.move(800)
        await tell(phone, (deed,))


async def count(house: House, purpose: str) -> int:
    return await house.count(f"consent WHERE purpose = '{purpose}'")


@pytest.mark.parametrize("delay", range(50, 700, 150))
async def test_in_telegram_a_tap_on_a_consent_that_just_came_changes_nothing(
    strict: House, alice: Phone, watch: Watch, delay: int
) -> None:
    await slowly(alice, watch, RESIDENT)
    assert KEEP in alice.read
    watch.move(delay)
    await alice.tap("Ja, dat mag")
    assert await strict.stories() == []
    assert any(each.startswith(TOO_SOON) for each in alice.sentences)
    assert KEEP in alice.read
    watch.move(700)
    await alice.tap("Ja, dat mag")
    assert len(await strict.stories()) == 1


async def test_in_telegram_four_taps_at_one_spot_give_one_answer(
    strict: House, alice: Phone, watch: Watch
) -> None:
    await slowly(alice, watch, RESIDENT)
    watch.move(800)
    await alice.tap("Ja, dat mag")
    for _ in range(3):
        watch.move(150)
        await alice.tap(alice.last.labels[0])
        await strict.settle()
    story = await strict.story()
    assert set(story.purposes) == {"keep"}


async def at_switches(house: House, phone: Phone, watch: Watch) -> None:
    """A resident of a team, before the switches."""
    team = await house.team("Wijkteam Oost", "Zwolle")
    begun = (Say(f"/start {team.code}"), *RESIDENT[1:])
    await slowly(phone, watch, begun, (Tap("Ja, dat mag"),))
    assert "Wat mag er nog meer?" in phone.read


async def test_in_telegram_switches_are_confirmed_only_as_they_could_be_seen(
    strict: House, alice: Phone, watch: Watch
) -> None:
    await at_switches(strict, alice, watch)
    watch.move(800)
    await alice.tap("Het team")
    assert "✓ Het team" in alice.last.labels
    watch.move(150)
    await alice.tap("Zo is het goed")
    assert (await strict.story()).purposes == ("keep",)
    assert any(each.startswith(TOO_SOON) for each in alice.sentences)
    assert "✓ Het team" in alice.last.labels
    watch.move(800)
    await alice.tap("Zo is het goed")
    assert (await strict.story()).purposes == ("keep", "team")


async def test_in_telegram_a_switch_that_just_changed_stays_and_another_one_can_follow(
    strict: House, alice: Phone, watch: Watch
) -> None:
    await at_switches(strict, alice, watch)
    watch.move(800)
    await alice.tap("Het team")
    watch.move(150)
    await alice.tap("✓ Het team")
    assert "✓ Het team" in alice.last.labels
    watch.move(150)
    await alice.tap("Ik hoor ervan")
    assert {"✓ Het team", "✓ Ik hoor ervan"} <= set(alice.last.labels)
    strict.clock.move(seconds=1)
    await alice.tap("✓ Het team", "Zo is het goed")
    assert (await strict.story()).purposes == ("keep",)
    strict.clock.move(seconds=1)
    await alice.tap("Zo is het goed")
    assert (await strict.story()).purposes == ("keep", "contact")


async def test_in_telegram_switches_changed_later_are_confirmed_only_as_they_could_be_seen(
    strict: House, alice: Phone, watch: Watch
) -> None:
    await at_switches(strict, alice, watch)
    watch.move(800)
    await alice.tap("Het team")
    await slowly(alice, watch, (Tap("Zo is het goed"), Tap("Zo is het goed")))
    await slowly(alice, watch, (Say("/mijnverhalen"), Tap("De stoel bij het raam")))
    await slowly(alice, watch, (Tap("Wie mag het lezen"), Tap("✓ Het team")))
    watch.move(150)
    await alice.tap("Zo is het goed")
    assert (await strict.story()).purposes == ("keep", "team")
    assert alice.last.labels[0] == "Het team", "asked again as the switches stand"
    watch.move(800)
    await alice.tap("Zo is het goed")
    assert (await strict.story()).purposes == ("keep",)


async def test_in_telegram_other_questions_take_half_as_long(
    strict: House, alice: Phone, watch: Watch
) -> None:
    await slowly(alice, watch, RESIDENT[:2])
    watch.move(300)
    await alice.tap("Ja, ik doe mee")
    assert "Doet u mee?" in alice.read
    watch.move(60)
    await alice.tap("Ja, ik doe mee")
    assert "16 jaar" in alice.read


async def test_after_a_restart_the_outbox_knows_since_when_a_question_is_there(
    tmp_path: Path, api: BotApi, watch: Watch
) -> None:
    async with running(tmp_path, api) as house:
        house.app.services.shelf.dwell = DWELL
        alice = house.phone("Alice")
        await slowly(alice, watch, RESIDENT)
        clock = house.clock
    clock.move(seconds=5)
    async with running(tmp_path, api, clock=clock) as house:
        house.app.services.shelf.dwell = DWELL
        await house.phone("Alice").tap("Ja, dat mag")
        assert len(await house.stories()) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE outbox SET sent_at = '2030-01-01 00:00:00.000000'",
        "UPDATE outbox SET sent_at = NULL, state = 'failed' WHERE kind = 'say'",
        "DELETE FROM outbox",
    ],
    ids=["a clock was put back", "nobody knows what went", "the rows are gone"],
)
async def test_nobody_is_locked_out_when_nobody_knows_when_a_question_went(
    tmp_path: Path, api: BotApi, watch: Watch, broken: str
) -> None:
    async with running(tmp_path, api) as house:
        house.app.services.shelf.dwell = DWELL
        await slowly(house.phone("Alice"), watch, RESIDENT)
        await house.app.database.write(lambda c: c.execute(text(broken)))
        clock = house.clock
    async with running(tmp_path, api, clock=clock) as house:
        house.app.services.shelf.dwell = DWELL
        alice = house.phone("Alice")
        old = next(m for m in alice.user.messages if KEEP in m.text)
        data = next(each.data for each in old.buttons if each.text == "Ja, dat mag")
        for delay in (0, 100, 599):
            watch.move(delay)
            await alice.user.tap_data(data, old.id)
            await house.settle()
            assert await house.stories() == []
        watch.move(1)
        await alice.user.tap_data(data, old.id)
        await house.settle()
        assert len(await house.stories()) == 1


async def test_in_telegram_words_that_were_under_way_give_no_consent(
    strict: House, alice: Phone, watch: Watch
) -> None:
    """Both were typed at the card; the second one comes at the question whether to keep it."""
    await slowly(alice, watch, RESIDENT[:-1])
    await alice.say("Ja", "ja")
    assert await strict.stories() == []
    assert KEEP in alice.read
    await alice.say("ja")
    assert len(await strict.stories()) == 1


async def test_in_the_web_chat_a_tap_counts_by_what_the_page_measured(strict: House) -> None:
    async with WebTeller(strict) as page:
        page.seen = 800
        await tell(page, RESIDENT)
        for seen in (None, 0, 50, 350, 650, -5, "800", 1e9):
            page.seen = seen
            await page.tap("Ja, dat mag")
            assert await strict.stories() == []
            assert page.sentences[-2].startswith(TOO_SOON)
            assert KEEP in page.sentences[-1]
        page.seen = 700
        await page.tap("Ja, dat mag")
        assert len(await strict.stories()) == 1


async def test_a_page_that_measures_nothing_can_still_tell_in_words(strict: House) -> None:
    async with WebTeller(strict) as page:
        page.seen = None
        await tell(page, (Say("/start"),))
        await page.tap("Een inwoner")
        assert page.sentences[-1].startswith(TOO_SOON)
        await page.say("Een inwoner")
        await page.tap("Ja, ik doe mee")
        assert page.sentences[-2].startswith(TOO_SOON)
        await page.say("ja")
        assert "16 jaar" in page.sentences[-1]


async def test_words_typed_at_an_earlier_question_of_the_page_give_no_consent(
    strict: House,
) -> None:
    async with WebTeller(strict) as page:
        page.seen = 800
        await tell(page, RESIDENT)
        keep = page.asked["turn"]
        await page.do("say", text="ja", asked=keep - 1)
        assert await strict.stories() == []
        await page.do("say", text="ja", asked=keep)
        assert len(await strict.stories()) == 1


async def test_erasing_takes_a_longer_look_too(strict: House, alice: Phone, watch: Watch) -> None:
    await slowly(alice, watch, RESIDENT[:3], (Say("/wissen"),))
    watch.move(650)
    await alice.tap("Ja, wis alles")
    assert await strict.count("person") == 1
    watch.move(700)
    await alice.tap("Ja, wis alles")
    assert await strict.count("person") == 0


async def test_a_row_says_how_long_the_page_waits(strict: House) -> None:
    async with WebTeller(strict) as page:
        page.seen = 800
        await tell(page, RESIDENT[:3], (Tap("Ja, 16 of ouder"),))
        assert (page.asked["dwell"], page.asked["weighty"]["buttons"]) == (350, [])
        await tell(page, RESIDENT[4:-1])
        assert page.asked["weighty"] == {"buttons": ["o:discard"], "dwell": 700}
