"""The chat as a person sees it: what is said, what can be tapped, where things are."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Any

from playwright.async_api import FloatRect, Locator, Page, expect

from tests.channels.web.stage import Stage

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


ANSWERED = {
    "meedoen": "Ja, ik doe mee",
    "vertel": "",
    "gevoel": "",
    "schaal": "",
    "driehoek": "",
    "kaart": "Zo klopt het",
    "bewaren": "Ja, dat mag",
}
"""The questions of the interview, and the button that answers one."""


async def rest(page: Page) -> None:
    """All movement that ends has ended; what moves without end, as while recording, goes on."""
    await page.evaluate(
        """Promise.all(document.getAnimations()
          .filter((one) => one.effect.getTiming().iterations !== Infinity)
          .map((one) => one.finished.catch(() => 0)))"""
    )


async def box_of(part: Locator) -> FloatRect:
    """Where a part of the page stands, once it does: while it is put up again it stands nowhere."""
    async with asyncio.timeout(30):
        while (box := await part.bounding_box()) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return box


class Chat:
    """One page of the chat."""

    def __init__(self, page: Page, stage: Stage) -> None:
        self.page = page
        self.stage = stage

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Bericht", exact=True)

    @property
    def slider(self) -> Locator:
        return self.page.get_by_role("slider")

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    async def tap(self, label: str) -> None:
        await self.button(label).click()

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    async def hears(self, text: str) -> None:
        """The newest message of the bot is this one."""
        await expect(self.page.locator(".bot").last).to_contain_text(text)

    async def settled(self) -> None:
        """The page has been laid out and has scrolled."""
        await rest(self.page)
        await self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    async def own(self) -> list[str]:
        """What the person said and chose, from old to new."""
        return await self.page.locator(".own .bubble").all_inner_texts()

    async def until(self, question: str) -> None:
        """Answer everything up to a question of the interview: its first word in small letters."""
        for name in ANSWERED:
            await self.hears(name.capitalize())
            if name == question:
                return
            await self.step(name)
        await self.hears("Bewaard")

    async def step(self, question: str) -> None:
        """Answer this question."""
        match question:
            case "vertel":
                await self._tell()
            case "gevoel":
                await self.tap("Boos")
                await self.tap("Klaar met kiezen")
            case "schaal" | "driehoek":
                await self.slider.press("ArrowRight")
                await self.tap("Zo past het")
            case _:
                await self.tap(ANSWERED[question])

    async def _tell(self) -> None:
        await self.say("Zij luisterde een uur.\n\nDaarna hoorde ik niets.")
        await self.tap("Klaar")

    async def violations(self) -> list[str]:
        """What axe finds wrong with the page as it is now."""
        await rest(self.page)
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE)
        found: dict[str, Any] = await self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']})"
        )
        return [
            f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    async def too_wide(self) -> list[str]:
        """What sticks out of the window at a side."""
        found: list[str] = await self.page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((element) => {
              if (element.closest(".hidden, .skip-link, [hidden]")) return false;
              const box = element.getBoundingClientRect();
              return box.width && (box.left < -0.5 || box.right > innerWidth + 0.5);
            }).map((element) => element.outerHTML.slice(0, 80))"""
        )
        return found

    async def too_small(self) -> list[str]:
        """What can be tapped but is less than 44 pixels high or wide."""
        found: list[str] = await self.page.evaluate(
            """() => [...document.querySelectorAll("button, textarea, [role=slider]")].filter(
              (element) => {
                const box = element.getBoundingClientRect();
                return box.width && (box.width < 43.5 || box.height < 43.5);
              }).map((element) => element.outerHTML.slice(0, 80))"""
        )
        return found
