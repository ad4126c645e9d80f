"""Who stops lets turns end that were begun."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import Arrival
from bot.client_networks import ClientNetworks
from bot.operations.server import RunningTurns, Server
from bot.operations.slow_clients import SlowClients
from conversations.engine.events import Said
from tests.botapi import BotApi
from tests.end_to_end.kit import free_port, running


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
    begun = RunningTurns(turns.accept)
    await begun.wait_for_none(5)
    polling = asyncio.create_task(begun.accept([ARRIVAL], offset=1))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, turns.go.set)
    await begun.wait_for_none(5)
    assert turns.taken == [ARRIVAL]
    await polling


async def test_what_is_posted_is_not_unpacked() -> None:
    async def size(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    pages, port = web.Application(), free_port()
    pages.add_routes([web.post("/", size)])
    server = Server(pages, "127.0.0.1", port, asyncio.Event(), SlowClients(100, ClientNetworks()))
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
    begun = RunningTurns(turns.accept)
    polling = asyncio.create_task(begun.accept([ARRIVAL]))
    await asyncio.sleep(0)
    await begun.wait_for_none(0.05)
    assert turns.taken == []
    turns.go.set()
    await polling


async def test_who_brought_it_hears_when_it_fails() -> None:
    turns = Turns()
    turns.go.set()
    with pytest.raises(ValueError, match="offset"):
        await RunningTurns(turns.accept).accept([ARRIVAL], offset=13)


async def test_no_answer_tells_a_version_not_even_to_what_is_no_request(tmp_path: Path) -> None:
    async with BotApi() as api, running(tmp_path, api) as house:
        for line in (b"GET / HTTP/1.0", b"GET /nowhere HTTP/1.0", b"what?"):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.app.settings.web.port)
            writer.write(line + b"\r\n\r\n")
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            writer.close()
            assert b"\r\nserver: vertelbot\r\n" in head
            assert b"python" not in head
            assert b"aiohttp" not in head


async def test_a_calendar_may_be_as_large_as_one_that_is_fetched_and_a_larger_one_is_said(
    tmp_path: Path,
) -> None:
    async with (
        BotApi() as api,
        running(tmp_path, api) as house,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        await (await session.post(await house.app.login_link())).read()
        page = await (await session.get(f"{house.url}/coordinator/meetings")).text()
        (csrf, *_) = re.findall(r'name="csrf" value="([^"]+)"', page)
        for size, status, words in (
            (1_900_000, 400, ""),  # it is read, and no calendar
            (2_500_000, 413, "hooguit 2 MB"),
        ):
            form = aiohttp.FormData({"csrf": csrf})
            form.add_field("file", io.BytesIO(b"x" * size), filename="agenda.ics")
            answer = await session.post(f"{house.url}/coordinator/meetings/import", data=form)
            said = await answer.text()
            assert answer.status == status
            assert '<html lang="nl"' in said
            assert words in said
