"""What strangers may post to the web chat: nothing that is not a page of ours, and not too much."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.channels.web import uploads
from tests.end_to_end.kit import House
from tests.media.images import PLACE, photo


@asynccontextmanager
async def browser_of(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser with a cookie that says where it comes from."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": house.url}) as session:
        async with session.get(f"{house.url}/") as page:
            assert page.status == 200
        yield session


async def posted(
    session: aiohttp.ClientSession, url: str, data: bytes = b"OggS", **headers: str
) -> int:
    given = {
        "X-Message": "m1",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    async with session.post(url, data=io.BytesIO(data), headers=given) as answer:
        return answer.status


async def test_only_our_own_page_with_its_cookie_may_post(house: House) -> None:
    url = f"{house.url}/voice"
    async with browser_of(house) as session:
        assert await posted(session, url) == 200
        assert await posted(session, url, Origin="https://elsewhere.example") == 403
        assert await posted(session, url, Origin="null") == 403
        assert await posted(session, url, X_Message="no id") == 400
        assert await posted(session, url, X_Message="x" * 65) == 400
    async with aiohttp.ClientSession(headers={"Origin": house.url}) as stranger:
        assert await posted(stranger, url) == 403


async def test_too_much_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    async with browser_of(house) as session:
        assert await posted(session, f"{house.url}/voice", b"O" * 1001) == 413

        async def drip() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"O" * 100

        headers = {"X-Message": "m2"}
        url = f"{house.url}/photo"
        async with session.post(url, data=drip(), headers=headers) as answer:
            assert answer.status == 413
    assert await house.count("blob") == 0


async def test_too_often_is_refused(house: House) -> None:
    async with browser_of(house) as session:
        url = f"{house.url}/photo"
        found = [await posted(session, url, b"x", X_Message=f"m{n}") for n in range(17)]
    assert found.count(200) >= 15
    assert found[-1] == 429


async def test_a_file_that_is_sent_again_counts_once(house: House) -> None:
    async with browser_of(house) as session:
        for _ in range(2):
            assert await posted(session, f"{house.url}/photo", photo()) == 200
    assert len(await house.rows("outbox WHERE kind = 'echo'")) <= 1
    assert PLACE not in (house.folder / "vertelbot.db").read_bytes()


async def test_where_nothing_is_committed_nothing_is_confirmed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.app.web, "_accept", broken)
    async with browser_of(house) as session:
        assert await posted(session, f"{house.url}/voice") == 503
