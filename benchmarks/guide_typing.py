"""How long an author waits for the check while typing, and how long tellers wait beside it:
`python -m benchmarks.guide_typing [--rounds N]`.

A Vertelbot in a process of its own. What is typed in a step of the longest guide, what is typed in
its whole text, the page of its steps and a save are asked for in turn; beside them `/health`, which
is answered by the same loop as every chat, every 5 milliseconds. Beside the slowest answer there
stands the slowest while nobody types. Exit code 1 when an answer about words takes more than 0.3 s
in the middle, or one about structure more than 2 s.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks.coordinator_pages import CSRF, Server, served, waiting_beside
from bot.authoring.guide_desk import shipped_texts

GUIDE = "resident"
HERE = "/coordinator/guides"
STEP = {
    "step": "feeling", "shown": "yes", "kind": "choices", "short": "Gevoel", "max": "2",
    "skip": "yes",
}  # fmt: skip
MOST = {"words of a step": 0.3, "the whole text": 2.0}
"""Seconds that an answer may take."""

Ask = Callable[[int], Awaitable[None]]


async def measure(rounds: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), 20) as server:
            cookies = {"vertelbot_coordinator": server.sessions["association"]}
            async with aiohttp.ClientSession(cookies=cookies) as session:
                return await _measure(server, session, rounds)


async def _measure(server: Server, session: aiohttp.ClientSession, rounds: int) -> bool:
    url, text = f"{server.url}{HERE}", shipped_texts()[GUIDE]
    async with session.get(f"{url}/{GUIDE}/text") as answer:
        found = CSRF.search(await answer.text())
    form = {"csrf": found[1] if found else ""}

    async def post(path: str, **more: str) -> None:
        async with session.post(
            f"{url}{path}", data={**form, **more}, headers={"Origin": server.url}
        ) as answer:
            assert answer.status == 200, (path, answer.status, await answer.text())

    async def words(n: int) -> None:
        await post(f"/check?guide={GUIDE}", **STEP, say=f"Wat voelde u toen {n}?")

    async def whole(n: int) -> None:
        await post(f"/check?guide={GUIDE}", text=text.replace("Trots", f"Trots {n}"))

    async def steps(_n: int) -> None:
        async with session.get(f"{url}/{GUIDE}") as answer:
            assert answer.status == 200

    async def save(n: int) -> None:
        typed = {"revision": str(n), "text": text.replace("Trots", f"Trots {n}")}
        await post(f"/{GUIDE}/text", **typed)

    asks: dict[str, Ask] = {
        "words of a step": words, "the whole text": whole, "the list of steps": steps,
        "a save": save,
    }  # fmt: skip
    fine = True
    for name, ask in asks.items():
        taken, beside, alone, cpu = await _beside(server, ask, rounds)
        fine &= median(taken) <= MOST.get(name, 10)
        print(
            f"{name:18} median {1000 * median(taken):6.0f} ms, slowest {1000 * max(taken):6.0f}, "
            f"processor {1000 * cpu:4.0f}; "
            f"/health beside it: slowest {1000 * beside:5.0f}, alone {1000 * alone:5.0f}",
            flush=True,
        )
    return fine


async def _beside(server: Server, ask: Ask, rounds: int) -> tuple[list[float], float, float, float]:
    """How long each answer took; the slowest of /health beside them and while nobody asks; and the
    processor time of one, with what /health used taken off."""
    taken: list[float] = []
    async with waiting_beside(server, seconds=2) as beside:
        beside.begin()
        for n in range(rounds):
            start = time.perf_counter()
            await ask(n)
            taken.append(time.perf_counter() - start)
        cpu, _ = beside.spent()
    return taken, beside.slowest, beside.alone, max(0.0, cpu) / rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    sys.exit(not asyncio.run(measure(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
