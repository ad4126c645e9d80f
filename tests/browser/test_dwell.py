"""Buttons work only when their question has been on the screen long enough; until then they look
so, for the eye, the keyboard and a screen reader."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from conversations.engine.effects import Say
from conversations.engine.events import Tapped
from conversations.guide.dwell_times import DWELL, DwellTimes
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.channels.web.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HURRY = """() => new MutationObserver(() => {
  for (const button of document.querySelectorAll(".answers button")) {
    for (const after of [0, 1, 50, 150, 300]) setTimeout(() => button.click(), after);
  }
}).observe(document.getElementById("log"), {childList: true})"""
"""Somebody who taps on whatever appears, at once and five times."""


async def test_a_button_is_inactive_until_its_question_was_read(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DwellTimes(3_600_000, 3_600_000)
    async with devices.context(**PHONE) as chat:
        await chat.hears("Meedoen?")
        yes = chat.button("Ja, ik doe mee")
        await expect(yes).to_have_attribute("aria-disabled", "true")
        await expect(yes).to_be_disabled()
        await yes.click(force=True)
        await yes.tap(force=True)
        await yes.press("Enter")
        await yes.press("Space")
        assert not any(isinstance(event, Tapped) for event in stage.events)
        assert await chat.violations() == []
        await chat.say("Ja, ik doe mee")
        await chat.hears("Meedoen?")


async def test_who_waits_for_the_buttons_tells_the_whole_story(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DWELL
    async with devices.context(**PHONE) as chat:
        await chat.until("")
        taps = [event for event in stage.events if isinstance(event, Tapped)]
        assert taps[-1] == Tapped(7, "o:yes")
        assert (taps[-1].seen or 0) >= DWELL.weighty
        assert all((tap.seen or 0) >= DWELL.other for tap in taps)


async def test_hurried_taps_on_what_just_appeared_answer_nothing(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DwellTimes(3_600_000, 0)
    async with devices.context(**PHONE) as chat:
        await chat.until("kaart")
        await chat.page.evaluate(HURRY)
        await chat.tap("Zo klopt het")
        await chat.hears("Bewaren?")
        await chat.page.wait_for_function("performance.now() > 0")
        await expect(chat.button("Ja, dat mag")).to_be_disabled()
        await chat.page.evaluate("new Promise((done) => setTimeout(done, 350))")
        assert not any(event == Tapped(7, "o:yes") for event in stage.events)


async def test_a_question_below_the_screen_is_not_visible_yet(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DwellTimes(20, 20)
    async with devices.context(**PHONE) as chat:
        await chat.hears("Meedoen?")
        await chat.page.evaluate(
            """() => {
              const room = document.createElement("div");
              room.style.setProperty("height", "4000px");
              document.getElementById("log").prepend(room);
              const box = document.getElementById("scroll");
              const ended = new Promise((done) => box.addEventListener("scrollend", done));
              box.scrollTop = 1500;
              return ended.then(() => null);
            }"""
        )
        await _again(chat)
        last = chat.page.locator(".bot").last.get_by_role("button").first
        await expect(last).to_have_attribute("aria-disabled", "true")
        await last.scroll_into_view_if_needed()
        await expect(last).not_to_have_attribute("aria-disabled", "true")


async def _again(chat: Chat) -> None:
    """The question comes once more, while the person reads back."""
    address = chat.stage.address
    newest = chat.stage.rows[address][-1].effect
    assert isinstance(newest, Say)
    await chat.stage.show(address, newest)
    await expect(chat.page.locator("#newer")).to_be_visible()


async def test_what_was_tapped_without_a_connection_keeps_its_time(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DwellTimes(1, 1)
    async with devices.context(**PHONE) as chat:
        await chat.hears("Meedoen?")
        await chat.page.context.set_offline(True)
        stage.cut()
        await expect(chat.page.locator("#link-state")).to_be_visible()
        await chat.tap("Ja, ik doe mee")
        kept = await chat.page.evaluate("Object.values(localStorage).join()")
        assert '"seen":' in kept
        await chat.page.context.set_offline(False)
        await chat.hears("Vertel het maar")
        tap = next(event for event in stage.events if isinstance(event, Tapped))
        assert (tap.seen or 0) >= 1
