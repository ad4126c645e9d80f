"""The pages in Chromium: usable by everybody (axe-core), quiet consoles, marks that lead to the
stories behind them, on phone and desktop, in light and dark, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.demo.invented import RUNGS, invent
from storage.engine.transaction import Transaction
from storage.stories import moderation, stories
from tests.browser.chat import AXE
from tests.coordinators.office import Office, library, office_in
from tests.storage.stores import consent

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = """
    async tags => (await axe.run({ runOnly: tags, resultTypes: ['violations'] })).violations
        .map(found => `${found.id}: ${found.nodes[0].html}`)
"""
FOCUSED = """
    () => {
        const here = document.activeElement, link = here.closest('a'), box = here.labels?.[0];
        const text = (link?.querySelector('strong') ?? box ?? here).textContent.trim();
        const style = getComputedStyle(here);
        const name = link ? 'link' : here.tagName.toLowerCase();
        return { role: name, name: text.split('\\n')[0], seen: style.outlineStyle !== 'none' };
    }
"""
SENSEMAKING = ("/sessions", "/limits", "/threads", "/public")
PAGES = (
    "",
    "/stories",
    "/stories?answer=promise:tailored&q=ik",
    "/patterns",
    "/patterns?a=promise",
    "/patterns?a=resident.movement_problems_strengths",
    "/patterns?a=professional.essence",
    "/patterns?a=professional.door&b=professional.need_met",
    "/patterns?a=professional.movement_problems_strengths&b=role",
    "/patterns?a=movement_chains_networks&b=movement_individual_collective",
    "/figures",
    "/figures/enough",
    "/figures/contradictions",
    *SENSEMAKING,
    "/guides",
    "/digest",
    "/digest?team=zwolle-oost",
    "/files",
    "/meetings",
    "/meetings/new?kind=visit",
    "/meetings/new?kind=learning_group",
    "/people",
    "/log",
    "/teams",
    "/teams/zwolle-oost",
    "/settings",
    "/blocked",
    "/stories?state=serious",
    "/queue",
)
WIDER = "document.documentElement.scrollWidth > innerWidth"
DEVICES = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1280, "height": 900},
}


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """In the loop of the browser."""
    async with office_in(tmp_path) as office:
        yield office


async def fill(office: Office, count: int = 160) -> str:
    """Invented stories; the id of the first: it goes to the network and waits for a moderator."""
    places = [(team.id, "zwolle") for team in office.teams.values()]

    def keep(connection: Transaction) -> str:
        kept = []
        for number, each in enumerate(invent(library(), places, "2026-W46", stories=count)):
            story_id, _ = stories.keep(connection, each.telling, consent(), each.week)
            kept.append(story_id)
            for purpose, answer in RUNGS[-1 - number % 2]:
                stories.record(connection, story_id, consent(purpose, answer))
            if number:
                moderation.clear(connection, story_id)
        return kept[0]

    return await office.store.database.write(keep)


async def enter(
    office: Office, browser: Browser, device: str = "phone", scheme: str = "light"
) -> Page:
    """A page on which someone of the association is logged in, by the link and its button."""
    context = await browser.new_context(
        viewport=DEVICES[device],  # type: ignore[arg-type]  # a size is all that is given
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
        base_url=str(office.server.make_url("")),
    )
    page = await context.new_page()
    link = await office.link(await office.coordinator("association", name="Alice"))
    await page.goto(f"/coordinator/login/{link}")
    await page.get_by_role("button", name="Inloggen").click()
    await page.wait_for_url("**/coordinator")
    return page


@pytest.mark.parametrize(("device", "scheme"), [("phone", "light"), ("desktop", "dark")])
async def test_every_page_is_usable_by_everybody(
    office: Office, browser: Browser, device: str, scheme: str
) -> None:
    waiting = await fill(office)
    page = await enter(office, browser, device, scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    found: dict[str, list[str]] = {}
    some = PAGES if device == "phone" else dict.fromkeys((*PAGES[::3], *SENSEMAKING))
    for path in (*some, f"/story/{waiting}"):
        await page.goto(f"/coordinator{path}")
        for details in await page.locator("details").all():
            await details.evaluate("element => { element.open = true; }")
        await page.evaluate(AXE)
        found[path] = await page.evaluate(VIOLATIONS, TAGS)
        assert not await page.evaluate(WIDER), path
        if device == "phone":  # a phone of 390 at twice the size
            await page.set_viewport_size({"width": 195, "height": 422})
            assert not await page.evaluate(WIDER), f"{path} at 200 %"
            await page.set_viewport_size({"width": 360, "height": 740})
    assert {path: why for path, why in found.items() if why} == {}
    assert said == []


async def test_every_mark_leads_to_as_many_stories_as_it_shows(
    office: Office, browser: Browser
) -> None:
    await fill(office, 90)
    page = await enter(office, browser)
    checked = 0
    for path in ("?a=resident.promise", "?a=resident.movement_problems_strengths",
                 "?a=professional.essence", "?a=professional.door&b=professional.need_met",
                 "?a=movement_chains_networks&b=movement_individual_collective"):  # fmt: skip
        await page.goto(f"/coordinator/patterns{path}")
        links = await page.evaluate(
            """() => [...document.querySelectorAll('td a')].map(
                a => [a.getAttribute('href'), Number(a.textContent.replace('.', ''))])"""
        )
        drawn = await page.evaluate(
            "() => [...document.querySelectorAll('.chart a')].map(a => a.getAttribute('href'))"
        )
        assert links
        assert drawn or "need_met" in path
        for href, count in [*links[:4], *([links[-1]] if links else [])]:
            await page.goto(href)
            status = await page.get_by_role("status").inner_text()
            assert int(re.sub(r"\D", "", status)) == count, href
            checked += 1
        for href in drawn[:2]:
            answer = await page.goto(href)
            assert answer is not None
            assert answer.status == 200
    assert checked >= 20


async def test_words_are_tapped_to_take_them_out(office: Office, browser: Browser) -> None:
    story_id = await office.tell("Oost", text="Fatima van de wijk belde mij om drie uur.")
    page = await enter(office, browser)
    await page.goto(f"/coordinator/story/{story_id}")
    await page.get_by_text("Iets weghalen").click()
    places = [await word.bounding_box() for word in await page.locator(".words label").all()]
    rows = {place["y"] for place in places if place}
    assert len(rows) <= len(places) / 2, "the words stand in lines, as a text does"
    suspect = page.locator("label.suspect", has_text="Fatima")
    await suspect.click()
    await page.get_by_role("button", name="Haal dit weg").click()
    await page.wait_for_load_state()
    assert "[…] van de wijk belde mij" in await page.locator(".told").inner_text()


async def test_a_queue_is_worked_through_with_the_buttons_always_in_reach(
    office: Office, browser: Browser
) -> None:
    for number in range(3):
        text = "\n\n".join(f"Fatima kwam langs, voor keer {place}." for place in range(30))
        await office.tell("Oost", week=f"2026-W4{number}", text=text)
    page = await enter(office, browser)
    await page.goto("/coordinator/stories?state=waiting")
    await page.get_by_role("link", name="Bekijk ze een voor een").click()
    seen = page.get_by_role("button", name="Bekeken, zo is het goed")
    for number in range(3):
        await expect(page.get_by_text(f"{number + 1} van 3", exact=True)).to_be_visible()
        for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
            await page.evaluate(f"scrollTo(0, {place})")
            await expect(seen).to_be_in_viewport(ratio=1)
        office.clock.move(seconds=1)  # somebody reads
        if number:
            await seen.click()
        else:
            await seen.press("Enter")
        await expect(page.get_by_text("Gedaan: het verhaal is bekeken")).to_be_visible()
    await expect(page.get_by_text("Alles is bekeken")).to_be_visible()


@pytest.mark.usefixtures("no_pictures")
async def test_a_page_of_patterns_works_without_pictures(office: Office, browser: Browser) -> None:
    await fill(office, 60)
    page = await enter(office, browser)
    await page.goto("/coordinator/patterns?a=resident.promise")
    assert await page.locator("table").count() == 1


async def test_the_pages_speak_english_to_who_wants_that(office: Office, browser: Browser) -> None:
    page = await enter(office, browser)
    await page.goto("/coordinator/settings")
    await page.get_by_label("Taal").select_option("en")
    await page.get_by_role("button", name="Bewaar").click()
    await page.goto("/coordinator")
    assert await page.get_by_role("heading", name="Overview").count() == 1
    assert await page.locator("html").get_attribute("lang") == "en"


async def test_the_page_that_is_open_is_in_view_in_the_menu(
    office: Office, browser: Browser
) -> None:
    page = await enter(office, browser)
    for path in ("", "/digest", "/meetings", "/settings"):
        await page.goto(f"/coordinator{path}")
        await expect(page.locator("[aria-current]")).to_be_in_viewport(ratio=1)


async def test_everything_is_done_with_the_keyboard_alone(office: Office, browser: Browser) -> None:
    story_id = await office.tell("Oost", name="Een sleutel")
    page = await enter(office, browser)

    async def go_to(name: str, role: str = "link") -> None:
        """Press Tab until this is reached; what has the focus is seen to have it."""
        for _ in range(80):
            await page.keyboard.press("Tab")
            here = await page.evaluate(FOCUSED)
            assert here["seen"], here
            if (here["role"], here["name"]) == (role, name):
                return
        raise AssertionError(f"{name} is not reached")

    await go_to("Verhalen")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/stories")
    await go_to("Een sleutel")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/story/{story_id}")
    await go_to("Dit vraagt een mens", "summary")
    await page.keyboard.press("Enter")
    await go_to("Waarom?", "textarea")
    await page.keyboard.type("Bel even")
    await go_to("Geef het door", "button")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    day = page.get_by_label("Uiterlijk")
    await day.fill("2026-12-01")  # how days are typed is up to the browser
    await go_to("Geef het door", "button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("uiterlijk 1 december 2026")).to_be_visible()
