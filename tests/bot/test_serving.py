"""Who stops lets turns end that were begun."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import Arrival
from bot.serving import Begun, Server
from conversations.events import Said
from tests.house.kit import free_port


class Turns:
    """Takes arrivals when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.taken: list[Arrival] = []

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        await self.go.wait()
        if offset == 13:
            raise ValueError("no such offset")
        self.taken += arrivals


ARRIVAL = Arrival("telegram", "1", "4711", Said("Dag"))


async def test_a_poll_is_broken_off_between_two_turns() -> None:
    turns = Turns()
    begun = Begun(turns.accept)
    await begun.finished(5)
    polling = asyncio.create_task(begun.accept([ARRIVAL], offset=1))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, turns.go.set)
    await begun.finished(5)
    assert turns.taken == [ARRIVAL]
    await polling


async def test_what_is_posted_is_not_unpacked() -> None:
    async def size(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    pages, port = web.Application(), free_port()
    pages.add_routes([web.post("/", size)])
    server = Server(pages, "127.0.0.1", port, asyncio.Event())
    await server.open()
    bomb = gzip.compress(bytes(500_000))
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{port}/", data=bomb, headers={"Content-Encoding": "gzip"}
            ) as answer,
        ):
            assert await answer.text() == str(len(bomb))
    finally:
        await server.close()


async def test_it_is_waited_for_with_an_end() -> None:
    turns = Turns()
    begun = Begun(turns.accept)
    polling = asyncio.create_task(begun.accept([ARRIVAL]))
    await asyncio.sleep(0)
    await begun.finished(0.05)
    assert turns.taken == []
    turns.go.set()
    await polling


async def test_who_brought_it_hears_when_it_fails() -> None:
    turns = Turns()
    turns.go.set()
    with pytest.raises(ValueError, match="offset"):
        await Begun(turns.accept).accept([ARRIVAL], offset=13)
