"""The whole circle on the invented stories, in a real browser: figures come in, a session is
prepared, predicted, made sense of and recorded; what changed goes back to who told it, and their
answers come back; what is withdrawn is nowhere any more."""

from __future__ import annotations

import gc
import os
import pickle
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.coordinators.kept_results import KeptResults
from bot.demo.fill import fill
from storage.coordinators import coordinators, logins, teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from storage.stories import moderation
from tests.botapi import BotApi
from tests.browser.chat import AXE
from tests.chromium import CHROMIUM
from tests.coordinators.pages.test_workbench_on_a_phone import VIOLATIONS
from tests.end_to_end.kit import House, Phone, running
from tests.end_to_end.scripts import RESIDENT, Say, Tap, tell
from tests.end_to_end.tellers import WebTeller
from tests.end_to_end.test_own import code
from tests.end_to_end.test_secrets import bytes_of, hits, opened
from tests.sensemaking.figures import files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium"),
]
STORIES = 60
TELLERS = 6
SEATS = 12
TAPS = 40
WORD = "kanariegeel"
"""In the story of one teller alone."""
DECISION = "Wij bellen binnen een week terug."
CHANGE = "Iedereen wordt binnen een week gebeld."
STICKS_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("main *")].filter((each) => !each.closest(".wide, .hidden")
        && each.getBoundingClientRect().right > innerWidth + 0.5
    ).map((each) => each.outerHTML.slice(0, 120))"""
SHARE = re.compile("Deed het recht: .* van minstens")
PLACES = ("Wat ik zelf goed kan", "Eerder: Wat ik zelf goed kan", "Wat mij zorgen gaf")
SENTENCE = "De stoel bij het raam"
CONSENTS = (
    Tap("Ja, dat mag"), Tap("Het team"), Tap("Andere teams"), Tap("Ik hoor ervan"),
    Tap("Zo is het goed"),
)  # fmt: skip


class Desk:
    """Someone of the association with a phone in hand. Taps are counted."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.taps = 0
        self._shown = 0

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def look(self, name: str) -> None:
        """Usable by everybody; a picture of it where somebody asks for that."""
        await self.page.evaluate("scrollTo(0, 0)")
        await self.page.evaluate(AXE)
        assert await self.page.evaluate(VIOLATIONS) == [], name
        wide = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, name
        if folder := os.environ.get("PICTURES_TO"):
            self._shown += 1
            path = Path(folder) / f"{self._shown:02}-{name}.png"
            await self.page.screenshot(path=path, full_page=True)

    async def tap(self, role: str, name: str, within: str = "main") -> None:
        self.taps += 1
        await self.page.locator(within).get_by_role(role, name=re.compile(name)).first.tap()  # type: ignore[arg-type]

    async def send(self, name: str, within: str = "main") -> None:
        """Tap on a button that leads to another page."""
        async with self.page.expect_navigation():
            await self.tap("button", name, within)

    async def follow(self, name: str) -> None:
        """Tap on a link."""
        async with self.page.expect_navigation():
            await self.tap("link", name)

    def keep(self, data: bytes, name: str) -> None:
        if folder := os.environ.get("PICTURES_TO"):
            (Path(folder) / name).write_bytes(data)

    async def type(self, label: str, text: str, at: int = 0) -> None:
        self.taps += 1
        await self.page.get_by_label(re.compile(label)).nth(at).fill(text)

    async def choose(self, label: str, option: str) -> None:
        self.taps += 2
        await self.page.get_by_label(re.compile(label)).first.select_option(label=option)


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """In the loop of the browser."""
    async with BotApi(near=True) as api, running(tmp_path, api) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House, browser: Browser) -> Desk:
    now = house.clock.now()

    def link(connection: Transaction) -> str:
        someone = coordinators.add(connection, "association", "Anna")
        return logins.make_link(connection, someone.id, now)

    token = await house.app.database.write(link)
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="nl-NL",
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    desk = Desk(await context.new_page(), house.url)
    await desk.go(f"/coordinator/login/{token}")
    await desk.page.get_by_role("button").first.tap()
    return desk


async def everybody_told(house: House, team: Team, tellers: Sequence[Phone | WebTeller]) -> None:
    """They tell a story of a team, and a moderator lets the network read them."""
    for number, each in enumerate(tellers):
        if isinstance(each, WebTeller):
            await each.open(f"/t/{team.code}")
        mine = [Say(f"Er hing een {WORD} briefje op de deur.")] if number == 1 else []
        places = [
            Tap(PLACES[number % 3]) if deed == Tap("Allebei evenveel") else deed
            for deed in RESIDENT[6:]
        ]
        await tell(each, (Say(f"/start {team.code}"), *RESIDENT[1:6], *mine, *places), CONSENTS)
    told = [each.id for each in await house.stories() if each.telling.sentence == SENTENCE]
    assert len(told) == len(tellers)

    def clear(connection: Transaction) -> None:
        for each in told:
            moderation.clear(connection, each)

    await house.app.database.write(clear)


