"""A browser is known by a cookie that only the server can make."""

from __future__ import annotations

import hashlib
from http.cookies import SimpleCookie
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import Account, Arrival
from bot.channels.web.cookies import OLD_COOKIE, Cookies
from tests.botapi import BotApi
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Stage, signature
from tests.end_to_end.kit import running

TOKEN = "k" * 43
ADDRESS = hashlib.sha256(TOKEN.encode()).hexdigest()
"""Where somebody is who came before cookies were signed."""


async def given(url: str, cookie: str = "") -> SimpleCookie:
    """What a page gives to a browser that sends this."""
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(url, headers={"Cookie": cookie} if cookie else {}) as answer,
    ):
        return answer.cookies


def begun(stage: Stage) -> None:
    """Somebody talked here before cookies were signed."""
    stage.rows[ADDRESS] = []


@pytest.fixture
def https(stage: Stage) -> Cookies:
    """The stage, as it is where there is https."""
    stage.web.cookies = cookies = Cookies(signature, stage.is_known, https=True)
    return cookies


async def test_a_browser_that_comes_back_keeps_its_cookie(alice: Browser, bob: Browser) -> None:
    first = (await alice.get()).cookies[OLD_COOKIE]
    assert first["httponly"] is True
    assert first["samesite"] == "Lax"
    assert not first["secure"]
    assert (await alice.get()).cookies[OLD_COOKIE].value == first.value
    assert (await bob.get()).cookies[OLD_COOKIE].value != first.value


async def test_where_https_is_no_other_site_can_set_the_cookie(
    stage: Stage, https: Cookies
) -> None:
    cookie = (await given(stage.url))[https.name]
    assert https.name.startswith("__Host-")  # a browser takes it with these only
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("made_up", [TOKEN, f"{ADDRESS}.{'0' * 64}", f"{ADDRESS}.", "mine", ""])
@pytest.mark.parametrize("name", [OLD_COOKIE, "__Host-vertelbot"])
@pytest.mark.parametrize("secure", [True, False])
async def test_a_cookie_that_the_server_did_not_give_is_replaced(
    stage: Stage, made_up: str, name: str, secure: bool
) -> None:
    stage.web.cookies = Cookies(signature, stage.is_known, https=secure)
    now = (await given(stage.url, f"{name}={made_up}"))[stage.web.cookies.name].value
    address, _, signed = now.partition(".")
    assert address != ADDRESS
    assert signed == signature(address)


async def test_a_cookie_of_another_browser_cannot_be_planted_by_a_neighbour(
    stage: Stage, https: Cookies
) -> None:
    """It can set any cookie but one with the prefix."""
    mine = (await given(stage.url))[https.name].value
    stage.rows[mine.partition(".")[0]] = []
    for planted in (mine, mine.partition(".")[0], mine[:43]):
        assert (await given(stage.url, f"{OLD_COOKIE}={planted}"))[https.name].value != mine


@pytest.mark.parametrize("secure", [True, False])
async def test_a_cookie_of_before_is_read_once_and_replaced(stage: Stage, secure: bool) -> None:
    begun(stage)
    stage.web.cookies = cookies = Cookies(signature, stage.is_known, https=secure)
    answer = await given(stage.url, f"{OLD_COOKIE}={TOKEN}")
    assert answer[cookies.name].value == f"{ADDRESS}.{signature(ADDRESS)}"
    if secure:
        assert answer[OLD_COOKIE]["max-age"] == "0"


async def test_a_page_that_stayed_open_meanwhile_goes_on(stage: Stage) -> None:
    begun(stage)
    for sent, address in ((TOKEN, ADDRESS), ("n" * 43, "")):
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.ws_connect(
                f"{stage.url}/ws", headers={"Cookie": f"vertelbot={sent}", "Origin": stage.url}
            ) as socket,
        ):
            await socket.send_json({"t": "hello", "after": 0, "page": "p1"})
            frame = await socket.receive_json(timeout=30)
            assert frame["t"] == "hello"
            now = socket._response.cookies[OLD_COOKIE].value.partition(".")[0]
            assert (now == ADDRESS) == bool(address)


async def test_what_was_told_before_an_upgrade_is_on_the_page_after_it(tmp_path: Path) -> None:
    async with BotApi() as api, running(tmp_path, api) as house:
        start = Arrival("web", "before", ADDRESS, Account("start", ""), "nl")
        await house.app.runner.accept([start])
        first = (await given(house.url, f"{OLD_COOKIE}={TOKEN}"))[OLD_COOKIE].value
        assert first.partition(".")[0] == ADDRESS
        assert (await given(house.url, f"{OLD_COOKIE}={first}"))[OLD_COOKIE].value == first
