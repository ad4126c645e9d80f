"""The first words stand in the page before its script is there."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from bot.channels.base import Account
from conversations.engine.effects import Button, Say
from conversations.engine.events import Tapped
from tests.browser.chat import Chat, box_of
from tests.browser.conftest import PHONE, Devices
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WELCOME = Say(
    "Welkom. Ik ben een computer.\n\nWie vertelt er?",
    (Button("b:resident", "Ik kreeg hulp"), Button("b:professional", "Ik geef hulp")),
)
SHIFTS = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0));
}).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => resolve(0), 50))"""


async def test_the_first_words_are_there_before_the_script_and_stay_where_they_are(
    devices: Devices, stage: Stage
) -> None:
    stage.strangers = True
    stage.script = lambda arrival: [WELCOME] if arrival.event == Account("start") else []
    come = asyncio.Event()

    async def later(route: Route) -> None:
        await come.wait()
        await route.continue_()

    async with devices.context(**PHONE) as chat:
        page = await chat.page.context.new_page()
        devices.watch(page)
        chat = Chat(page, stage)
        await page.route("**/chat.*.js", later)
        await page.goto(stage.url, wait_until="commit")
        bubble, button = page.locator(".bot .bubble"), chat.button("Ik kreeg hulp")
        await expect(bubble).to_contain_text("Wie vertelt er?")
        await expect(button).to_be_disabled()
        before = [await box_of(one) for one in (bubble, button)]
        await bubble.evaluate("(element) => (element.dataset.same = 'yes')")
        await button.focus()
        come.set()
        await expect(button).to_be_enabled()
        await expect(chat.log).to_have_attribute("aria-live", "polite")
        assert await bubble.get_attribute("data-same") == "yes"
        assert [await box_of(one) for one in (bubble, button)] == before
        assert await page.evaluate(SHIFTS) == 0
        await expect(button).to_be_focused()
        await expect(page.locator(".message")).to_have_count(1)
        await button.click()
        await stage.until(Tapped(0, "b:resident"))


async def test_first_words_of_another_language_give_way(devices: Devices, stage: Stage) -> None:
    stage.strangers = True
    stage.script = lambda arrival: [WELCOME] if arrival.language == "nl" else [Say("Welcome.")]
    async with devices.context(**PHONE, extra_http_headers={"Accept-Language": "nl"}) as chat:
        await chat.page.add_init_script(
            "Object.defineProperty(navigator, 'language', { get: () => 'en' })"
        )
        stage.language = "en"
        await chat.page.reload()
        await chat.hears("Welcome.")
        await expect(chat.page.locator(".message")).to_have_count(1)


async def test_without_script_there_are_the_first_words_and_a_sentence_that_helps(
    devices: Devices, stage: Stage
) -> None:
    stage.strangers = True
    stage.script = lambda _: [WELCOME]
    async with devices.context(**PHONE, java_script_enabled=False) as chat:
        await expect(chat.page.locator(".no-script")).to_be_in_viewport()
        await expect(chat.page.locator(".bot .bubble")).to_contain_text("Wie vertelt er?")


@pytest.mark.parametrize("wide", [320, 360, 390, 412])
async def test_the_bar_is_one_line_with_a_face(devices: Devices, wide: int) -> None:
    phone = {**PHONE, "viewport": {"width": wide, "height": 640}}
    async with devices.context(**phone) as chat:
        await expect(chat.page.locator(".bar .face")).to_be_in_viewport()
        bar = await box_of(chat.page.locator(".bar"))
        assert bar
        assert bar["height"] < 65


@pytest.mark.parametrize(
    ("words", "letters"), [("Dag", "letters-latin."), ("أهلا", "letters-arabic."), ("ğş", "-more.")]
)
async def test_our_letters_are_those_of_the_next_page(
    devices: Devices, stage: Stage, words: str, letters: str
) -> None:
    stage.script = lambda arrival: [Say(words)] if arrival.event == Account("start") else []
    async with devices.context(**PHONE) as chat:
        await chat.hears(words)
        await chat.page.evaluate("document.fonts.ready.then(() => 1)")
        await chat.page.reload()
        await chat.hears(words)
        await chat.page.evaluate("document.fonts.ready.then(() => 1)")
        came: list[str] = await chat.page.evaluate(
            "performance.getEntriesByType('resource').map(({ name }) => name)"
        )
        assert [name for name in came if letters in name]
        assert await chat.page.evaluate(SHIFTS) < 0.01