async def import_figures(desk: Desk) -> None:
    """A file in each of the five shapes, each looked at before it is kept."""
    shapes = files.TYPED, files.OBSERVATIONS, files.STATLINE, files.TITLED, files.TEMPLATE
    for number, text in enumerate(shapes):
        await desk.go("/coordinator/figures")
        if not number:
            await desk.look("figures")
        text = text.replace("GM0193", "GM9001").replace("Zwolle", "Voorbeeldstad")
        file = {"name": f"vorm-{number}.csv", "mimeType": "text/csv", "buffer": text.encode()}
        await desk.page.get_by_label("Bestand").set_input_files(file)  # type: ignore[arg-type]
        await desk.send("Eerst bekijken")
        await desk.look(f"figures-{number}")
        await desk.send("Bewaren")
        await expect(desk.page.get_by_role("status")).to_contain_text("Nieuw:")
    await desk.look("figures-stored")
    await desk.go("/coordinator/figures/area/GM9001")
    await desk.look("figures-area")


async def test_the_whole_circle(house: House, desk: Desk) -> None:
    await fill(house.app, STORIES)
    team = (await house.app.database.read(teams.open_teams))[0]
    await house.app.refresh()
    async with AsyncExitStack() as stack:
        bob = await stack.enter_async_context(WebTeller(house))
        phones = [house.phone(f"Teller {n}") for n in range(TELLERS - 1)]
        await everybody_told(house, team, [bob, *phones])
        await import_figures(desk)
        session = await prepare(desk, team)
        await pack(desk)
        assert desk.taps <= TAPS, desk.taps
        await hold(house, desk, session)
        await record(house, desk)
        await answers(desk, bob, phones)
        await passport_and_withdrawal(house, desk, session, phones)
        await everywhere(desk, session)


async def prepare(desk: Desk, team: Team) -> str:
    """A session with a pattern and two cards swapped for what the group needs, in taps; its
    path."""
    desk.taps = 0
    await desk.go("/coordinator/sessions")
    await desk.look("sessions")
    await desk.choose("Waar gaat het over", option="Gesprek ging over")
    await desk.page.get_by_text("Periode, team en titel").tap()
    await desk.choose("Van welk team", option=f"{team.name} ({team.municipality})")
    await desk.send("Maak de sessie")
    await desk.look("session")
    path = desk.page.url.removeprefix(desk.url)
    await desk.follow("Voeg een patroon toe")
    await desk.type("Wat zie je", "De meeste stippen staan rechts.")
    await desk.type("Hoe kun je dit lezen", "Het team bouwt op wat lukt.", 0)
    await desk.type("Wie zou dit zeggen", "een teamlid", 0)
    await desk.look("pattern-filled")
    await desk.type("Hoe kun je dit lezen", "Alleen wie het goed ging, vertelt.", 1)
    await desk.type("Wie zou dit zeggen", "een bewoner", 1)
    await desk.send("Bewaar dit patroon")
    await desk.look("session-with-pattern")
    return path


async def pack(desk: Desk) -> None:
    """On paper, with all of its cards."""
    desk.taps += 1
    async with desk.page.expect_download() as coming:
        await desk.page.get_by_role("button", name=re.compile("Maak het pakket")).tap()
    path = await (await coming.value).path()
    assert path.read_bytes().startswith(b"%PDF")
    desk.keep(path.read_bytes(), "pack.pdf")


async def hold(house: House, desk: Desk, session: str) -> None:
    """Twelve phones predict and vote, one sees it otherwise; each round leaves when it closes."""
    await desk.go(session)
    await desk.follow("Begeleiden")
    await desk.look("lead-before")
    await desk.send("Open de sessie")
    await desk.look("lead-open")
    code = await desk.page.locator(".code").inner_text()
    seats = [house.phone(f"Seat {n}") for n in range(SEATS)]
    for number, seat in enumerate(seats):
        await seat.say(f"/start s-{code}")
        await seat.tap(("Als bewoner", "Als professional")[number % 2])
    await expect(desk.page.locator("[data-live=here]")).to_have_text(str(SEATS))
    await desk.look("lead-here")
    await desk.send("Laat voorspellen")
    for number, seat in enumerate(seats):
        assert "Kies een getal" in seat.read, seat.read
        await seat.tap(("3", "7")[number % 2])
    await expect(desk.page.locator("[data-live=given]")).to_have_text(str(SEATS))
    await desk.look("lead-predicting")
    await desk.send("Sluit de ronde")
    await desk.look("lead-predicted")
    await desk.send("Laat duiden")
    for number, seat in enumerate(seats):
        await seat.tap(("Kan kloppen", "Klopt niet")[number % 2])
        await seat.tap("Kan kloppen")
    await seats[0].tap("Ik zie het anders")
    await seats[0].say("Het hangt van de week af.")
    await desk.page.reload()
    await desk.look("lead-own")
    await desk.send("Laat de groep dit zien")
    await desk.send("Sluit de ronde")
    await desk.look("lead-voted")


