"""Makes the pictures of the handbook from the real pages, and notes what they were made of.

Run `make pictures` when a page that is shown has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from bot.handbook.chapters import docs
from storage.guides import use_counts
from tests.authoring.test_use_page import counted
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.coordinators.office import Office, close_office, open_office
from tests.storage.stores import open_store

ROOT = Path(__file__).parents[2]
FOLDER = docs() / "handbook" / "nl" / "pictures"
NOTED = FOLDER / "made_of.json"
TEMPLATES = ROOT / "bot/coordinators/templates"
PICTURES = {
    "overzicht": ("/coordinator", [TEMPLATES / "overview.html"]),
    "verhaal": ("/coordinator/queue", [TEMPLATES / "story.html"]),
    "gebruik": (
        "/coordinator/guides/resident/use",
        [ROOT / "bot/authoring/learning/templates/guide_use.html"],
    ),
}
"""What each shows, and the templates that make it."""
FEELINGS = ("glad", "angry", "relieved", "proud")


def made_of(name: str) -> str:
    """What a page is made of today, as a hash."""
    sources = b"\0".join(path.read_bytes() for path in PICTURES[name][1])
    return hashlib.sha256(sources).hexdigest()


async def furnish(office: Office) -> None:
    for place in range(12):
        answers = {"feeling": [FEELINGS[place % 4]], "movement_problems_strengths": 20 + 5 * place}
        await office.tell("Oost", "network", reviewed=place > 2, answers=answers)
    counts = counted("resident", days=10)
    await office.store.database.write(lambda c: use_counts.add(c, "2026-11-10", counts))


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        store = await open_store(f"sqlite:///{name}/v.db", Path(name))
        office = await open_office(store)
        await furnish(office)
        who = await office.coordinator("team", "Oost", "Coördinator")
        link = await office.link(who)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = await browser.new_page(viewport={"width": 760, "height": 620})
            await page.goto(str(office.server.make_url(f"/coordinator/login/{link}")))
            await page.locator("main button").first.click()
            for picture, (path, _) in PICTURES.items():
                await page.goto(str(office.server.make_url(path)))
                await page.screenshot(path=FOLDER / f"{picture}.png")
            await browser.close()
        await close_office(office)
        store.close()
    NOTED.write_text(json.dumps({each: made_of(each) for each in PICTURES}, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
