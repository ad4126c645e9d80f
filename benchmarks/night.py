"""Hours of telling, and processes that are killed meanwhile: `python -m benchmarks.night`.

People tell one story after the other to Vertelbots that are processes of their own, before a Bot
API server that keeps its limits. `--minutes 30` is a night of load on SQLite; `--postgres
--replicas 2 --kill-every 10 --stories 1 --people 200` kills one of two processes every ten seconds
while 200 people tell. What they saw is counted: stories kept, messages that came twice, waits.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from benchmarks.bots import vertelbot
from conversations.guide.dwell_times import DWELL
from tests.botapi import BotApi, User
from tests.botapi.faults import Limits
from tests.botapi.world import Message
from tests.end_to_end.scripts import BRIEF, Say
from tests.storage.stores import Postgres

PATIENCE = 180.0
"""Seconds after which a person without an answer is thought to have been left in silence."""
LOOKS = DWELL.weighty / 1000 + 0.3
"""Seconds that a person looks at buttons before one is tapped: sooner would not count."""
TOO_SOON = "Dat ging heel snel"
"""How an answer begins that asks to tap again: to a tap on a copy that was sent just before a kill,
of which nobody knows when it was first seen."""
LOOK_EVERY = 10.0


@dataclass
class Seen:
    """What the people saw, and what the processes took."""

    told: int = 0
    kept: int = 0
    silent: int = 0
    twice: int = 0
    again: int = 0
    messages: int = 0
    kills: int = 0
    waits: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def report(self, seconds: float) -> str:
        waits = sorted(self.waits)
        shown = self.megabytes[:: max(1, len(self.megabytes) // 12)]
        return "\n".join(
            [
                f"{self.told:,} stories told in {seconds:,.0f} s, {self.kills} times killed",
                f"  kept              {self.kept:8,}",
                f"  left in silence   {self.silent:8,}",
                f"  messages          {self.messages:8,}, of which {self.twice:,} came twice",
                f"  asked to tap again{self.again:8,}",
                f"  wait for an answer{statistics.median(waits):8.2f} s, "
                f"95 % {waits[int(0.95 * len(waits))]:.2f} s, longest {waits[-1]:.1f} s",
                "  memory            " + " ".join(f"{each:.0f}" for each in shown) + " MB",
            ]
        )


class Replicas:
    """Vertelbots on one database, each a process that is started again when it was killed."""

    def __init__(self, api: BotApi, folder: Path, url: str) -> None:
        self.start_one = partial(vertelbot, api, folder, url)
        self.processes: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        self.processes.append(await self.start_one())

    async def kill_oldest(self) -> None:
        """And start another one in its place."""
        process = self.processes.pop(0)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await self.start()

    async def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.terminate()
        await asyncio.gather(*(process.wait() for process in self.processes))

    def megabytes(self) -> float:
        """The resident memory of the largest process."""
        sizes = [0.0]
        for process in self.processes:
            with suppress(psutil.Error):
                sizes.append(psutil.Process(process.pid).memory_info().rss / 2**20)
        return max(sizes)


async def person(user: User, seen: Seen) -> None:
    """Tell one story."""
    for deed in BRIEF:
        began = time.monotonic()
        try:
            if isinstance(deed, Say):
                await user.send(deed.text)
                await user.wait_for("", timeout=PATIENCE)
            else:
                while await tap(user, deed.label) == TOO_SOON:
                    seen.again += 1
        except TimeoutError:
            seen.silent += 1
            return
        seen.waits.append(time.monotonic() - began)
    seen.told += 1


async def tap(user: User, label: str) -> str:
    """Tap a button, and what came of it: `TOO_SOON`, or nothing of that kind. A copy of what was
    there before is no answer."""
    await user.tap(label, timeout=PATIENCE, after=LOOKS)
    before = {_read(message) for message in user.messages}

    def answers(message: Message) -> bool:
        return message.text.startswith(TOO_SOON) or _read(message) not in before

    answer = await user.wait_for(answers, timeout=PATIENCE)
    return answer.text[: len(TOO_SOON)]


def _read(message: Message) -> tuple[str, tuple[str, ...]]:
    return message.text, tuple(message.labels)


async def live(options: argparse.Namespace, folder: Path, url: str) -> tuple[Seen, float]:
    seen, numbers = Seen(), itertools.count(1)
    limits = None if options.unlimited else Limits()
    async with BotApi(limits=limits) as api:
        users: list[User] = []
        replicas = Replicas(api, folder, url)
        for _ in range(options.replicas):
            await replicas.start()
            await asyncio.sleep(3)
        began = time.monotonic()
        end = began + 60 * options.minutes

        async def tell() -> None:
            for told in itertools.count():
                enough = told >= options.stories if options.stories else time.monotonic() >= end
                if enough:
                    return
                users.append(api.user(f"P{next(numbers)}"))
                await person(users[-1], seen)

        try:
            async with beside(looking(seen, replicas), killing(seen, replicas, options.kill_every)):
                await asyncio.gather(*(tell() for _ in range(options.people)))
            seconds = time.monotonic() - began
            await asyncio.sleep(3)
        finally:
            await replicas.stop()
    for user in users:
        shown = [_read(message) for message in user.messages]
        seen.messages += len(shown)
        seen.twice += sum(one == other for one, other in itertools.pairwise(shown))
    seen.kept = kept(url)
    return seen, seconds


async def looking(seen: Seen, replicas: Replicas) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        seen.megabytes.append(replicas.megabytes())


async def killing(seen: Seen, replicas: Replicas, every: float) -> None:
    while every:
        await asyncio.sleep(every)
        await replicas.kill_oldest()
        seen.kills += 1


@asynccontextmanager
async def beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """These run along, until the block is over."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def kept(url: str) -> int:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM story")).scalar_one())


@contextmanager
def database(folder: Path, *, postgres: bool) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder}/vertelbot.db"
        return
    server = Postgres()
    try:
        yield server.fresh()
    finally:
        server.close()


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=40, help="how many tell at the same time")
    parser.add_argument("--stories", type=int, default=0, help="each, in place of the minutes")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=0, help="seconds; 0: never")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--unlimited", action="store_true", help="the server keeps no limits")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(folder, postgres=options.postgres) as url:
            seen, seconds = asyncio.run(live(options, folder, url))
    print(seen.report(seconds))


if __name__ == "__main__":
    main()
