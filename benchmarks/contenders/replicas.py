"""So many Vertelbots on one PostgreSQL, before the same 64 people, who tell a whole story; their
updates come to each of them in turn. Arguments: how many processes, and the URL of the database."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.replica import LONGEST
from benchmarks.people import Api
from tests.end_to_end.scripts import BRIEF

PEOPLE = 64
STORY = (*BRIEF[:6], *BRIEF[7:])
"""In one message. Two of them may share an answer, when the second is taken by a process that does
not know yet that the other one has sent it; and these people wait for each."""


async def hand_out(api: Api, lines: list[asyncio.StreamWriter]) -> None:
    """To every process in turn what the people do."""
    offset, turn = 0, itertools.cycle(lines)
    while True:
        for update in json.loads(await api.call("getUpdates", {"offset": offset}))["result"]:
            offset = update["update_id"] + 1
            next(turn).write(json.dumps(update).encode() + b"\n")


@asynccontextmanager
async def contender(count: str, url: str) -> AsyncIterator[Rounds]:
    api = Api()
    lines: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()

    async def answer(reader: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        while said := await reader.readline():
            call: dict[str, Any] = json.loads(said)
            if not call:
                lines.put_nowait(line)  # it is ready
                continue
            body = await api.call(call["method"], call["params"])
            answered = {"number": call["number"], "answer": body.decode()}
            line.write(json.dumps(answered).encode() + b"\n")

    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/people"
        server = await asyncio.start_unix_server(answer, socket, limit=LONGEST)
        bots, ready = [], []
        for _ in range(int(count)):
            command = ("-W", "ignore", "-m", "benchmarks.contenders.replica", socket, url, folder)
            bots.append(await asyncio.create_subprocess_exec(sys.executable, *command))
            ready.append(await lines.get())
        handing = asyncio.create_task(hand_out(api, ready))

        async def one_round() -> Figures:
            return (await api.round(PEOPLE, (), STORY)).figures()

        try:
            yield one_round
        finally:
            handing.cancel()
            for bot in bots:
                bot.kill()
                await bot.wait()
            server.close()


if __name__ == "__main__":
    serve(contender)
