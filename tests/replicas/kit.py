"""Two Vertelbots on one PostgreSQL, with one key and one Bot API server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.base import Arrival
from conversations.engine.events import Said
from tests.botapi import BotApi
from tests.end_to_end.kit import House, MovableClock, running

TO_THE_STORY = ("Een inwoner", "Ja, ik doe mee", "Ja, 16 of ouder", "Wat goed ging")


@asynccontextmanager
async def replicas(
    folder: Path, api: BotApi, url: str, count: int = 2
) -> AsyncIterator[list[House]]:
    """So many of them, with one clock."""
    clock = MovableClock()
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(running(folder, api, url, clock)) for _ in range(count)
        ]


async def begin(house: House, name: str = "Alice") -> int:
    """Someone comes as far as the story; the id of the chat."""
    phone = house.phone(name)
    await phone.say("/start")
    await phone.tap(*TO_THE_STORY)
    return phone.user.id


def typed(chat: int, number: int, text: str) -> Arrival:
    """A message as an update brings it."""
    return Arrival("telegram", f"typed-{chat}-{number}", str(chat), Said(text, ref=f"r{number}"))


class Pages:
    """The pages of one browser, at several processes."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def open(self, house: House) -> aiohttp.ClientWebSocketResponse:
        """Load the page at a process, connect, say hello."""
        async with self.session.get(house.url) as answer:
            await answer.read()
        socket = await self.session.ws_connect(f"{house.url}/ws", headers={"Origin": house.url})
        await socket.send_json({"t": "hello", "after": 0, "page": f"p{id(socket)}"})
        return socket


@asynccontextmanager
async def browser() -> AsyncIterator[Pages]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Pages(session)


async def shown(socket: aiohttp.ClientWebSocketResponse, words: str) -> dict[str, Any]:
    """The first row with these words."""
    while True:
        frame: dict[str, Any] = await socket.receive_json(timeout=30)
        if frame["t"] == "row" and words in str(frame.get("text")):
            return frame
