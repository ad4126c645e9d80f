"""Turns per second over the Bot API on loopback: whole interviews, everything kept and encrypted,
beside a bare aiohttp bot that echoes and keeps nothing. Both talk with the same server, which takes
most of the time; the bot's own processor time per turn is the figure to watch.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.bots import UNPACED, configure, python
from tests.botapi import BotApi, User
from tests.end_to_end.scripts import BRIEF, Deed, Say

PEOPLE = 64
ROUNDS = 5
ECHOED: Sequence[Deed] = tuple(Say(f"Bericht {number}") for number in range(len(BRIEF)))


@dataclass(frozen=True)
class Result:
    """Turns a second, and milliseconds of processor time of the bot for each."""

    per_second: float
    cpu_ms: float


async def person(user: User, script: Sequence[Deed]) -> None:
    for deed in script:
        if isinstance(deed, Say):
            await user.send(deed.text)
        else:
            await user.tap(deed.label, timeout=60)
        await user.wait_for("", timeout=60)


async def run(folder: Path, script: Sequence[Deed], *command: str) -> Result:
    async with BotApi() as api:
        configure(folder, api)
        arguments = [each.replace("{url}", f"{api.url}/bot{api.token}") for each in command]
        async with python(folder, *arguments) as process:
            await person(api.user("Early"), script[:1])
            bot = psutil.Process(process.pid)
            used, began = sum(bot.cpu_times()[:2]), time.monotonic()
            users = [api.user(f"Person {number}") for number in range(PEOPLE)]
            await asyncio.gather(*(person(user, script) for user in users))
            took = time.monotonic() - began
            turns = PEOPLE * len(script)
            return Result(turns / took, 1000 * (sum(bot.cpu_times()[:2]) - used) / turns)


async def measure() -> None:
    ours, echo = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            ours.append(await run(Path(name), BRIEF, "-c", UNPACED))
            echo.append(await run(Path(name), ECHOED, "-m", "benchmarks.echo", "{url}"))
    median = statistics.median
    for name, results in (("vertelbot", ours), ("echo", echo)):
        speed = median(result.per_second for result in results)
        cpu = median(result.cpu_ms for result in results)
        print(f"{name:10} {speed:7.0f} turns a second {cpu:7.2f} ms of processor time each")
    ratios = [one.per_second / other.per_second for one, other in zip(ours, echo, strict=True)]
    print(f"ratio {median(ratios):.2f} (median of {ROUNDS} rounds, {PEOPLE} people at once)")


if __name__ == "__main__":
    asyncio.run(measure())
