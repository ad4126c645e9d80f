"""From nothing to a shared test link on a phone, counted in taps and in the seconds that a tired
author takes; and the rehearsal itself."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from storage.guides import use_counts
from tests.authoring.test_use_page import counted
from tests.browser.chat import AXE
from tests.chromium import CHROMIUM
from tests.coordinators.office import Office, office_in
from tests.coordinators.pages.workbench import make, publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium"),
]
TAPS = 12
MINUTES = 5
A_TAP, A_LETTER, A_PAGE = 3.0, 0.7, 12.0
"""Seconds of somebody tired: to find and tap something, to type a letter with a thumb, and to read
a page that opens."""
LEAST = 12.0
LETTERS = """
    () => [...document.querySelectorAll('svg.flow text')].map(each =>
        parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)
"""
"""Pixels of the letters in a diagram, as they are drawn, and how small they may be."""
VIOLATIONS = """
    async () => (await axe.run({ resultTypes: ['violations'] })).violations
        .map(found => `${found.id}: ${found.nodes[0].html}`)
"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """In the loop of the browser."""
    async with office_in(tmp_path) as office:
        yield office


async def usable(page: Page) -> None:
    """Everybody can use it, and nothing sticks out."""
    await page.evaluate(AXE)
    assert await page.evaluate(VIOLATIONS) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def picture(page: Page, name: str) -> None:
    """Kept where somebody asks for it."""
    if folder := os.environ.get("PICTURES_TO"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_from_nothing_to_a_shared_link_in_twelve_taps(
    office: Office, browser: Browser
) -> None:
    taps, letters, pages = 0, 0, 0
    page = await browser.new_page(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="nl-NL",
        reduced_motion="reduce",
    )
    someone = await office.coordinator("association", name="Anna")
    root = str(office.server.make_url("/")).rstrip("/")
    await page.goto(f"{root}/coordinator/login/{await office.link(someone)}")
    await page.get_by_role("button").first.click()
    await page.goto(f"{root}/coordinator/guides")

    async def write(words: str) -> None:
        nonlocal letters
        letters += len(words)
        await page.keyboard.type(words)

    def opened(_: object) -> None:
        nonlocal pages
        pages += 1

    page.on("domcontentloaded", opened)

    async def tap(role: str, name: str) -> None:
        nonlocal taps
        taps += 1
        await page.get_by_role(role, name=re.compile(name)).first.tap()  # type: ignore[arg-type]

    await usable(page)
    await picture(page, "1-list")
    await tap("link", "Nieuwe vragenlijst")
    await page.wait_for_url("**/guides/new")
    await tap("textbox", "Naam")
    await write("Wat hielp")
    await picture(page, "2-new")
    await tap("button", "Maken")
    await page.wait_for_url("**/guides/wat_hielp")
    await usable(page)
    await picture(page, "3-steps")
    await tap("link", "Vraag hieronder")
    await page.wait_for_url("**/step?after=*")
    await tap("textbox", "Wat Vertelbot zegt of vraagt")
    await write("Wat hielp het meest?")
    await page.keyboard.press("Tab")
    await write("Hielp")
    await tap("textbox", "Antwoord 1")
    await write("Luisteren")
    await tap("textbox", "Antwoord 2")
    await write("Geld")
    await usable(page)
    await picture(page, "4-question")
    await tap("button", "Bewaren")
    await page.wait_for_url("**/wat_hielp?saved=*")
    await picture(page, "5-saved")
    await tap("button", "Probeer met een link")
    await expect(page.locator(".qr svg")).to_be_visible()
    await usable(page)
    await picture(page, "6-link")
    spent = taps * A_TAP + letters * A_LETTER + pages * A_PAGE
    link = await page.locator("a.link").inner_text()
    await page.goto(f"{root}/proef/{link.rsplit('/', 1)[1]}")
    await expect(page.get_by_text("Dit is een proef")).to_be_visible()
    await expect(page.get_by_role("button", name="Ja, ik doe mee")).to_be_visible()
    await picture(page, "7-rehearsal")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{root}/coordinator/guides/wat_hielp")
    phone = page.locator("[data-chat]")
    await expect(phone.get_by_role("button", name="Ja, ik doe mee")).to_be_visible()
    await picture(page, "8-desktop")
    await usable(page)
    await page.locator("#step-hielp [data-from]").press("Enter")
    await expect(page.get_by_role("status").get_by_text("Wat hielp het meest?")).to_be_visible()
    await phone.get_by_role("button", name="Luisteren").click()
    await expect(phone.locator(".own").get_by_text("Luisteren")).to_be_visible()
    await usable(page)
    await picture(page, "9-from-here")
    await page.set_viewport_size({"width": 360, "height": 640})
    for path in ("", "/saves", "/publish", "/versions", "/translations?language=tr", "/text"):
        await page.goto(f"{root}/coordinator/guides/wat_hielp{path}")
        for menu in await page.locator("details").all():
            await menu.evaluate("element => { element.open = true; }")
        await usable(page)
    await page.goto(f"{root}/coordinator/guides/wat_hielp")
    first = await page.locator(".guide-step").first.bounding_box()
    assert first is not None
    assert first["y"] < 640  # the steps come first, also on a small phone
    await page.goto(f"{root}/coordinator/guides/wat_hielp/step?step=hielp")
    await usable(page)
    await page.locator(".previews").evaluate("section => section.scrollIntoView()")
    await picture(page, "10-previews")
    assert taps <= TAPS, taps
    assert spent <= MINUTES * 60, (taps, letters, pages)


async def test_what_an_author_seldom_meets_is_usable_on_a_small_phone_too(
    office: Office, browser: Browser
) -> None:
    """Two who saved the same step, putting away, recalling, own questions, use, and a dry run."""
    counts = counted("resident")
    await office.store.database.write(lambda c: use_counts.add(c, "2026-11-10", counts))
    anna = await office.login("association", name="Anna")
    there = f"/coordinator/guides/{await make(anna)}"
    await publish(office, anna, "wat_hielp")
    page = await browser.new_page(
        viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL"
    )
    root = str(office.server.make_url("/")).rstrip("/")
    bob = await office.coordinator("association", name="Bob")
    await page.goto(f"{root}/coordinator/login/{await office.link(bob)}")
    async with page.expect_navigation():
        await page.get_by_role("button").first.click()

    async def press(name: str) -> None:
        async with page.expect_navigation():
            await page.get_by_role("button", name=name, exact=True).first.click()
        await usable(page)

    for path in (
        f"{there}/overlay",
        f"{there}/overlay?team={office.teams['Oost'].id}",
        f"{there}/use",
        "/coordinator/guides/resident/use",
        "/coordinator/guides/resident/dryrun",
        "/coordinator/guides/resident/dryrun?stories=60&teams=4",
    ):
        await page.goto(root + path)
        for menu in await page.locator("details").all():
            await menu.evaluate("element => { element.open = true; }")
        await usable(page)
        assert min(await page.evaluate(LETTERS), default=LEAST) >= LEAST, path
        await picture(page, path.partition("?")[0].replace("/", "_"))
    await page.goto(f"{root}{there}/versions")
    await press("Intrekken")
    await page.goto(f"{root}{there}/step?step=feeling")
    _, form = await anna.get(f"{there}/step?step=feeling")
    fields = re.findall(r'name="(revision|step|shown)" value="([^"]*)"', form)
    answer = await anna.post(f"{there}/step", [*fields, ("say", "Hoe was dat voor jou?")])
    assert answer.status == 303
    await page.locator("[name=say]").fill("En hoe was dat?")
    await press("Bewaren")
    await expect(page.locator(".merge")).to_be_visible()
    await picture(page, "11-two-at-once")
    await page.goto(f"{root}{there}/text")
    await page.locator("textarea").fill("[[step")
    answer = await anna.post(f"{there}/step", [*_newest(fields), ("say", "Hoe ging het?")])
    assert answer.status == 303
    await press("Bewaren")
    await expect(page.locator("textarea")).to_have_count(2)
    await page.goto(root + there)
    await page.locator("details.menu > summary").first.click()
    await press("Concept wegleggen")
    await press("Leg weg")


def _newest(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same form after one more save."""
    return [(name, str(int(to) + 1) if name == "revision" else to) for name, to in fields]
