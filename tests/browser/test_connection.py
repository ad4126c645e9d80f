"""Nothing is lost and nothing is doubled, however bad the connection."""

import asyncio
from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from bot.channels.base import Account, Arrival
from conversations.engine.effects import Mark, Say
from conversations.engine.events import Said, Tapped
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.browser.interview import QUESTIONS
from tests.channels.web.stage import Shown, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = [f"zin {number}" for number in range(12)]
LASTING = "localStorage.length"


def said(stage: Stage) -> list[str]:
    return [event.text for event in stage.events if isinstance(event, Said)]


async def test_connections_that_break_in_the_middle_lose_and_double_nothing(
    stage: Stage, desktop: Chat
) -> None:
    await desktop.until("vertel")
    for number, words in enumerate(WORDS):
        await desktop.say(words)
        if number % 3 == 1:
            stage.cut()
    await expect(desktop.page.locator(".own.pending")).to_have_count(0)
    await expect(desktop.page.get_by_text("Ik heb het.")).to_have_count(len(WORDS))
    assert said(stage) == WORDS
    assert await desktop.own() == ["Ja, ik doe mee", *WORDS]


async def test_a_confirmation_that_got_lost_changes_nothing(
    stage: Stage, desktop: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desktop.until("vertel")
    accept = stage.accept
    cuts = 3

    async def accept_and_break(
        arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        nonlocal cuts
        await accept(arrivals)
        if cuts and isinstance(arrivals[0].event, Said):
            cuts -= 1
            stage.cut()

    monkeypatch.setattr(stage.web, "_accept", accept_and_break)
    stage.cut()
    await desktop.say("een")
    await desktop.say("twee")
    await expect(desktop.page.get_by_text("Ik heb het.")).to_have_count(2)
    assert said(stage) == ["een", "twee"]
    assert await desktop.own() == ["Ja, ik doe mee", "een", "twee"]


async def test_a_server_that_was_away_is_found_again(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    await stage.stop()
    await desktop.say("terwijl u weg was")
    state = desktop.page.get_by_role("status")
    await expect(state).to_have_text("Geen verbinding. Ik bewaar het hier.")
    await stage.start()
    await desktop.hears("Ik heb het")
    await expect(state).to_be_hidden()
    assert said(stage) == ["terwijl u weg was"]


async def test_without_a_network_the_page_says_so_and_goes_on_later(
    stage: Stage, desktop: Chat
) -> None:
    await desktop.until("vertel")
    await desktop.page.context.set_offline(True)
    stage.cut()
    state = desktop.page.get_by_role("status")
    await expect(state).to_have_text("Geen verbinding. Ik bewaar het hier.")
    await desktop.say("in de tunnel")
    waiting = desktop.page.locator(".own.pending")
    await expect(waiting.get_by_text("Wacht op verbinding")).to_be_visible()
    await expect(desktop.page.locator("#typing")).to_be_hidden()
    await desktop.page.context.set_offline(False)
    await desktop.hears("Ik heb het")
    assert said(stage) == ["in de tunnel"]


async def test_a_tap_without_a_network_waits_and_counts_once(stage: Stage, desktop: Chat) -> None:
    await desktop.hears("Meedoen")
    await desktop.page.context.set_offline(True)
    stage.cut()
    await expect(desktop.page.get_by_role("status")).to_be_visible()
    await desktop.tap("Ja, ik doe mee")
    await expect(desktop.page.locator(".answers .wait")).to_be_visible()
    await desktop.page.context.set_offline(False)
    await desktop.hears("Vertel het maar")
    assert len([event for event in stage.events if isinstance(event, Tapped)]) == 1


async def test_what_was_not_confirmed_survives_a_reload(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    stage.failing = True
    await desktop.say("nog niet bewaard")
    await desktop.box.fill("half getypt")
    await desktop.page.reload()
    await expect(desktop.page.locator(".own.pending")).to_contain_text("nog niet bewaard")
    await expect(desktop.box).to_have_value("half getypt")
    stage.failing = False
    await desktop.hears("Ik heb het")
    assert said(stage) == ["nog niet bewaard"]


async def test_what_was_said_without_a_network_outlives_its_tab(
    stage: Stage, desktop: Chat, devices: Devices
) -> None:
    await desktop.until("vertel")
    context = desktop.page.context
    beside = await devices.page(Chat(await context.new_page(), stage))
    await beside.hears("Vertel het maar")
    await context.set_offline(True)
    stage.cut()
    await desktop.say("in de trein")
    await beside.say("ook in de trein")
    await expect(desktop.page.locator(".own.pending")).to_have_count(1)
    await desktop.page.close()
    await context.set_offline(False)
    again = await devices.page(Chat(await context.new_page(), stage))
    await again.hears("Ik heb het")
    await expect(again.page.locator(".own.pending")).to_have_count(0)
    await expect(beside.page.locator(".own.pending")).to_have_count(0)
    assert sorted(said(stage)) == ["in de trein", "ook in de trein"]
    assert await again.page.evaluate(LASTING) == 0


async def test_what_somebody_said_without_a_network_is_not_sent_for_who_comes_after(
    stage: Stage, desktop: Chat, devices: Devices
) -> None:
    await desktop.until("vertel")
    context = desktop.page.context
    await say_in_the_train(stage, desktop)
    await desktop.page.close()
    await context.clear_cookies()
    await context.set_offline(False)
    after = await devices.page(Chat(await context.new_page(), stage))
    await expect(after.page.locator(".bot").first).to_contain_text("Dag.")
    await expect(after.page.locator(".own")).to_have_count(0)
    assert await after.page.evaluate(LASTING) == 0
    assert said(stage) == []


async def test_words_that_waited_longer_than_an_unfinished_story_lives_are_not_sent(
    stage: Stage, desktop: Chat, devices: Devices
) -> None:
    await desktop.until("vertel")
    context = desktop.page.context
    await say_in_the_train(stage, desktop)
    await desktop.page.evaluate(
        """() => {
          const [[key, words]] = Object.entries(localStorage);
          const older = key.replace(/(?<=[.])\\d{13}(?=[.])/, (then) => then - 4 * 24 * 3600_000);
          localStorage.clear();
          localStorage.setItem(older, words);
        }"""
    )
    await desktop.page.close()
    await context.set_offline(False)
    again = await devices.page(Chat(await context.new_page(), stage))
    await again.hears("Vertel het maar")
    await expect(again.page.locator(".own.pending")).to_have_count(0)
    assert await again.page.evaluate(LASTING) == 0
    assert said(stage) == []


@pytest.mark.parametrize("story", ["begun", "kept", "erased", "at a desk"])
async def test_words_outlive_their_tab_only_while_a_story_of_ones_own_is_unfinished(
    stage: Stage, desktop: Chat, story: str
) -> None:
    if story == "at a desk":
        await desktop.page.goto(f"{stage.url}/?balie=K7MF-3QX")
    await desktop.until("bewaard" if story == "kept" else "vertel")
    await say_in_the_train(stage, desktop)
    if story == "erased":  # without a network that comes later
        await desktop.tap("Stop en wis alles")
        await expect(desktop.page.get_by_role("dialog")).to_contain_text("Wissen lukt nu niet.")
    assert await desktop.page.evaluate(LASTING) == (story == "begun")


async def say_in_the_train(stage: Stage, chat: Chat) -> None:
    await chat.page.context.set_offline(True)
    stage.cut()
    await chat.say("in de trein")
    await expect(chat.page.locator(".own.pending")).to_have_count(1)


async def test_a_message_that_fails_is_tried_again_by_itself(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    stage.failing = True
    await desktop.say("hoort u mij")
    await asyncio.sleep(0.2)
    stage.failing = False
    await desktop.hears("Ik heb het")
    assert await desktop.own() == ["Ja, ik doe mee", "hoort u mij"]


async def test_a_reload_and_a_new_tab_pick_up_where_one_was(
    stage: Stage, desktop: Chat, devices: Devices
) -> None:
    await desktop.until("schaal")
    own = await desktop.own()
    await desktop.page.reload()
    await desktop.hears("Schaal")
    assert await desktop.own() == own
    await desktop.page.close()
    again = Chat(await desktop.page.context.new_page(), stage)
    await devices.page(again)
    await again.hears("Schaal")
    assert await again.own() == own
    await expect(again.page.locator(".answers")).to_have_count(1)
    assert stage.events.count(Account("start", "")) == 1


def short(arrival: Arrival) -> list[Shown]:
    """A question, and one more when it is answered."""
    if isinstance(arrival.event, Account):
        return [QUESTIONS[0].but(turn=1)]
    return [Mark(1, "Ja, ik doe mee"), QUESTIONS[1].but(turn=2)]


async def test_an_opening_that_is_not_written_down_is_shown_once_and_stays_until_it_is_answered(
    stage: Stage, devices: Devices
) -> None:
    stage.strangers, stage.script = True, short
    async with devices.context(**PHONE) as chat:
        await chat.page.goto(stage.url)
        await chat.hears("Meedoen?")
        await chat.page.reload()
        await chat.hears("Meedoen?")
        stage.cut()
        await chat.page.evaluate("dispatchEvent(new Event('online'))")
        await expect(chat.page.locator("#link-state")).to_be_hidden()
        assert stage.events == []
        await expect(chat.page.locator(".bot")).to_have_count(1)
        await chat.tap("Ja, ik doe mee")
        await chat.hears("Vertel het maar")
        await expect(chat.page.locator(".bot")).to_have_count(2)
        await expect(chat.page.locator(".answers")).to_have_count(0)
        assert await chat.own() == ["Ja, ik doe mee"]
    assert [type(event) for event in stage.events] == [Account, Tapped]


async def test_an_opening_that_became_another_one_gives_way(stage: Stage, devices: Devices) -> None:
    stage.strangers, stage.script = True, short
    async with devices.context(**PHONE) as chat:
        await chat.page.goto(stage.url)
        await chat.hears("Meedoen?")
        stage.script = lambda arrival: [Say("Een andere opening.", turn=9)]
        await chat.tap("Ja, ik doe mee")
        await chat.hears("Een andere opening.")
        await expect(chat.page.locator("text=Meedoen?")).to_have_count(0)


async def test_two_tabs_show_the_same_conversation(
    stage: Stage, desktop: Chat, devices: Devices
) -> None:
    await desktop.hears("Meedoen?")
    other = Chat(await desktop.page.context.new_page(), stage)
    await devices.page(other)
    await other.until("vertel")
    await desktop.hears("Vertel")
    await expect(desktop.page.locator(".answers")).to_have_count(0)


async def test_a_link_of_a_meeting_is_followed_by_a_tap_and_leaves_the_address_bar(
    stage: Stage, devices: Devices
) -> None:
    async with devices.context(**PHONE) as chat:
        await chat.hears("Meedoen?")
        await chat.page.goto(f"{stage.url}/m/K7MF-3QX")
        assert stage.events == [Account("start")]  # of the page before
        await chat.page.get_by_role("button", name="K7MF-3QX").click()
        await expect(chat.page).to_have_url(f"{stage.url}/")
    assert stage.events == [Account("start"), Account("start", "K7MF-3QX")]


async def test_a_fast_typist_is_not_lost_in_the_flood(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    for number in range(50):
        await desktop.say(f"zin {number}")
    await expect(desktop.page.locator(".own.pending")).to_have_count(0, timeout=12000)
    assert said(stage) == [f"zin {number}" for number in range(50)]
