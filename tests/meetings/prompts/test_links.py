"""Opening a link never acts. Every link that is written in letters, messages and pages, and every
address that is served, is opened as the scanner of a mail system does, in a real browser that runs
scripts: nothing in the database changes. A tap does."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Error, Page, expect

from bot.meetings.calendar_link import new_calendar_link
from conversations.guide.loading import load_guides
from storage import tables
from storage.coordinators import coordinators
from storage.engine.transaction import Transaction
from tests.chromium import CHROMIUM
from tests.end_to_end.kit import Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, group, meeting
from tests.meetings.prompts.mailbox import Mailbox
from tests.meetings.prompts.test_letters import invited

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium"),
]

READING = {"audit", "websession"}
"""Tables that say who looked: that is what they are for."""
LOOKED = {"written"}
"""Facts of /ready, which tries whether the database can be written."""
URL = re.compile(r"https?://[^\s<>\"'|\])]+")
FILES = re.compile(
    r"\.(csv|ics|svg|js|css)$|/(png|svg|pdf|slide)$|/(metrics|ready|health)$|picture"
)
"""What a browser would keep as a file, and what has no script: asked for over HTTP."""
LOOKING_AHEAD: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
)
"""How a mail system or a browser asks whether an address is there, before anybody goes to it."""
OF_PERSONS = ("/m/", "/t/", "/v/", "/u/", "/coordinator/login/")
WRITTEN = {
    "/m/code", "/t/code", "/t/p-code", "/u/id-idid", "/coordinator/login/token", "/v/token",
    *(f"/v/token-{what}" for what in ("guest", "host", "member", "leave")),
    *(f"/v/token-{what}" for what in ("evening", "tomorrow", "no", "never")),
}  # fmt: skip
"""Links with a token or a code: the test must have found each, and each acts after a tap."""


class Opener:
    """A scanner: opens addresses with scripts on, each context in one page, as fast as it can."""

    def __init__(self, url: str, stranger: Page, carol: Page) -> None:
        self.url = url
        self.stranger, self.carol = stranger, carol

    async def ask(self, addresses: Iterable[str]) -> None:
        """Ask for all of these over HTTP, as both."""
        for address in addresses:
            for page in (self.stranger, self.carol):
                await page.request.get(address)
                for headers in LOOKING_AHEAD:
                    answer = await page.request.head(address, headers=headers)
                    assert answer.status < 500, address

    async def everything(self, first: Iterable[str]) -> list[str]:
        """Open these, and one of each kind of page to which they lead. All that was opened."""
        opened: dict[str, str] = {}
        waiting = list(first)
        while waiting:
            address = waiting.pop()
            if shape(address) not in opened:
                opened[shape(address)] = address
                ours = "/coordinator" in address and "/login/" not in address
                waiting += await self.open(self.carol if ours else self.stranger, address)
        return list(opened.values())

    async def open(self, page: Page, address: str) -> list[str]:
        """Open one, wait until its script has done what it does; the addresses on the page."""
        if FILES.search(urlsplit(address).path):
            await page.request.get(address)
            return []
        try:
            await page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            return []  # a file, and asked for all the same
        if await page.locator("body.chat").count():
            await expect(page.locator("body")).to_have_class(re.compile("live"))
        found = await page.evaluate("[...document.links].map(a => a.href)")
        return [each for each in map(str, found) if each.startswith(self.url)]


_GUIDE = re.compile(rf"(?<=/guides/)(?:{'|'.join(load_guides().ids)})(?=/|$)|(?<=/phone/)\w+")


def shape(address: str) -> str:
    """What is alike in addresses of a kind: what a link in a letter does, not whose it is; what a
    page does with a guide or a step, not with which."""
    path = re.sub(r"\?.*|#.*", "", address)
    path = re.sub(r"(?<=/)[A-Za-z0-9_-]{43}(?=-|$)", "token", path)
    path = _GUIDE.sub("guide", re.sub(r"[0-9a-f]{32}", "id", path))
    return re.sub(r"(?<=/m/)[\w-]+|(?<=/t/)[0-9a-f]+|(?<=-)[0-9a-f]{12}", "code", path)


async def snapshot(bot: Meetings) -> Mapping[str, list[str]]:
    """All that is stored, but for who looked."""

    def read(connection: Transaction) -> dict[str, list[str]]:
        every = tables.every().tables
        return {
            name: sorted(
                repr(tuple(row))
                for row in connection.execute(table.select())
                if not (name == "meta" and row[0] in LOOKED)
            )
            for name, table in every.items()
            if name not in READING
        }

    return await bot.house.app.database.write(read)


def differs(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


async def lived(bot: Meetings, box: Mailbox, alice: Phone) -> set[str]:
    """A week in which every kind of message is sent: invitations, prompts, reminders, a meeting
    that moves, login links, digests. The links in all of it."""
    app, url = bot.house.app, bot.house.url
    team = await bot.house.team("Wijkteam Oost", "Zwolle")
    made = [await bot.plan(meeting()), await bot.plan(group())]
    later = await bot.plan(group(start=TUESDAY + timedelta(days=50), title="Later"))
    for each in (*made, later):
        await invited(bot, each)
    await alice.say(f"/start {made[0].code}", "/privacy")

    def found(connection: Transaction) -> str:
        for channel, address in (("mail", "carol@example.nl"), ("telegram", str(alice.user.id))):
            coordinators.add(
                *(connection, "association", "Carol"),
                channel=channel,
                address=address,
            )
        return new_calendar_link(connection, app.services)

    calendar = await app.database.write(found)
    await bot.until(TUESDAY + timedelta(hours=4))
    await bot.until(TUESDAY + timedelta(days=7))
    await app.jobs.digests.go()
    await alice.say("/bijeenkomst")
    await alice.tap("Een leergroep")
    await alice.say("Nieuw")
    await alice.tap("Dat weet ik nog niet")
    await alice.say("5 januari 14:00-16:00")
    await alice.tap("Nee, één keer", "Ja, zet het erin")
    moved = timedelta(days=1)
    await bot.change(replace(later, start=later.start + moved, end=later.end + moved))
    await alice.say("/start k")  # and a coordinator who lost the way in
    async with aiohttp.ClientSession() as session:
        asked = {"address": "carol@example.nl"}
        async with session.post(f"{url}/coordinator/login", data=asked) as page:
            assert page.status == 200
    await bot.house.settle()
    texts = [str(call.params["text"]) for call in bot.house.api.called("sendMessage")]
    for letter in box.letters:
        texts += [
            part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"
        ]
        texts.append(str(letter["List-Unsubscribe"]))
    texts += [calendar, f"{url}/t/{team.code}", f"{url}/t/p-{team.code}", f"{url}/m/{later.code}"]
    written = {each for text in texts for each in URL.findall(html.unescape(text))}
    return {each.rstrip(".,") for each in written if each.startswith(url)}


def served(bot: Meetings) -> set[str]:
    """Every address that can be asked for, with something in its gaps."""
    filled = {"token": "a" * 43, "id": "0" * 32, "payload": "x", "number": "0", "kind": "png"}
    filled |= {"code": "AAAA-AAA", "at": "20261201T0900Z", "name": "chat.css"}
    gaps = defaultdict(lambda: "x", {**filled, "door": "m"})
    found = set()
    for route in bot.house.app._pages().router.routes():
        if (
            route.method == "GET"
            and route.resource is not None
            and route.resource.canonical != "/ws"
        ):
            found.add(bot.house.url + route.resource.canonical.format_map(gaps))
    return found


async def scanner(bot: Meetings, browser: Browser) -> Opener:
    """With a browser that was here before, and that of a coordinator who is logged in."""
    stranger, carol = [await (await browser.new_context()).new_page() for _ in range(2)]
    await stranger.goto(bot.house.url)
    await expect(stranger.locator("body")).to_have_class(re.compile("live"))
    await carol.goto(await bot.house.app.login_link())
    await carol.locator("form button").click()
    return Opener(bot.house.url, stranger, carol)


async def test_opening_a_link_changes_nothing_and_a_tap_does(
    browsed: tuple[Meetings, Mailbox], browser: Browser, torture: bool
) -> None:
    bot, box = browsed
    links = await lived(bot, box, bot.house.phone("Alice"))
    personal = {
        shape(link): link for link in sorted(links) if urlsplit(link).path.startswith(OF_PERSONS)
    }
    assert {each.removeprefix(bot.house.url) for each in personal} == WRITTEN
    opener = await scanner(bot, browser)
    await bot.house.settle()
    before = await snapshot(bot)
    await opener.ask([*links, *sorted(served(bot))])
    await opener.everything([*links, f"{bot.house.url}/coordinator"])
    for link in links if torture else ():
        await opener.open(opener.stranger, link)
    await bot.house.settle()
    assert differs(before, await snapshot(bot)) == []
    for link in personal.values():
        before = await snapshot(bot)
        await opener.stranger.goto(link)
        await opener.stranger.locator("main form button").first.click()
        await opener.stranger.wait_for_load_state()
        await bot.house.settle()
        assert differs(before, await snapshot(bot)), link
