"""The screen of switches after keeping, on a phone: set and confirmed by finger and keyboard, told
to a screen reader. What just changed waits before it can be tapped again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from bot.channels.base import Account, Arrival
from conversations.engine.effects import Mark, Record, Say, Tick
from conversations.engine.events import Said, Tapped
from conversations.engine.switches import offered
from conversations.guide.dwell_times import DwellTimes
from conversations.guide.loading import load_guides
from tests.browser.chat import Chat
from tests.browser.conftest import PHONE, Devices
from tests.channels.web.stage import Shown, Stage
from tests.conversations.conftest import PLACES
from tests.conversations.talk import Talk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SWITCHES = ("Het team", "Alleen de coördinator", "Andere teams", "Ik hoor ervan")
CONFIRM = "Zo is het goed"
HURRIED = """() => {
  window.waited = [];
  const buttons = () => [...document.querySelectorAll(".answers button")];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target.ariaDisabled === "true") window.waited.push(target.innerText.split("\\n")[0]);
    for (const button of buttons()) if (button.ariaDisabled === "true") button.click();
  }).observe(document.getElementById("log"), {subtree: true, attributeFilter: ["aria-disabled"]});
}"""
"""Somebody who taps at once on whatever has to wait, and a note of what that was."""


class AtSwitches:
    """A resident of a team who was just asked what more is allowed."""

    def __init__(self) -> None:
        guide = load_guides().get("resident", "nl").with_places(PLACES)
        guide = guide.with_dwell(DwellTimes(0, 0))
        self.talk = Talk(guide, team_id="noord", municipality_id="zwolle").to("consent_more")
        self.records: list[tuple[str, str]] = []

    def script(self, arrival: Arrival) -> Sequence[Shown]:
        if isinstance(arrival.event, Tapped | Said):
            effects = self.talk.do(arrival.event).effects
            self.records += [(r.purpose, r.answer) for r in effects if isinstance(r, Record)]
        else:
            effects = self.talk.effects if arrival.event == Account("start") else ()
        return [each for each in effects if isinstance(each, Say | Mark | Tick)]


@asynccontextmanager
async def at_switches(devices: Devices, stage: Stage) -> AsyncIterator[tuple[Chat, AtSwitches]]:
    screen = AtSwitches()
    stage.script = screen.script
    async with devices.context(**PHONE) as chat:
        await chat.hears("Wat mag er nog meer?")
        yield chat, screen


async def test_switches_show_how_they_stand_and_count_when_they_are_confirmed(
    devices: Devices, stage: Stage
) -> None:
    async with at_switches(devices, stage) as (chat, screen):
        for label in SWITCHES:
            await expect(chat.button(label)).to_have_attribute("aria-pressed", "false")
        for label in ("Het team", "Ik hoor ervan"):
            await chat.button(label).tap()
            await expect(chat.button(label)).to_have_attribute("aria-pressed", "true")
        assert await chat.violations() == []
        assert screen.records == []
        await chat.button(CONFIRM).tap()
        await expect(chat.page.locator(".own .bubble").last).to_have_text("Het team, Ik hoor ervan")
        assert screen.records == [("team", "yes"), ("network", "no"), ("contact", "yes")]


async def test_what_a_switch_means_stands_on_it_and_nowhere_else(
    devices: Devices, stage: Stage
) -> None:
    async with at_switches(devices, stage) as (chat, screen):
        talk = screen.talk
        for option in offered(talk.guide, talk.state, talk.guide.steps["consent_more"]):
            switch = chat.button(option.label)
            await expect(switch).to_contain_text(option.say)
            await expect(switch).to_have_accessible_description(option.say)
            await expect(chat.page.get_by_text(option.say).locator("visible=true")).to_have_count(1)
        await chat.button("Het team").tap()
        await expect(chat.button("Het team")).to_have_accessible_description(re.compile("leest"))
        await chat.button(CONFIRM).tap()
        words = chat.page.locator(".bot", has_text="Wat mag er nog meer?").last
        await expect(words).to_contain_text("Ik laat u weten wat ermee gebeurt.")


async def test_switches_are_set_and_confirmed_with_the_keyboard(
    devices: Devices, stage: Stage
) -> None:
    async with at_switches(devices, stage) as (chat, screen):
        await chat.button("Het team").focus()
        await chat.page.keyboard.press("Space")
        await expect(chat.button("Het team")).to_have_attribute("aria-pressed", "true")
        await expect(chat.button("Het team")).to_be_focused()
        await chat.page.keyboard.press("Tab")
        await chat.page.keyboard.press("Enter")
        await expect(chat.button(SWITCHES[1])).to_have_attribute("aria-pressed", "true")
        for _ in SWITCHES[1:]:
            await chat.page.keyboard.press("Tab")
        await expect(chat.button(CONFIRM)).to_be_focused()
        await chat.page.keyboard.press("Enter")
        await expect(chat.page.locator(".own .bubble").last).to_contain_text("Het team")
        assert screen.records[0] == ("team", "coordinator")


async def test_what_just_changed_waits_and_so_does_confirming(
    devices: Devices, stage: Stage
) -> None:
    stage.dwell = DwellTimes(50, 50)
    async with at_switches(devices, stage) as (chat, screen):
        confirm, team = chat.button(CONFIRM), chat.button("Het team")
        await confirm.scroll_into_view_if_needed()
        await expect(confirm).not_to_have_attribute("aria-disabled", "true")
        await chat.page.evaluate(HURRIED)
        await team.tap()
        await expect(team).to_have_attribute("aria-pressed", "true")
        assert sorted(set(await chat.page.evaluate("window.waited"))) == ["Het team", CONFIRM]
        await expect(confirm).not_to_have_attribute("aria-disabled", "true")
        await expect(team).not_to_have_attribute("aria-disabled", "true")
        assert screen.records == []
        await confirm.tap()
        await expect(chat.page.locator(".own .bubble").last).to_have_text("Het team")
        assert screen.records[0] == ("team", "yes")
