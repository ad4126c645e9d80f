"""Calls over HTTP: what is known of a message whose call was not answered, and where it goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import pytest
from aiohttp import web
from telegram.error import TelegramError
from telegram.request import RequestData

from bot.channels.base import SendError, TryLater, Uncertain
from bot.channels.telegram.client import send_error
from bot.channels.telegram.request import Parameters, Request

DATA = cast(RequestData, Parameters({"chat_id": 7, "text": "Dag"}))


class Server:
    """Answers each call when it is `let`."""

    def __init__(self, status: int = 200) -> None:
        self.asked: list[str] = []
        self.came, self.let = asyncio.Event(), asyncio.Event()
        self._status = status
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path)
        self.came.set()
        await self.let.wait()
        headers = {"Location": "/elsewhere"} if self._status == 302 else {}
        return web.json_response({"ok": True, "result": 1}, status=self._status, headers=headers)


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[Server]:
    runner = web.ServerRunner(web.Server(server.answer), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.let.set()
        await runner.cleanup()


async def meant(request: Request, url: str, reading: float) -> SendError:
    """What a failed call means for its message."""
    with pytest.raises(TelegramError) as caught:
        await request.post(url, DATA, read_timeout=reading)
    return send_error(caught.value)


async def test_an_answer_that_does_not_come_in_time_leaves_it_uncertain() -> None:
    request = Request(1, 5.0)
    async with serving(Server()) as server:
        assert isinstance(await meant(request, server.url, 0.01), Uncertain)
    await request.shutdown()


async def test_a_call_that_gets_no_connection_in_time_was_not_sent() -> None:
    request = Request(1, 30.0)
    async with serving(Server()) as server:
        first = asyncio.create_task(request.post(server.url, DATA, read_timeout=30.0))
        await server.came.wait()
        request.connecting = 0.01
        assert isinstance(await meant(request, server.url, 30.0), TryLater)
        assert len(server.asked) == 1
        server.let.set()
        assert await first == 1
    await request.shutdown()


@pytest.mark.parametrize("url", ["http://", "telegram", "ftp://127.0.0.1/"])
async def test_an_address_that_is_none_was_not_called(url: str) -> None:
    request = Request(1, 5.0)
    assert isinstance(await meant(request, url, 5.0), TryLater)
    await request.shutdown()


async def test_an_answer_that_points_elsewhere_is_not_followed() -> None:
    request, server = Request(1, 5.0), Server(302)
    server.let.set()
    async with serving(server):
        assert isinstance(await meant(request, server.url, 5.0), Uncertain)
        assert len(server.asked) == 1
    await request.shutdown()


@pytest.mark.parametrize("names", [("http_proxy",), ("HTTP_PROXY",), ("http_proxy", "no_proxy")])
async def test_a_call_goes_through_the_proxy_of_the_environment(
    names: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    request, proxy, server = Request(1, 5.0), Server(), Server()
    proxy.let.set()
    server.let.set()
    async with serving(proxy), serving(server):
        for name in names:
            monkeypatch.setenv(name, "127.0.0.1" if name == "no_proxy" else proxy.url)
        assert await request.post(f"{server.url}/bot1:x/getMe", DATA) == 1
        through, at = (server, proxy) if "no_proxy" in names else (proxy, server)
        assert (len(through.asked), at.asked) == (1, [])
    await request.shutdown()


def test_the_client_of_the_library_is_read_when_somebody_uses_it() -> None:
    code = """
import sys, bot.channels.telegram
from telegram.request import HTTPXRequest
before = "httpx" in sys.modules
request = HTTPXRequest()
import httpx
print(before, isinstance(request._client, httpx.AsyncClient))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]
