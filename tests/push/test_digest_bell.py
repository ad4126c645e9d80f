"""A device that rings for a coordinator when the weekly digest is there; over HTTP, with a push
service and a gateway for SMS."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.app import App
from bot.channels.push.sealed_push import SIZE
from bot.coordinators.digest.digest_bells import way_to
from bot.settings import PushSettings, SmsSettings
from storage.coordinators import coordinators, logins
from storage.coordinators.coordinators import Coordinator, Role
from storage.weeks import week_of
from tests.botapi import BotApi
from tests.end_to_end.kit import House, MovableClock, running, settings
from tests.push.service import Device, PushService, push_service
from tests.push.test_sms import Gateway

SAID = {"title": "Vertelbot", "text": "Het weekbericht staat klaar.", "language": "nl"}
HERE = "/coordinator/settings/push"


class Desk:
    """The browser of a coordinator."""

    def __init__(self, app: App, who: Coordinator, session: aiohttp.ClientSession) -> None:
        self.who = who
        self._app = app
        self._url = app.settings.public_url
        self._session = session

    async def login(self) -> None:
        """With a link; a session does not last a week."""
        now = self._app.clock.now()
        token = await self._app.database.write(lambda c: logins.make_link(c, self.who.id, now))
        async with self._session.post(f"{self._url}/coordinator/login/{token}") as answer:
            assert answer.status == 200

    async def shown(self) -> str:
        async with self._session.get(f"{self._url}/coordinator/settings") as page:
            assert page.status == 200
            return await page.text()

    async def post(
        self, device: Device | None, csrf: str | None = None, origin: str = "", was: str = ""
    ) -> int:
        if csrf is None:
            csrf = found(r'name="csrf" value="(\w+)"', await self.shown())
        sent = json.dumps(device.subscription()) if device else ""
        form = {"csrf": csrf, "subscription": sent, "was": was}
        headers = {"Origin": origin or self._url}
        async with self._session.post(
            f"{self._url}{HERE}", data=form, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match
    return match[1]


@dataclass
class Office:
    house: House
    push: PushService
    gateway: Gateway

    @property
    def app(self) -> App:
        return self.house.app

    @asynccontextmanager
    async def desk(
        self, role: Role = "association", team: str = "", **to: str
    ) -> AsyncIterator[Desk]:
        """A new coordinator, logged in, whose first digest is that of next week."""
        since = week_of(self.app.clock.now())
        who = await self.app.database.write(
            lambda c: coordinators.add(c, role, "Alice", team=team, since=since, **to)
        )
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            desk = Desk(self.app, who, session)
            await desk.login()
            yield desk

    async def week(self) -> None:
        """The digests of a next week go out."""
        self.house.clock.move(days=7)
        await self.app.jobs.digests.go()
        await self.house.settle()

    async def way(self, desk: Desk) -> tuple[str, str]:
        """Where the digest of someone goes."""
        services = self.app.services
        known = await self.app.database.read(lambda s: coordinators.by_id(s, desk.who.id))
        assert known is not None
        return way_to(services, known)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    clock, gateway, app = MovableClock(), Gateway(), web.Application()
    app.router.add_post("/send", gateway.take)
    async with BotApi(near=True) as api, push_service(clock) as push, TestServer(app) as sms:
        word = SecretStr("geheim")
        given = settings(folder, telegram=api).model_copy(
            update={
                "push": PushSettings(subject="mailto:beheer@example.nl", private=True),
                "sms": SmsSettings(url=str(sms.make_url("/send")), token=word, sender="Vertelbot"),
            }
        )
        async with running(folder, api, clock=clock, given=given) as house:
            yield Office(house, push, gateway)


async def test_a_device_rings_once_a_week_and_says_only_that_something_waits(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as here, here.desk() as desk:
        page = await desk.shown()
        assert "Melding op dit apparaat" in page
        here.push.key = found(r'data-key="([\w-]+)"', page)
        assert 'data-scope="/coordinator"' in page  # where a tap on a notification leads
        assert re.search(
            r'<noscript><p>.*kijk elke week zelf\. <a href="/coordinator/digest">', page
        )
        old, device, other = (here.push.device() for _ in range(3))
        assert await desk.post(old, csrf="x" * 64) == 403
        assert await desk.post(old, origin="https://evil.example") == 403
        assert await desk.post(Device("nonsense")) == 400
        assert await desk.post(old, was="https://push.example.org/x") == 404  # none rang here
        assert await here.way(desk) == ("", "")
        assert await desk.post(old) == 303
        assert await desk.post(device) == 303  # takes its place
        assert "Zet de melding uit" in await desk.shown()
        assert await desk.post(other, was=old.endpoint) == 404  # this is not the one that rings
        await here.week()
        assert await here.house.app.jobs.digests.go() == 0
        assert device.opened() == [SAID]
        assert [len(device.plain(body)) for body in device.bodies] == [SIZE]
        assert (old.bodies, other.bodies, here.push.refused) == ([], [], [])
        await desk.login()
        assert await desk.post(other, was=device.endpoint) == 303  # a browser renewed it by itself
        await here.week()
        assert (len(device.bodies), other.opened()) == (1, [SAID])
        for table in ("coordinator", "outbox", "audit"):
            assert other.endpoint.rpartition("/")[2] not in str(await here.house.rows(table))
        await desk.login()
        assert await desk.post(None) == 303
        assert "Melding op dit apparaat" in await desk.shown()
        await here.week()
        assert len(other.bodies) == 1


async def test_a_device_that_is_gone_is_forgotten_and_the_phone_rings(tmp_path: Path) -> None:
    async with (
        office(tmp_path) as here,
        here.desk(channel="sms", address="+31612345678") as desk,
    ):
        here.push.key = found(r'data-key="([\w-]+)"', await desk.shown())
        device = here.push.device()
        assert await desk.post(device) == 303
        await here.week()
        assert (device.opened(), here.gateway.taken) == ([SAID], [])
        here.push.gone(device)
        await here.week()
        assert await here.way(desk) == ("sms", "+31612345678")
        (rung,) = here.gateway.taken
        assert rung["text"].startswith("Vertelbot: Het weekbericht staat klaar.")
        await desk.login()
        assert "Melding op dit apparaat" in await desk.shown()
        await here.week()
        assert len(here.gateway.taken) == 2


async def test_a_device_that_is_refused_once_is_kept_and_the_phone_rings_that_week(
    tmp_path: Path,
) -> None:
    async with (
        office(tmp_path) as here,
        here.desk(channel="sms", address="+31612345678") as desk,
    ):
        here.push.key = found(r'data-key="([\w-]+)"', await desk.shown())
        device = here.push.device()
        assert await desk.post(device) == 303
        here.push.answers.append((413, {}))
        await here.week()
        assert (device.opened(), len(here.gateway.taken)) == ([], 1)
        await here.week()
        assert (device.opened(), len(here.gateway.taken)) == ([SAID], 1)


async def test_who_gets_a_message_or_no_digest_is_not_offered_a_bell(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        team = await here.house.team("Oost", "Zwolle")
        device = here.push.device()
        async with here.desk("team", team.id, channel="mail", address="ann@example.nl") as desk:
            assert "data-key" not in await desk.shown()
            assert await desk.post(device) == 303  # from a page of before there was an address
            assert await here.way(desk) == ("mail", "ann@example.nl")
            assert "Daarom komt er geen melding." in await desk.shown()
        async with here.desk("reader", team.id) as desk:
            assert "data-key" not in await desk.shown()
            assert await desk.post(device) == 403
            assert await here.way(desk) == ("", "")
