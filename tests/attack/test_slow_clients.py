"""Whoever sends slowly, or not at all, holds up nobody and is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import aiohttp
import pytest
from yarl import URL

from bot.channels.web import uploads
from bot.operations import slow_clients
from tests.attack.visitors import Visitor, waited
from tests.end_to_end.kit import House
from tests.media.images import photo

VOICE = {"X-Message": "m1", "X-Seconds": "3"}


class Drip:
    """A body of which two bytes come now and then, until the connection breaks."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def bytes(self) -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"Og"
            self.begun.set()
            await asyncio.sleep(0.05)


async def drip(visitor: Visitor, drips: list[Drip]) -> bool:
    """Post a recording that hardly comes; whether the connection was broken."""
    drips.append(Drip())
    try:
        await visitor.post("/voice", drips[-1].bytes(), **VOICE)
    except aiohttp.ClientError:
        return True
    return False


async def test_recordings_that_hardly_come_keep_nobody_from_sending_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drips: list[Drip] = []
    async with AsyncExitStack() as stack:
        attacker = await stack.enter_async_context(Visitor(house.url))
        honest = await stack.enter_async_context(Visitor(house.url))
        posting = []
        for _ in range(12):
            attacker.another_browser()
            posting.append(asyncio.create_task(drip(attacker, drips)))
            await asyncio.sleep(0)
        await asyncio.gather(*(each.begun.wait() for each in drips))
        assert await honest.post("/photo", photo(), **{**VOICE, "X-Message": "m0"}) == 200
        with waited("a photo beside 12 recordings that hardly come"):
            assert await honest.post("/photo", photo(), **VOICE) == 200
        assert await attacker.post("/photo", photo(), **VOICE) == 429  # one body at a time
        attacker.another_browser()
        assert await attacker.post("/photo", photo(), **VOICE) == 200  # a colleague next door
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)


async def test_a_body_that_hardly_comes_is_broken_off_and_an_honest_slow_one_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_clients, "BODY_GRACE", 0.3)
    monkeypatch.setattr(slow_clients, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(slow_clients, "BODY_RATE", 500)

    async def slow() -> AsyncIterator[bytes]:
        for piece in range(10):
            yield b"OggS" * 500
            await asyncio.sleep(0.08 if piece else 0)

    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        broken, kept = await asyncio.gather(
            drip(attacker, []), honest.post("/voice", slow(), **VOICE)
        )
    assert broken
    assert kept == 200


async def test_a_form_that_hardly_comes_is_broken_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_clients, "BODY_GRACE", 0.1)
    monkeypatch.setattr(slow_clients, "LOOK_EVERY", 0.05)
    async with Visitor(house.url) as attacker:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        with pytest.raises(aiohttp.ClientError):
            await attacker.post("/coordinator/login", Drip().bytes(), **form)


async def test_bodies_of_one_network_take_half_of_the_room_at_most(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "ROOM", 400_000)
    monkeypatch.setattr(uploads, "ROOM_OF_NETWORK", 200_000)
    room, filled = house.app.web._uploads._room, asyncio.Event()

    async def held() -> AsyncIterator[bytes]:
        yield b"O" * 150_000
        await filled.wait()

    async with Visitor(house.url) as attacker, Visitor(house.url) as honest:
        holding = asyncio.create_task(attacker.post("/voice", held(), **VOICE))
        async with asyncio.timeout(10):
            while not room._taken.total():
                await _moment()
        attacker.another_browser()
        assert await attacker.post("/voice", b"O" * 100_000, **VOICE) == 503
        assert await honest.post("/voice", b"O" * 100_000, **VOICE) == 200
        filled.set()
        assert await holding == 200
    assert not room._taken


async def _moment() -> None:
    await asyncio.sleep(0.01)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
async def test_a_connection_that_asks_nothing_is_closed(
    house: House, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(slow_clients, "HEAD_WITHIN", 1.0)
    where = URL(house.url)
    open_ones = [await asyncio.open_connection(where.host, where.port) for _ in range(300)]
    for _, writer in open_ones:
        writer.write(sent)
    async with Visitor(house.url) as honest:
        with waited("the page beside 300 connections that ask nothing"):
            assert await honest.get("/") == 200
        async with asyncio.timeout(30):
            for reader, _ in open_ones:
                with suppress(ConnectionError):
                    assert await reader.read() == b""
        assert await honest.get("/health") == 200
    for _, writer in open_ones:
        writer.close()
