"""A Vertelbot that starts on the store of one that was killed, answers one person and is killed.
Arguments: the folder and, the first time, how many conversations are open. Prints the seconds."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

from benchmarks.contenders.vertelbot import fill, running
from benchmarks.people import UNTIL_TELLING, Api


async def recover(folder: Path, count: int) -> None:
    api = Api()
    first = time.time_ns()
    began = time.perf_counter()
    async with running(folder, api) as app:
        api.start_at(first % 10**12)
        if count:
            await fill(app, count)
        await api.round(1, (), UNTIL_TELLING[:1])
        print(json.dumps({"seconds": time.perf_counter() - began - 0.15}), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(recover(Path(sys.argv[1]), int(sys.argv[2])))
