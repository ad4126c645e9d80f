"""The page of templates: what Meta posted, what it says when it is asked, and what to mend."""

from __future__ import annotations

import asyncio
import html
import json
import re
from typing import get_args

import aiohttp
import pytest

from bot.channels.whatsapp.graph_errors import MENDS, Cause
from bot.coordinators.phrases import LANGUAGES, words
from bot.message_templates.template_pages import REASONS, STATES, shown
from bot.settings import WhatsAppSettings
from storage.whatsapp.templates import Template
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import PUBLIC, WhatsAppHouse


class Association:
    """A coordinator of the association who is logged in."""

    def __init__(self, house: WhatsAppHouse, cookie: str) -> None:
        self._root = f"http://127.0.0.1:{house.app.settings.web.port}"
        self._headers = {"Cookie": cookie, "Origin": PUBLIC}

    async def page(self, path: str, *, ask: bool = False) -> str:
        async with aiohttp.ClientSession(headers=self._headers) as session:
            async with session.get(self._root + path) as answer:
                page = await answer.text()
                assert answer.status == 200, page
            if ask:
                found = re.search(r'name="csrf" value="([^"]+)"', page)
                assert found
                async with session.post(self._root + path, data={"csrf": found[1]}) as answer:
                    page = await answer.text()
                    assert answer.status == 200, page
        return html.unescape(page)


async def logged_in(house: WhatsAppHouse) -> Association:
    token = (await house.app.login_link()).rsplit("/", 1)[1]
    address = f"http://127.0.0.1:{house.app.settings.web.port}/coordinator/login/{token}"
    async with (
        aiohttp.ClientSession(headers={"Origin": PUBLIC}) as session,
        session.post(address, allow_redirects=False) as answer,
    ):
        assert answer.status == 303
        return Association(house, answer.headers["Set-Cookie"].split(";")[0])


async def test_the_page_tells_what_meta_posted_and_asks_anew_only_by_a_tap(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    association = await logged_in(house)
    page = await association.page("/coordinator/whatsapp")
    assert page.count("Meta heeft dit bericht nog niet") == 2  # nothing was asked by opening it
    assert "2 berichten kunnen nog niet weg" in await association.page("/coordinator")
    api.templates["vertelbot_vraag", "nl"] |= {"state": "REJECTED", "reason": "SCAM"}
    api.templates["vertelbot_bel", "nl"]["category"] = "MARKETING"
    api.templates["<oud>", "nl"] = {"state": "ON_THE_MOON", "parameters": 0}
    page = await association.page("/coordinator/whatsapp", ask=True)
    for said in ("Afgewezen", "oplichting", "Goedgekeurd", "als reclame", "ON_THE_MOON", "<oud>"):
        assert said in page, said
    assert "Eén bericht kan nog niet weg" in await association.page("/coordinator")
    del api.templates["<oud>", "nl"]
    paused = {
        "event": "PAUSED",
        "message_template_name": "vertelbot_vraag",
        "message_template_language": "nl",
        "reason": "NONE",
    }
    change = {"field": "message_template_status_update", "value": paused}
    assert await api.post_raw(json.dumps({"entry": [{"changes": [change]}]}).encode()) == 200
    page = await association.page("/coordinator/whatsapp")
    assert "Gepauzeerd" in page
    assert "ON_THE_MOON" in page
    page = await association.page("/coordinator/whatsapp", ask=True)
    assert "staat niet meer bij Meta" in page
    assert "ON_THE_MOON" not in page


async def test_what_stopped_the_channel_stands_there_with_its_mend(
    house: WhatsAppHouse, api: CloudApi
) -> None:
    association = await logged_in(house)
    alice = house.teller()
    api.fault(131042)
    await alice.phone.send("hallo")
    async with _until():
        while not api.refused[131042]:
            await api.settled()
    page = await association.page("/coordinator/whatsapp")
    assert "betaalwijze ontbreekt" in page
    assert "131042" in page
    assert "neemt nu niets van ons aan" in await association.page("/coordinator")
    known = api.token
    api.token = "another"
    page = await association.page("/coordinator/whatsapp", ask=True)
    api.token = known
    assert "Meta gaf de stand nu niet" in page
    assert "sleutel geldt niet meer" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_cause_state_and_reason(language: str) -> None:
    said = words(language)
    keys = [f"whatsapp.mend.{each}" for each in get_args(Cause)]
    keys += [f"whatsapp.state.{each}" for each in STATES]
    keys += [f"whatsapp.reason.{each}" for each in REASONS]
    assert len({said(key) for key in keys}) == len(keys)
    assert set(MENDS) == set(get_args(Cause))


def test_what_is_needed_comes_first_in_every_language_of_it() -> None:
    config = WhatsAppSettings(languages=["nl", "tr"], mode="doorbell")
    rows = shown([Template("other", "nl", "APPROVED")], config)
    assert [(each.found.name, each.found.language, each.role) for each in rows] == [
        ("vertelbot_bel", "nl", "bell"),
        ("vertelbot_bel", "tr", "bell"),
        ("other", "nl", ""),
    ]
    assert [each.goes for each in rows] == [False, False, True]


def _until() -> asyncio.Timeout:
    return asyncio.timeout(60)
