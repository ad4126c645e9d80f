"""The processes that are measured: `python -m benchmarks.contenders.NAME`, a round per line."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

Figures = dict[str, float]
Rounds = Callable[[], Awaitable[Figures]]


def serve(contender: Callable[..., AbstractAsyncContextManager[Rounds]]) -> None:
    """Set a contender up with the arguments of the command line; then do a round for every line of
    the standard input and print its figures as JSON."""

    async def serving() -> None:
        loop = asyncio.get_running_loop()
        async with contender(*sys.argv[1:]) as one_round:
            print("{}", flush=True)
            while await loop.run_in_executor(None, sys.stdin.readline):
                gc.collect()
                print(json.dumps(await one_round()), flush=True)

    logging.basicConfig(level=logging.ERROR)
    asyncio.run(serving())
