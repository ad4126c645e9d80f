"""It fits, it can be read, and everyone can use it: small screens, dark, right to left, by ear."""

from collections.abc import Awaitable, Callable
from typing import Literal

import pytest
from playwright.async_api import expect

from conversations.engine.effects import Button, Control, Highlight, Say
from conversations.engine.events import Tapped
from tests.browser.chat import ANSWERED, Chat, box_of
from tests.browser.conftest import PHONE, Devices
from tests.browser.interview import CARD
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LAPTOP = {"width": 640, "height": 800}


async def walk(chat: Chat, check: Callable[[str], Awaitable[None]]) -> None:
    """Check the page at every question."""
    for question in ANSWERED:
        await chat.hears(question.capitalize())
        await check(question)
        await chat.step(question)
    await chat.hears("Bewaard")
    await check("bewaard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong(devices: Devices, scheme: str) -> None:
    async with devices.context(**PHONE, color_scheme=scheme, reduced_motion="reduce") as chat:

        async def check(question: str) -> None:
            found = await chat.violations()
            if question in ("schaal", "driehoek"):
                await chat.slider.press("PageUp")
                found += await chat.violations()
            assert found == [], question

        await walk(chat, check)
        await chat.tap("Menu")
        assert await chat.violations() == []
        await chat.tap("Taal")
        assert await chat.violations() == []


@pytest.mark.parametrize("path", ["/gone", "/privacy"])
async def test_axe_finds_nothing_wrong_on_the_other_pages(devices: Devices, path: str) -> None:
    async with devices.context(**PHONE) as chat:
        await chat.page.goto(chat.stage.url + path)
        assert await chat.violations() == []


FATIMA = Highlight(0, 6, "[naam]", clue=0)
MARKED = CARD.but(text="Fatima luisterde een uur.", highlights=(FATIMA,))
ROWS = ["c:name", "c:tell", "c:feeling", "c:scale", "c:triad"]
TAPPED = {
    "clues": (MARKED, ("all", "Ja, overal"), ["w:0"]),
    "card": (
        CARD,
        ("o:ok", "Zo klopt het"),
        ["c:name", "c:tell", "c:feeling", "c:scale", "c:triad"],
    ),
}


@pytest.mark.parametrize("kind", list(TAPPED))
async def test_what_is_tapped_on_a_card_works_by_keys_in_forced_colours_and_large_letters(
    devices: Devices, stage: Stage, kind: Literal["clues", "card"]
) -> None:
    shown, answer, ids = TAPPED[kind]
    question = Say("Klopt de kaart?", (Button(*answer),), 50, Control(kind, card=shown))
    async with devices.context(forced_colors="active", viewport=LAPTOP) as chat:
        await chat.page.evaluate("document.documentElement.style.fontSize = '200%'")
        await chat.hears("Meedoen")
        stage.script = lambda _: []
        await stage.show(stage.address, question)
        await chat.hears("Klopt de kaart?")
        assert await chat.violations() == []
        assert await chat.too_wide() == []
        await chat.page.locator(f'[data-card="{ids[0]}"]').focus()
        for number, each in enumerate(ids):
            here = chat.page.locator(f'[data-card="{each}"]')
            await expect(here).to_be_focused()
            assert await here.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
            if number == len(ids) - 1:
                await chat.page.keyboard.press("Enter")
            await chat.page.keyboard.press("Tab")
        await stage.until(Tapped(50, ids[-1]))


async def test_320_pixels_is_wide_enough(devices: Devices) -> None:
    async with devices.context(
        viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True
    ) as chat:

        async def check(question: str) -> None:
            assert await chat.too_wide() == [], question
            assert await chat.too_small() == [], question

        await walk(chat, check)
        await chat.tap("Menu")
        assert await chat.too_wide() == []


async def test_letters_of_twice_the_size_fit(devices: Devices) -> None:
    async with devices.context(viewport={"width": 640, "height": 800}) as chat:
        await chat.page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")

        async def check(question: str) -> None:
            assert await chat.too_wide() == [], question

        await walk(chat, check)
        await expect(chat.button("Stop en wis alles")).to_be_in_viewport()
        await expect(chat.box).to_be_in_viewport()


async def test_a_very_long_word_and_a_long_message_stay_inside(stage: Stage, phone: Chat) -> None:
    await phone.until("vertel")
    await phone.say("o" * 300)
    await phone.say("Een lange zin die maar door blijft gaan. " * 40)
    await expect(phone.page.locator(".own.pending")).to_have_count(0)
    await stage.show(stage.address, Say("https://example.nl/" + "x" * 200))
    await phone.hears("example.nl")
    assert await phone.too_wide() == []


async def test_what_people_type_stays_text(stage: Stage, desktop: Chat) -> None:
    await desktop.until("vertel")
    await desktop.say("<img src=x onerror=alert(1)> & <b>vet</b>")
    await desktop.hears("Ik heb het")
    assert (await desktop.own())[-1] == "<img src=x onerror=alert(1)> & <b>vet</b>"
    await expect(desktop.log.locator("img, b")).to_have_count(0)


async def test_right_to_left_mirrors_the_page(stage: Stage, phone: Chat) -> None:
    stage.languages = (("nl", "Nederlands"), ("ar", "العربية"))
    stage.web.pages.languages = stage.languages
    await phone.until("gevoel")
    stage.language = "ar"
    await phone.step("gevoel")
    await phone.hears("Schaal")
    await expect(phone.page.locator("html")).to_have_attribute("dir", "rtl")
    own = await box_of(phone.page.locator(".own .bubble").last)
    assert own
    assert own["x"] < 60
    await phone.slider.press("ArrowLeft")
    await expect(phone.slider).to_have_attribute("aria-valuenow", "55")
    thumb = await box_of(phone.page.locator(".thumb"))
    assert thumb
    assert thumb["x"] < 195
    await phone.slider.click(position={"x": 20, "y": 20})
    await expect(phone.slider).to_have_attribute("aria-valuenow", "98")
    assert await phone.too_wide() == []


async def test_dark_is_dark(devices: Devices) -> None:
    async with devices.context(color_scheme="dark") as chat:
        colour = await chat.page.evaluate("getComputedStyle(document.documentElement).background")
        assert colour.startswith("rgb(22, 20, 17)")


async def test_nothing_moves_for_who_wants_that(devices: Devices) -> None:
    async with devices.context(reduced_motion="reduce") as chat:
        await chat.until("vertel")
        moving = await chat.page.evaluate("document.getAnimations().length")
        assert moving == 0


async def test_a_screen_reader_hears_new_messages_only(stage: Stage, devices: Devices) -> None:
    async with devices.context() as chat:
        await chat.until("vertel")
        await chat.page.add_init_script(
            """globalThis.heard = [];
            new MutationObserver((changes) => {
              for (const { target, addedNodes } of changes) {
                if (target.id !== "log") continue;
                for (const node of addedNodes) heard.push([target.ariaLive, node.textContent]);
              }
            }).observe(document, { childList: true, subtree: true });"""
        )
        await chat.page.reload()
        await chat.hears("Vertel")
        await stage.show(stage.address, Say("Dit is nieuw."))
        await chat.hears("Dit is nieuw.")
        *before, new = await chat.page.evaluate("heard")
    assert {live for live, _ in before} == {"off"}
    assert new == ["polite", "Vertelbot: Dit is nieuw."]


async def test_the_box_keeps_the_focus_on_a_desktop_and_no_keyboard_pops_up_on_a_phone(
    desktop: Chat, phone: Chat
) -> None:
    await expect(desktop.box).to_be_focused()
    await desktop.hears("Meedoen")
    await desktop.tap("Ja, ik doe mee")
    await desktop.hears("Vertel")
    await expect(desktop.box).to_be_focused()
    await phone.hears("Vertel")
    await expect(phone.box).not_to_be_focused()


async def test_a_new_question_comes_into_view_unless_one_reads_back(
    stage: Stage, phone: Chat
) -> None:
    await phone.until("vertel")
    for number in range(12):
        await phone.say(f"regel {number}\nen nog wat\nen nog wat")
    await expect(phone.page.locator(".own.pending")).to_have_count(0)
    await expect(phone.button("Klaar")).to_be_in_viewport()
    await phone.settled()
    await phone.page.locator("#scroll").evaluate("box => box.scrollTo(0, 0)")
    await phone.settled()
    await stage.show(stage.address, Say("Er is iets nieuws."))
    newer = phone.button("Nieuw bericht")
    await expect(newer).to_be_visible()
    assert await phone.page.locator("#scroll").evaluate("box => box.scrollTop") == 0
    await newer.tap()
    await expect(phone.page.get_by_text("Er is iets nieuws.")).to_be_in_viewport()
    await expect(newer).to_be_hidden()


async def test_a_long_card_is_read_from_its_beginning(phone: Chat) -> None:
    heading = phone.page.get_by_role("heading", name="Een uur aan de keukentafel")
    await phone.until("kaart")
    await expect(heading).to_be_in_viewport()
    await phone.page.reload()
    await phone.hears("Kaart")
    await expect(heading).to_be_in_viewport()


async def test_the_corners_of_the_triangle_stay_with_their_labels_from_right_to_left(
    stage: Stage, phone: Chat
) -> None:
    stage.web.pages.languages = (("nl", "Nederlands"), ("fa", "فارسی"))
    stage.language = "fa"
    await phone.until("driehoek")
    await phone.slider.press("End")
    pole = await box_of(phone.page.locator(".pole-2"))
    dot = await box_of(phone.page.locator(".triangle .dot"))
    assert pole
    assert dot
    assert dot["x"] > 195
    assert pole["x"] + pole["width"] > dot["x"]


async def test_a_chosen_place_is_seen_back_as_a_drawing(phone: Chat) -> None:
    await phone.until("kaart")
    scale, triad = (phone.page.locator(".own .bubble").nth(place) for place in (-2, -1))
    await expect(scale.get_by_role("img")).to_have_accessible_name("In het midden")
    await expect(triad.locator("svg.answered")).to_be_visible()
    await expect(triad).to_contain_text("In het midden")
