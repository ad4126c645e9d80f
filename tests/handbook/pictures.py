"""Makes the pictures of the handbook from the real pages, and notes what they were made of.

Run `make pictures` when a page that is shown has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page, async_playwright

from bot.handbook.chapters import docs
from conversations.authoring.draft_texts import of_sources
from conversations.authoring.overlay import Overlay, OwnQuestion
from conversations.authoring.overlay_form import write_overlay
from conversations.guide.builder import fields
from conversations.guide.loading import HOME, load_guides
from storage.coordinators.coordinators import Role
from storage.guides import drafts, team_overlays, use_counts
from tests.authoring.test_use_page import counted
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.coordinators.office import Office, close_office, open_office
from tests.storage.stores import open_store

ROOT = Path(__file__).parents[2]
FOLDER = docs() / "handbook" / "nl" / "pictures"
NOTED = FOLDER / "made_of.json"
TEMPLATES = ROOT / "bot/coordinators/templates"
GUIDES = ROOT / "bot/authoring"
GUIDE = "resident"


class Picture(NamedTuple):
    """The page that a picture shows, the templates that make it, and who sees it there."""

    path: str
    templates: tuple[Path, ...]
    role: Role = "team"


PICTURES = {
    "overzicht": Picture("/coordinator", (TEMPLATES / "overview.html",)),
    "verhaal": Picture("/coordinator/queue", (TEMPLATES / "story.html",)),
    "gebruik": Picture(
        f"/coordinator/guides/{GUIDE}/use", (GUIDES / "learning/templates/guide_use.html",)
    ),
    "vertalingen": Picture(
        f"/coordinator/guides/{GUIDE}/translations?language=tr&open=yes#t-feeling.",
        (GUIDES / "templates/guide_translations.html",),
        "association",
    ),
    "eigen-vragen": Picture(
        f"/coordinator/guides/{GUIDE}/overlay", (GUIDES / "templates/guide_overlay.html",)
    ),
}
ROLES: dict[Role, str] = {"team": "Coördinator", "association": "Vereniging"}
FEELINGS = ("glad", "angry", "relieved", "proud")


def made_of(name: str) -> str:
    """What a page is made of today, as a hash."""
    sources = b"\0".join(path.read_bytes() for path in PICTURES[name].templates)
    return hashlib.sha256(sources).hexdigest()


async def furnish(office: Office) -> None:
    for place in range(12):
        answers = {"feeling": [FEELINGS[place % 4]], "movement_problems_strengths": 20 + 5 * place}
        await office.tell("Oost", "network", reviewed=place > 2, answers=answers)
    counts = counted("resident", days=10)
    await office.store.database.write(lambda c: use_counts.add(c, "2026-11-10", counts))
    source, now = load_guides().sources[GUIDE], office.clock.now()
    texts = of_sources(source["texts"], fields(source["guide"]))
    del texts["tr"]["feeling.option.glad"]
    texts["tr"]["feeling.say"]["source"] = "Wat voelt u nu?"
    written = (HOME / "guides" / f"{GUIDE}.toml").read_text("utf-8")
    await office.store.database.write(
        lambda c: drafts.save(c, GUIDE, written, texts, since=0, who="operator", now=now)
    )
    team = office.teams["Oost"].id
    asked = {
        "id": "own_wachten", "kind": "choice", "say": "Moest u lang wachten?", "short": "Wachten",
        "options": [{"id": "ja", "label": "Ja"}, {"id": "nee", "label": "Nee"}],
    }  # fmt: skip
    own = write_overlay(Overlay(GUIDE, team, (), (OwnQuestion("feeling", asked, {}),)))
    await office.store.database.write(
        lambda c: team_overlays.save(c, team, GUIDE, own, 0, "operator", now)
    )


async def logged_in(office: Office, browser: Browser, role: Role) -> Page:
    """A browser of its own, for somebody of this role."""
    who = await office.coordinator(role, "Oost" if role == "team" else "", ROLES[role])
    page = await browser.new_page(viewport={"width": 760, "height": 620})
    await page.goto(str(office.server.make_url(f"/coordinator/login/{await office.link(who)}")))
    await page.locator("main button").first.click()
    return page


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/v.db", Path(folder))
        office = await open_office(store)
        await furnish(office)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            pages = {role: await logged_in(office, browser, role) for role in ROLES}
            for name, (path, _, role) in PICTURES.items():
                await pages[role].goto(str(office.server.make_url(path)))
                await pages[role].screenshot(path=FOLDER / f"{name}.png")
            await browser.close()
        await close_office(office)
        store.close()
    NOTED.write_text(json.dumps({each: made_of(each) for each in PICTURES}, indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
