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


async def measure() -> None:
    fresh, again, alone, rest = [], [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            fresh.append((await first_answer(folder, 1000))[0])
            took, memory = await first_answer(folder, 2000)
            again.append(took)
            rest.append(memory)
            alone.append(await imports(folder))
    median = statistics.median
    print(f"to the first answer, new store    {median(fresh):6.2f} s")
    print(f"to the first answer, filled store {median(again):6.2f} s")
    print(f"importing four libraries          {median(alone):6.2f} s")
    print(f"ratio (filled store / imports)    {median(again) / median(alone):6.2f}")
    print(f"memory at rest                    {median(rest):6.0f} MB")


if __name__ == "__main__":
    asyncio.run(measure())