async def record(house: House, desk: Desk) -> None:
    """An outcome, a decision that rests on every card and a reading, and what changed after it."""
    await desk.send("Naar de opbrengst")
    await desk.look("record-empty")
    await desk.page.get_by_text("Schreeuwde erom").tap()
    await desk.type("In een paar woorden", "Mensen horen te lang niets.")
    await desk.send("^Bewaar$")
    await desk.type("Wat gaan we doen", DECISION)
    await desk.type("Wie doet het", "Karin")
    await desk.type("Uiterlijk wanneer", "2026-12-20")
    form = desk.page.locator("form[action$=decision]")
    await form.get_by_text("Waar rust het op").tap()
    for box in await form.locator("input[name=card]").all():
        await box.check()
    await form.locator("input[name=reading]").first.check()
    await desk.look("record-typed")
    await desk.send("^Bewaar$", "form[action$=decision]")
    await desk.look("recorded")
    await desk.page.get_by_text("Schrijf op wat er veranderde").first.tap()
    await desk.type("Wat is er echt veranderd", CHANGE)
    await desk.send("Verder")
    await desk.look("change-asked")
    await desk.send("Bewaar en vertel het")
    await desk.look("change-told")
    await house.settle()


async def answers(desk: Desk, bob: WebTeller, phones: Sequence[Phone]) -> None:
    """In the web chat and in Telegram it is told; the answers stand on the overview and in the
    digest."""
    await bob.reads(CHANGE)
    await bob.tap("Ja")
    for number, each in enumerate(phones):
        assert CHANGE in each.read
        await each.tap(("Ja", "Ja", "Een beetje")[number % 3])
        assert "Typ één zin" in each.read
    await phones[0].say("Dit had ik nodig.")
    await phones[0].tap("Ja, los van mijn verhaal")
    await desk.go("/coordinator")
    await expect(
        desk.page.get_by_text(re.compile("Deed het recht: .* van minstens"))
    ).to_be_visible()
    await desk.look("overview")
    await desk.go("/coordinator/digest")
    await expect(
        desk.page.get_by_text(re.compile("Deed het recht: .* van minstens"))
    ).to_be_visible()
    await desk.look("digest")


async def passport_and_withdrawal(
    house: House, desk: Desk, session: str, phones: Sequence[Phone]
) -> None:
    """By the code a teller sees where the story was, takes one use back, and then all of it."""
    teller = phones[0]
    await house.phone("Elsewhere").say(code(teller))
    elsewhere = house.phone("Elsewhere")
    await elsewhere.tap("Waar is het gebruikt")
    assert "Op papier" in elsewhere.read
    assert DECISION in elsewhere.read
    await elsewhere.tap("Haal 1 terug", "Ja, haal het terug")
    await desk.go(session)
    out = desk.page.get_by_role("alert")
    await expect(out).to_contain_text("Haal deze kaarten uit")
    number, printed = re.findall(r"Kaart (\d+) · (\w+)", await out.inner_text())[0]
    await desk.look("take-out")
    for path in ("stories?q=briefje", "stories?answer=promise:own_life", "patterns", "digest"):
        await desk.go(f"/coordinator/{path}")
    assert hits(await opened(house), WORD)
    assert hits(kept_results(), WORD) == {}
    await elsewhere.say(code(teller))
    await elsewhere.tap("Weghalen", "Ja, haal het weg")
    await desk.go(f"/k/{printed}")
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("Ingetrokken")
    await desk.look("card-withdrawn")
    for path in ("", "/lead", "/record", f"/screen/{int(number) - 1}"):
        await desk.go(session + path)
        assert WORD not in await desk.page.content()
    await expect(desk.page.get_by_text("mag niet meer getoond worden")).to_be_visible()
    await desk.look("screen-gone")
    assert hits(await opened(house), WORD) == {}
    assert hits(bytes_of(house.folder), WORD) == {}
    assert hits(kept_results(), WORD) == {}


def kept_results() -> bytes:
    """What was worked out of stories and waits in memory for who asks the same."""
    kept = [vars(each)["_kept"] for each in gc.get_objects() if isinstance(each, KeptResults)]
    results = [(key, task.result()) for each in kept for key, task in each.items()]
    assert results
    return pickle.dumps(results)


async def everywhere(desk: Desk, session: str) -> None:
    """Every page of sense-making on the smallest phone, and with letters of twice the size: those
    of the desk, of the session, of who leads it, and what anybody may look at."""
    of_desk = (
        "sessions", "threads", "limits", "public", "public/all", "figures", "figures/enough",
        "figures/contradictions", "figures/area/GM9001",
    )  # fmt: skip
    of_session = "", "/pattern", "/lead", "/record", "/screen/0"
    paths = [f"/coordinator/{each}" for each in of_desk]
    paths += [*(session + each for each in of_session), "/verhalen"]
    await desk.page.set_viewport_size({"width": 320, "height": 640})
    for path in paths:
        await desk.go(path)
        await desk.look("320" + path.replace(session, "-session").replace("/", "-"))
        await desk.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await desk.page.evaluate(STICKS_OUT) == [], path
