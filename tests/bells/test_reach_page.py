"""The page on which people choose how they are reached, and what a choice does; over HTTP, with a
push service and a mailbox."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.settings import PushSettings
from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock, running, settings
from tests.end_to_end.tellers import WebTeller
from tests.meetings.prompts.kit import TUESDAY, Meetings, meeting, with_mail
from tests.meetings.prompts.mailbox import Mailbox, links, mailbox
from tests.push.service import Device, PushService, push_service


class Page(WebTeller):
    """A browser that also uses the page `/bereik`."""

    async def shown(self) -> str:
        async with self._session.get(f"{self.house.url}/bereik") as page:
            assert page.status == 200
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
            return await page.text()

    async def choose(self, do: str, **form: str) -> int:
        url = self.house.url
        async with self._session.post(
            f"{url}/bereik",
            data={"do": do, **form},
            headers={"Origin": url},
            allow_redirects=False,
        ) as answer:
            return answer.status

    async def subscribe(self, device: Device, query: str = "", origin: str = "") -> int:
        url = self.house.url
        async with self._session.post(
            f"{url}/push{query}",
            json=device.subscription(),
            headers={"Origin": origin or url},
        ) as answer:
            return answer.status


@dataclass
class Town:
    bot: Meetings
    push: PushService
    box: Mailbox

    async def rung(self) -> list[tuple[str, str]]:
        """Channel and outcome of all that was rung."""
        return [(row[1], row[5]) for row in await self.bot.house.rows("ringattempt")]

    async def count(self, table: str) -> int:
        return await self.bot.house.count(table)


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    clock = MovableClock(TUESDAY)
    clock.move(hours=-1)
    async with BotApi(near=True) as api, mailbox() as box, push_service(clock) as push:
        given = with_mail(box, settings(folder, telegram=api))
        pushes = PushSettings(subject="mailto:beheer@example.nl", private=True)
        given = given.model_copy(update={"push": pushes})
        async with running(folder, api, clock=clock, given=given) as house:
            yield Town(Meetings(house, clock), push, box)


async def joined(here: Town, page: Page) -> str:
    """Take part in a meeting; the key that the page subscribes with."""
    made = await here.bot.plan(meeting())
    await page.open(f"{made.code}-guest")
    found = re.search(r'data-key="([\w-]+)"', await page.shown())
    assert found
    here.push.key = found[1]
    return made.code


async def test_a_prompt_rings_on_a_device_whose_page_is_closed(tmp_path: Path) -> None:
    async with town(tmp_path) as here, Page(here.bot.house) as page:
        assert "data-key" not in await page.shown()
        code = await joined(here, page)
        await page.tap("Met een melding")
        assert page.sentences[-1] == f"Kies hier hoe: {here.bot.house.url}/bereik"
        old, device = here.push.device(), here.push.device()
        assert await page.subscribe(device, origin="https://evil.example") == 403
        async with Page(here.bot.house) as stranger:
            assert await stranger.subscribe(device) == 403
        assert await page.subscribe(device, "?keep") == 410  # none was there: it asks for a tap
        assert await page.subscribe(Device("nonsense")) == 400
        assert await here.count("personalbell") == 0
        assert await page.subscribe(old) == 204
        assert await page.subscribe(device, "?keep") == 204
        assert "Zet meldingen aan" not in await page.shown()
        await page.open(f"{code}-host")  # and is not asked again how to be reached
        assert "Ik laat het weten" in page.sentences[-1]
        await page.close()
        await here.bot.until(TUESDAY + timedelta(hours=4))
        (told,) = device.opened()
        assert told == {"title": "Vertelbot", "text": "Er staat een vraag klaar.", "language": "nl"}
        assert (old.bodies, here.push.refused) == ([], [])
        assert await here.rung() == [("push", "rung")]
        await page.open()
        assert any("Wanneer komt het uit?" in each for each in page.sentences)
        for name in ("personalbell", "ring", "ringattempt", "outbox", "person"):
            assert device.endpoint.rpartition("/")[2] not in str(await here.bot.house.rows(name))


async def test_a_device_that_is_gone_is_forgotten_and_mail_rings(tmp_path: Path) -> None:
    async with town(tmp_path) as here, Page(here.bot.house) as page:
        await joined(here, page)
        device = here.push.device()
        await page.subscribe(device)
        assert await page.choose("add:mail", address=" Ann@Example.nl ") == 303
        assert "a…@example.nl" in await page.shown()
        here.push.gone(device)
        await here.bot.until(TUESDAY + timedelta(hours=4))
        letter = await here.box.received(1)
        assert sorted(await here.rung()) == [("mail", "rung"), ("push", "failed")]
        assert letter["Subject"] == "Er staat een vraag klaar."
        assert "Oost" not in letter.as_string()
        assert await here.count("personalbell") == 1
        link, before = links(letter)[0], await here.bot.prompts()
        async with Page(here.bot.house) as elsewhere:
            async with elsewhere._session.get(link) as answer:
                text = await answer.text()
            assert "Hoe was de visite bij Wijkteam Oost?" in text
            assert "Nooit meer" in text
            assert await here.bot.prompts() == before  # opening it changed nothing
            await elsewhere.open(link.rpartition("/v/")[2])  # the question moves along
            states = [row.state for row in await here.bot.prompts() if row.kind == "ask"]
            assert states == ["answered"]
            await elsewhere.post("/wipe?what=all")
            here.bot.clock.move(seconds=11)
            await here.bot.house.due()
        assert await here.count("personalbell") == 1  # whoever was rung for is still there


async def test_who_clears_the_screen_is_not_rung_any_more(tmp_path: Path) -> None:
    async with town(tmp_path) as here, Page(here.bot.house) as page:
        code = await joined(here, page)
        device = here.push.device()
        await page.subscribe(device)
        await here.bot.until(TUESDAY + timedelta(hours=4))
        assert await here.count("ring") == 1
        await page.post("/wipe?what=chat")
        here.bot.clock.move(seconds=11)
        await here.bot.house.due()
        for table in ("personalbell", "ring", "ringattempt"):
            assert await here.count(table) == 0
        await page.open(f"{code}-guest")  # another story in the same browser
        assert await page.subscribe(device, "?keep") in (403, 410)
        assert len(device.bodies) == 1


async def test_the_order_is_chosen_and_nevermore_is_for_all_bells(tmp_path: Path) -> None:
    async with town(tmp_path) as here, Page(here.bot.house) as page:
        await joined(here, page)
        device = here.push.device()
        await page.subscribe(device)
        assert await page.choose("add:mail", address="geen adres") == 400
        assert await page.choose("add:sms", address="0612345678") == 400  # there is no gateway
        assert await page.choose("add:mail", address="ann@example.nl") == 303
        assert await page.choose("first:mail") == 303
        shown = await page.shown()
        assert shown.index("a…@example.nl") < shown.index("remove:push")
        assert await page.choose("quiet", **{"from": "21:00", "until": "10:30"}) == 303
        assert 'value="10:30"' in await page.shown()
        assert await page.choose("nonsense") == 400
        assert await page.choose("off") == 303
        assert "laat niets meer horen" in await page.shown()
        assert await here.count("personalbell") == 0
        await here.bot.until(TUESDAY + timedelta(hours=4))
        assert (device.bodies, await here.count("ring")) == ([], 0)


async def test_the_shell_without_a_connection_holds_nothing_of_anybody(tmp_path: Path) -> None:
    async with town(tmp_path) as here, Page(here.bot.house) as page:
        url = here.bot.house.url
        async with page._session.get(f"{url}/sw.js") as answer:
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.content_type == "text/javascript"
            assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
        async with page._session.get(f"{url}/offline") as answer:
            offline = await answer.text()
            assert "Set-Cookie" not in answer.headers
        assert "Geen verbinding" in offline
        await joined(here, page)
        async with page._session.get(f"{url}/offline") as answer:
            assert await answer.text() == offline
        async with page._session.get(f"{url}/manifest.webmanifest") as answer:
            assert (await answer.json(content_type=None))["display"] == "standalone"
