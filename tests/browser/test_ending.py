"""The end of a story: the code to take along, and a screen on which nothing stays; and a tablet
at a desk, which does so by itself."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.channels.base import Account
from conversations.engine.effects import Button, Control, Say
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.browser.interview import CODE
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMALL = {**PHONE, "viewport": {"width": 360, "height": 640}}


async def at_the_end(chat: Chat) -> None:
    await chat.until("bewaard")
    await chat.stage.show(chat.stage.address, Say("Klaar.", control=Control("ending")))
    await expect(chat.button("Maak dit scherm leeg")).to_be_visible()


async def test_the_end_fits_a_phone_and_the_code_can_be_copied_and_kept(
    devices: Devices,
) -> None:
    async with devices.context(**SMALL, permissions=["clipboard-read", "clipboard-write"]) as chat:
        await at_the_end(chat)
        for part in (chat.page.locator(".ending .code"), chat.button("Maak dit scherm leeg")):
            await expect(part).to_be_in_viewport(ratio=1)
        assert await chat.violations() == []
        await chat.tap("Kopieer")
        await expect(chat.page.get_by_text("De code is gekopieerd.")).to_be_visible()
        assert await chat.page.evaluate("navigator.clipboard.readText()") == CODE
        async with chat.page.expect_download() as kept:
            await chat.tap("Bewaar als plaatje")
        assert (await kept.value).suggested_filename == "vertelbot-code.png"


async def test_an_emptied_screen_keeps_nothing_not_even_the_code(stage: Stage, phone: Chat) -> None:
    await at_the_end(phone)
    await phone.tap("Maak dit scherm leeg")
    await expect(phone.page.get_by_role("dialog")).to_contain_text("Is de code bewaard?")
    await phone.tap("Ja, maak leeg")
    await expect(phone.page).to_have_url(f"{stage.url}/gone")
    assert stage.events[-1] == Account("wipe", "chat")
    assert CODE not in await phone.page.content()
    assert await phone.page.evaluate("sessionStorage.length + localStorage.length") == 0
    await phone.page.go_back()
    assert CODE not in await phone.page.content()


async def test_the_code_comes_with_all_that_is_left_to_do_on_one_screen(
    stage: Stage, devices: Devices
) -> None:
    buttons = Button("o:another", "Ja, nog iets"), Button("o:done", "Nee, klaar")
    kept = Say(f"Dank u wel.\n{CODE}\nNog iets vertellen?", buttons, 90, slots=("code",))
    async with devices.context(**SMALL) as chat:
        await chat.hears("Meedoen?")
        await stage.show(stage.address, kept)
        left = ("Kopieer", "Bewaar als plaatje", "Maak dit scherm leeg", "Ja, nog iets")
        for part in (chat.page.locator(".code"), *map(chat.button, left)):
            await expect(part).to_have_count(1)
            await expect(part).to_be_in_viewport(ratio=1)
        await expect(chat.button("Nee, klaar")).to_have_count(0)
        assert await chat.violations() == []
        await stage.show(stage.address, Say("Bel 112."))
        await expect(chat.button("Maak dit scherm leeg")).to_have_count(1)
        await stage.show(stage.address, Say("Doet u mee?", buttons, 91))
        await expect(chat.button("Maak dit scherm leeg")).to_have_count(0)


async def begin_at_desk(chat: Chat) -> None:
    await chat.page.clock.install()
    await chat.page.goto(f"{chat.stage.url}/t/K7MF-3QX?balie")
    await expect(chat.page.get_by_text("Dit scherm is van iedereen.")).to_be_visible()
    await chat.page.get_by_role("button", name="K7MF-3QX").click()
    await expect(chat.page).to_have_url(f"{chat.stage.url}/?balie=K7MF-3QX")
    await expect(chat.log).to_be_visible()


async def test_a_desk_asks_after_two_minutes_and_clears_itself_thirty_seconds_later(
    stage: Stage, devices: Devices
) -> None:
    async with devices.context(**PHONE) as chat:
        await begin_at_desk(chat)
        dialog = chat.page.get_by_role("dialog", name="Bent u er nog?")
        await chat.page.clock.run_for(100_000)
        await expect(dialog).to_be_hidden()
        await chat.page.clock.run_for(22_000)
        await expect(dialog).to_be_visible()
        await chat.tap("Ja, ik ben er nog")
        await expect(dialog).to_be_hidden()
        await chat.page.clock.run_for(125_000)
        await expect(dialog).to_be_visible()
        await chat.page.clock.run_for(30_000)
        await expect(chat.page).to_have_url(f"{stage.url}/gone?balie=K7MF-3QX")
        assert stage.events[-1] == Account("wipe", "chat")
        assert await chat.page.context.cookies() == []
        assert await chat.button("Toch niet").count() == 0  # at once, not when it begins anew
        again = chat.page.get_by_role("link", name="Opnieuw beginnen")
        await expect(again).to_have_attribute("href", "/t/K7MF-3QX?balie")


async def test_a_desk_without_a_network_shows_nothing_of_before_and_clears_itself_later(
    stage: Stage, devices: Devices
) -> None:
    async with devices.context(**PHONE) as chat:
        await begin_at_desk(chat)
        await stage.show(stage.arrivals[-1].address, Say("Uw code: appel"))
        told = chat.page.get_by_text("Uw code: appel")
        await expect(told).to_be_visible()
        stage.failing = True
        await chat.page.clock.run_for(152_000)
        dialog = chat.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Wissen lukt nu niet.")
        await expect(chat.button("Nee, toch niet")).to_be_hidden()
        await expect(told).to_have_count(0)
        await chat.page.reload()
        await expect(dialog).to_contain_text("Wissen lukt nu niet.")
        await expect(told).to_have_count(0)
        stage.failing = False
        await chat.page.clock.run_for(6_000)
        await expect(chat.page).to_have_url(f"{stage.url}/gone?balie=K7MF-3QX")
        assert await chat.page.evaluate("localStorage.length") == 0


async def test_who_empties_a_desk_by_hand_may_come_back(devices: Devices) -> None:
    async with devices.context(**PHONE) as chat:
        await begin_at_desk(chat)
        await chat.tap("Stop en wis alles")
        await expect(chat.button("Toch niet")).to_be_visible()


async def test_a_desk_knows_nobody_of_before(stage: Stage, devices: Devices) -> None:
    async with devices.context(**PHONE) as chat:
        await begin_at_desk(chat)
        await begin_at_desk(chat)
    begun = [each.address for each in stage.arrivals if each.event == Account("start", "K7MF-3QX")]
    assert len(set(begun)) == 2
