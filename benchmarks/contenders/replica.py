"""One of several Vertelbots on one PostgreSQL. Updates, calls and their answers go as lines of JSON
over a socket. Arguments: the socket, the URL of the database, and the folder of the key."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.contenders.vertelbot import running
from bot.app import App
from bot.channels.telegram.channel import Telegram
from bot.operations.poll_leader import PollLeader

LONGEST = 2**20


class Line:
    """The people are at the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[str]] = {}

    async def call(self, method: str, params: Mapping[str, Any]) -> bytes:
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        call = {"number": number, "method": method, "params": dict(params)}
        self._writer.write(json.dumps(call).encode() + b"\n")
        return (await self._asked[number]).encode()

    async def receive(self, app: App) -> None:
        """Every update by itself, as a webhook gets them, until the line is cut."""
        assert isinstance(app.telegram, PollLeader)
        telegram: Telegram = app.telegram.telegram
        tasks = set()
        self._writer.write(b"{}\n")
        while said := await self._reader.readline():
            data = json.loads(said)
            if "answer" in data:
                answered = self._asked.pop(data["number"])
                if not answered.done():  # whoever asked may have waited too long
                    answered.set_result(data["answer"])
            else:
                task = asyncio.create_task(telegram.take([data], app.runner.accept))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        raise EOFError


async def main(socket: str, url: str, folder: str) -> None:
    line = Line(*await asyncio.open_unix_connection(socket, limit=LONGEST))
    async with running(Path(folder), line, url, line.receive):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
