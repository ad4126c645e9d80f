"""How long it takes from `vertelbot run` to the first answer, and what it takes at rest.

Beside it: importing the libraries that a bot like this cannot do without, and nothing more.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.bots import configure, python
from tests.botapi import BotApi

ROUNDS = 5
LIBRARIES = "import aiohttp, cryptography.fernet, sqlmodel, telegram"
REST = 5.0
"""Seconds of silence before memory is measured."""


async def first_answer(folder: Path, first_update: int) -> tuple[float, float]:
    """Seconds until a person who wrote before the start is answered, and megabytes at rest."""
    async with BotApi(first_update=first_update) as api:
        configure(folder, api)
        alice = api.user("Alice")
        await alice.send("/start")
        began = time.monotonic()
        async with python(folder, "-m", "bot", "run") as process:
            await alice.wait_for("Wie vertelt er?", timeout=60)
            took = time.monotonic() - began
            await asyncio.sleep(REST)
            return took, psutil.Process(process.pid).memory_info().rss / 2**20


async def imports(folder: Path) -> float:
    began = time.monotonic()
    async with python(folder, "-c", LIBRARIES) as process:
        await process.wait()
    return time.monotonic() - began


async def compared(rounds: int = ROUNDS) -> tuple[float, float, float]:
    """The medians: seconds to the first answer on a store that is there, megabytes at rest, and
    seconds to import the libraries."""
    again, alone, rest = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await first_answer(folder, 1000)
        for number in range(rounds):
            took, memory = await first_answer(folder, 2000 + 1000 * number)
            again.append(took)
            rest.append(memory)
            alone.append(await imports(folder))
    return statistics.median(again), statistics.median(rest), statistics.median(alone)


async def measure() -> None:
    began, rest, alone = await compared()
    print(f"to the first answer       {began:6.2f} s")
    print(f"importing four libraries  {alone:6.2f} s")
    print(f"ratio                     {began / alone:6.2f}")
    print(f"memory at rest            {rest:6.0f} MB")


if __name__ == "__main__":
    asyncio.run(measure())
