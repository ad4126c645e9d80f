"""Posts updates to a webhook from a process of its own, over a connection for each person."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence

import aiohttp

SECRET = "benchmark-benchmark"  # noqa: S105 - of nothing
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TEXTS = 20
"""Messages of each person."""


async def posted(url: str, people: Sequence[int]) -> dict[str, float]:
    """What came of it: answers a second, and how long they took."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.contenders.poster", url, json.dumps(people)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    figures: dict[str, float] = json.loads(output)
    return figures


async def _person(url: str, chat: int, number: int, waits: list[float]) -> None:
    user = {"id": chat, "is_bot": False, "first_name": "Alice", "language_code": "nl"}
    async with aiohttp.ClientSession(headers={HEADER: SECRET}) as session:
        for place in range(TEXTS):
            message = {
                "message_id": 5_000_000 + number * TEXTS + place,
                "date": 1_795_000_000,
                "chat": {"id": chat, "type": "private", "first_name": "Alice"},
                "from": user,
                "text": f"Deel {place}: ik belde op maandag, en er kwam iemand langs.",
            }
            update = {"update_id": chat * 1000 + place, "message": message}
            began = time.perf_counter()
            async with session.post(url, json=update) as response:
                await response.read()
                if response.status != 200:
                    raise RuntimeError(f"the webhook answered {response.status}")
            waits.append(time.perf_counter() - began)


async def _post(url: str, people: Sequence[int]) -> None:
    waits: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_person(url, chat, number, waits) for number, chat in enumerate(people)))
    took, waits = time.perf_counter() - began, sorted(waits)
    p99 = waits[int(len(waits) * 0.99)]
    print(json.dumps({"per_second": len(waits) / took, "p99_ms": p99 * 1e3}))


if __name__ == "__main__":
    asyncio.run(_post(sys.argv[1], json.loads(sys.argv[2])))
