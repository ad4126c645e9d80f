"""Makes the picture of the README: three moments of a real story, on a phone, side by side."""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Page, async_playwright

from tests.botapi import BotApi
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.end_to_end.kit import House, running, settings

PICTURE = Path(__file__).parents[2] / "docs/images/chat.png"
WIDTH, HEIGHT, SCALE = 390, 820, 1.5
GAP, CORNER = 40, 36
COLOURS = 127
"""Few enough for a small file, enough for smooth letters."""

STORY = (
    "Iemand van een team",
    "Ja, ik doe mee",
    "Wat me verraste",
    "> Een moeder belde over schulden. Aan tafel bleek dat haar zoon al maanden binnen zat. "
    "We vroegen hem wat hij graag doet. Koken, zei hij.",
    "> Nu kookt hij op dinsdag in het buurthuis. De schulden zijn er nog, maar ze lachen weer.",
)
PLACING = (
    "Klaar",
    "> Koken op dinsdag",
    "Hoopvol",
    "Trots",
    "Klaar met kiezen",
    "De buurt",
    "Klaar met kiezen",
    "Ja",
    "slider ArrowRight 8",
    "Mensen om zich heen",
    "Voor een deel",
    "slider ArrowRight 6",
    "Andere teams",
    "Klaar met kiezen",
    "Past hier niet",
    "Geregeld",
    "Past hier niet",
    "Buurt of vrijwilligers",
    "Klaar met kiezen",
    "place ArrowUp 3",
    "place ArrowRight 2",
)
SHOWING = ("Zo past het", "Zeg ik liever niet", "Jongere van 16 tot 27", "Klaar met kiezen")


async def tell(page: Page, house: House, *deeds: str) -> None:
    """Do these, one after the other: a button by its label, `> ` typed, the rest with keys."""
    for deed in deeds:
        match deed.split(" "):
            case [">", *words]:
                await page.get_by_label("Bericht", exact=True).fill(" ".join(words))
                await page.keyboard.press("Enter")
            case ["slider" | "place" as what, key, times]:
                for _ in range(int(times)):
                    await page.get_by_role("slider").press(key)
                if what == "slider":
                    await page.get_by_role("button", name="Zo past het").click()
            case _:
                await page.get_by_role("button", name=deed, exact=True).click()
        await page.wait_for_timeout(100)
        await house.settle()
        await page.wait_for_timeout(200)


async def screens() -> list[Image.Image]:
    """Telling, placing the story in a triangle, and the card, on the phone of a professional."""
    taken: list[Image.Image] = []
    async with async_playwright() as playwright, BotApi() as api:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        phone = await browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=SCALE,
            has_touch=True,
            is_mobile=True,
            locale="nl-NL",
        )
        page = await phone.new_page()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            async with running(path, api, given=settings(path)) as house:
                await page.goto(house.url)
                for deeds in (STORY, PLACING, SHOWING):
                    await tell(page, house, *deeds)
                    await page.evaluate("document.activeElement.blur()")
                    await page.wait_for_timeout(500)
                    taken.append(Image.open(io.BytesIO(await page.screenshot())))
        await browser.close()
    return taken


def beside(screens: list[Image.Image]) -> Image.Image:
    """The screens with round corners, on nothing: the colour with the last number."""
    width, height = screens[0].size
    whole = Image.new("RGB", (len(screens) * (width + GAP) - GAP, height))
    outside = Image.new("1", whole.size, 1)
    for place, screen in enumerate(screens):
        left = place * (width + GAP)
        whole.paste(screen, (left, 0))
        shape = (left, 0, left + width - 1, height - 1)
        ImageDraw.Draw(outside).rounded_rectangle(shape, CORNER, 0)
    picture = whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.putpalette([*(picture.getpalette() or [])[: 3 * COLOURS], 255, 255, 255])
    picture.paste(COLOURS, mask=outside)
    return picture


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    beside(asyncio.run(screens())).save(PICTURE, optimize=True, transparency=COLOURS)
