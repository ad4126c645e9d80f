"""Calls without a connection: a bot asks the Bot API server that runs in the same process.

Sockets, parsing of HTTP and both event loops around them cost far more than what most tests are
about. What a call means, what goes wrong on demand and what the bot makes of it stay the same;
the tests of the channel, of replicas and of whole processes call over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from msgspec.json import encode
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.channels.telegram.request import Parameters, Request
from tests.botapi.server import NEAR, BotApi, attached


class NearRequest(Request):
    """Requests that go to a server of this process where one of that address is near."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **how: Any
    ) -> tuple[int, bytes]:
        root, _, path = url.partition("/bot")
        api = NEAR.get(root) if method == "POST" else None
        if api is None:
            return await super().do_request(url, method, request_data, *args, **how)
        token, _, name = path.partition("/")
        await asyncio.sleep(0)  # others go on meanwhile, as they do while a call is under way
        try:
            async with asyncio.timeout(how.get("read_timeout")):
                status, body = await _asked(api, token, name, request_data)
        except TimeoutError:
            raise TimedOut from aiohttp.SocketTimeoutError()
        if status == 0:
            raise NetworkError("no answer") from aiohttp.ServerDisconnectedError()
        await asyncio.sleep(0)
        return status, json.dumps(body).encode()


async def _asked(
    api: BotApi, token: str, name: str, data: RequestData | None
) -> tuple[int, dict[str, Any]]:
    values: dict[str, Any] = {}
    if isinstance(data, Parameters):
        values |= json.loads(encode(data.values))
        values |= {key: file.field_tuple[:2] for key, file in data.files.items()}
    return await api.answer(token, name, attached(values))
