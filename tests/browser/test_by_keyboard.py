"""A whole story in the chat without a mouse and without seeing it: every key, and what is heard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chat import Chat
from tests.browser.test_languages import opened
from tests.browser.tree import Node, Tree, nameless

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESK: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "has_touch": False,
    "is_mobile": False,
}
TOLD = "Mijn buurvrouw Fatima belde, en op maandag zat er iemand bij ons aan tafel."
FAR = 60
"""Presses of Tab by which everything on the page is reached."""

HEARD = """
  addEventListener("DOMContentLoaded", () => {
    globalThis.heard = [];
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) heard.push([log.ariaLive, node.textContent]);
      }
    }).observe(log, { childList: true });
  });
"""


class Keys:
    """Somebody at the keyboard."""

    def __init__(self, chat: Chat, tree: Tree) -> None:
        self.chat = chat
        self.tree = tree
        self.press = chat.page.keyboard.press

    async def reach(self, name: str, role: str = "button", back: bool = True) -> None:
        """Go to something by its name, with Tab alone; it is seen where one is."""
        seen = []
        for _ in range(FAR):
            here = await self.tree.focused()
            seen.append(here.name)
            if (here.role, here.name) == (role, name):
                assert await self.is_seen(), name
                return
            await self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{role} {name!r} is not among {seen}")

    async def use(self, name: str, key: str = "Enter", back: bool = True) -> None:
        await self.reach(name, back=back)
        await self.press(key)

    async def type(self, text: str) -> None:
        await self.reach("Bericht", "textbox", back=False)
        await self.chat.page.keyboard.type(text)
        await self.press("Enter")

    async def is_seen(self) -> bool:
        """Whether the focus shows, and lies on the screen."""
        shown: bool = await self.chat.page.evaluate(
            """() => {
              const here = document.activeElement, style = getComputedStyle(here);
              const box = here.getBoundingClientRect();
              const drawn = style.outlineStyle !== "none" || style.boxShadow !== "none";
              return drawn && box.bottom > 0 && box.top < innerHeight;
            }"""
        )
        return shown

    async def question(self) -> list[Node]:
        """What is asked now, as it is heard: everything has a name, the answers are a group with
        the question as its name, and the focus is somewhere. The answers."""
        await expect(self.chat.page.locator("[data-busy]")).to_have_count(0)
        nodes = await self.tree.nodes()
        assert nameless(nodes) == []
        assert (await self.tree.focused()).role != "RootWebArea"
        asked = await self.chat.page.locator(".answers").last.get_attribute("aria-labelledby")
        said = await self.chat.page.locator(f"#{asked}").inner_text()
        groups = [place for place, node in enumerate(nodes) if node.role == "group" and node.name]
        assert re.sub(r"\s+", "", nodes[groups[-1]].name) == re.sub(r"\s+", "", said)
        answers = nodes[groups[-1] :]
        return [node for node in answers if node.role in ("button", "slider")]


async def answered(keys: Keys) -> None:
    """Answer what is asked now."""
    last = keys.chat.page.locator(".bot").last
    asked = await last.get_attribute("data-turn")
    slider = [node for node in await keys.question() if node.role == "slider"]
    tree = keys.tree
    ticks = keys.chat.page.locator(".answers [aria-pressed]")
    if slider:
        await keys.reach(slider[0].name, "slider")
        told = keys.chat.slider  # Chromium's tree leaves the words of a place out
        await expect(told).to_have_attribute("aria-valuetext", "Nog niet gekozen")
        for _ in range(3):
            await keys.press("ArrowRight")
        await expect(told).to_have_attribute("aria-valuetext", re.compile("[‘’]|midden"))
        assert not re.search(r"\d", await told.get_attribute("aria-valuetext") or "")
        await keys.press("Enter")
    elif await ticks.count():
        first = (await ticks.first.inner_text()).partition("\n")[0]
        await keys.use(first, "Space")
        await expect(ticks.first).to_have_attribute("aria-pressed", "true")
        here = await tree.focused()
        assert (here.name, here.states["pressed"]) == (first, "true")
        done = keys.chat.page.locator(
            '.answers :is([data-button="picked"], [data-button="confirm"])'
        )
        await expect(done).not_to_have_attribute("aria-disabled", "true")
        await keys.use(await done.inner_text(), back=False)
    else:
        for wanted in ('[data-button="all"]', '[data-button="skip"]', ".choice"):
            if labels := await keys.chat.page.locator(f".answers {wanted}").all_inner_texts():
                await keys.use(labels[0])
                break
    await expect(keys.chat.page.locator(".bot").last).not_to_have_attribute(
        "data-turn", asked or ""
    )


async def test_a_whole_story_is_told_by_keyboard_and_by_ear(
    whole_chromium: Browser, tmp_path: Path
) -> None:
    async with opened(whole_chromium, tmp_path, HEARD, **DESK) as chat:
        await chat.hears("Wie vertelt er?")
        keys = Keys(chat, await Tree.of(chat.page))
        page, tree = chat.page, keys.tree
        await expect(chat.log).to_have_attribute("aria-live", "polite")  # once all of it is there
        [log] = [node for node in await tree.nodes() if node.role == "log"]
        assert (log.name, log.states["live"]) == ("Het gesprek", "polite")
        await keys.use("Iemand van een team")
        await chat.hears("Doe je mee?")
        await keys.use("Ja, ik doe mee")
        await keys.question()
        await keys.use("Wat lukte")
        await chat.hears("Vertel vrijuit, zonder namen.")

        await keys.use("Inspreken")
        recorder = await tree.focused()
        assert recorder.name == "Opname beginnen"
        assert [n.name for n in await tree.nodes() if n.role == "dialog"] == ["Inspreken"]
        assert nameless(await tree.nodes()) == []
        await keys.press("Escape")
        assert (await tree.focused()).name == "Inspreken"

        await keys.type(TOLD)
        await chat.hears("Ik heb het")
        await keys.use("Klaar")
        await chat.hears("Om welke zin draait het?")
        await keys.type("De stoel bij het raam")
        await chat.hears("Hoe voelt het als je eraan terugdenkt?")
        while not await page.locator(".card").count():
            await answered(keys)
        article = [node for node in await tree.nodes() if node.role == "article"]
        assert [node.name for node in article] == ["De kaart"]
        marks = [n for n in await tree.nodes() if "wordt dan [naam]" in n.name]
        assert marks
        await answered(keys)
        await expect(page.locator(".card").last).to_contain_text("Mijn buurvrouw [naam] belde")
        rows = {node.role for node in await tree.nodes()}
        assert {"article", "heading", "term", "definition"} <= rows
        while not await page.locator(".code").count():
            await answered(keys)

        await keys.use("Ik kom zelf terug")  # news of the story: how a page is reached
        await chat.hears("Maak daarna dit scherm leeg.")
        await keys.use("Kopieer")
        await expect(page.get_by_text("De code is gekopieerd.")).to_be_visible()
        await keys.use("Hulp nu")
        await chat.hears("0800-2000")
        assert "112" in [n.name for n in await tree.nodes() if n.role == "link"]
        await keys.use("Menu")
        assert (await tree.focused()).name == "Terug"
        await keys.press("ArrowDown")
        await keys.press("ArrowDown")
        assert (await tree.focused()).name == "Mijn verhalen"
        await keys.press("Enter")
        await chat.hears("Dit zijn je verhalen.")
        await keys.use("De stoel bij het raam")
        await chat.hears("De stoel bij het raam")
        assert nameless(await tree.nodes()) == []

        await keys.use("Menu")
        await keys.press("ArrowUp")
        await keys.press("ArrowUp")
        await keys.press("ArrowUp")
        await keys.press("Enter")
        assert [n.name for n in await tree.nodes() if n.role == "dialog"] == ["Taal"]
        assert nameless(await tree.nodes()) == []
        await keys.press("Escape")
        assert (await tree.focused()).name == "Menu"

        await keys.use("Stop en wis alles")
        [dialog] = [n for n in await tree.nodes() if n.role == "dialog"]
        assert dialog.name == "Op dit scherm is een verhaal bewaard. Moet dat ook weg?"
        await keys.press("Escape")
        assert (await tree.focused()).name == "Stop en wis alles"
        await keys.press("Enter")
        heard = await page.evaluate("heard")
        assert {live for live, _ in heard[-40:]} == {"polite"}
        assert heard[-1][1].startswith(("Vertelbot: ", "Eigen bericht: "))
        await keys.use("Ja, alles weg")
        await page.wait_for_url("**/gone")
        await expect(page.get_by_role("heading")).to_have_text("Het is weg")
        await keys.press("Tab")
        assert (await tree.focused()).name == "Toch niet"
        await keys.press("Tab")
        assert (await tree.focused()).name == "Opnieuw beginnen"
