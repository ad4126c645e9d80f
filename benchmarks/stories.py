"""Overview, list and digest over a million stories, on SQLite and on PostgreSQL.

`python -m benchmarks stories` prints how long each takes and how much more memory it needs at its
most. The stories are numbers, with a short sealed text each. STORIES in the environment
sets another number, STORES names one of both databases.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import insert, text

from bot.coordinators.digest.facts import digest, publish, publish_unread
from bot.coordinators.digest.gaps import PROMISES
from bot.guides import GuideStore
from bot.helper.tasks import InProcess
from bot.services import Services
from bot.settings import Settings
from conversations.guide.loading import load_guides
from storage.coordinators import teams
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot, Transaction
from storage.gate import publications
from storage.gate.rules import ALL
from storage.stories import consents, reading
from storage.stories.movements import MOVEMENTS
from storage.stories.permissions import ASSOCIATION, EVERYONE, NOBODY
from storage.stories.stories import STORY
from storage.weeks import quarter_before, quarter_of, weeks_before
from tests.storage.stores import Postgres, Store, consent, open_store

STORIES = 1_000_000
MUNICIPALITIES = 342
TEAMS = 2 * MUNICIPALITIES
WEEKS = 104
BATCH = 20_000
LAST = "2026-W47"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
GUIDES = (("resident", "resident"), ("professional", "professional"))
FEELINGS = ("glad", "angry", "hopeful", "powerless", "unsure", "relieved", "proud", "sad")
REPEAT = 5


def answers(rng: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {
        "promise": rng.sample(PROMISES, rng.choice((1, 1, 2))),
        "feeling": [rng.choice(FEELINGS)],
        "need_met": [rng.choice(("yes", "partly", "no"))],
    }
    for movement in MOVEMENTS:
        if rng.random() < 0.7:
            made[movement] = rng.randint(0, 100)
    return made


@dataclass(frozen=True, slots=True)
class Told:
    """The closed part of a story."""

    week: str
    guide: str
    team: str
    municipality: str
    language: str
    kind: str
    channel: str
    answers: dict[str, Any]


def stories(count: int) -> Iterator[Told]:
    rng = random.Random(1)
    for _ in range(count):
        guide, kind = rng.choice(GUIDES)
        yield Told(
            week=weeks_before(LAST, rng.randrange(WEEKS)),
            guide=guide,
            team=f"t{(team := rng.randrange(TEAMS))}",
            municipality=f"m{team // 2}",
            language="nl" if rng.random() < 0.93 else "en",
            kind=kind,
            channel=rng.choice(("telegram", "web")),
            answers=answers(rng),
        )


def fill(store: Store, count: int) -> Callable[[Transaction], None]:
    """Rows as `stories.keep` makes them; one consent and one sealed text serve all."""

    def work(connection: Transaction) -> None:
        record = consents.append(connection, "benchmark", consent())
        rows: list[dict[str, Any]] = []
        statement = insert(STORY)
        for number, each in enumerate(stories(count)):
            story_id = f"{number:032x}"
            words = {"channel": each.channel, "text": "-" * 400}
            sealed = store.vault.seal_json(f"story:{story_id}", words)
            rows.append(row(each, story_id, sealed, record, number))
            if len(rows) == BATCH:
                connection.execute(statement, rows)
                rows.clear()
        if rows:
            connection.execute(statement, rows)

    return work


def row(each: Told, story_id: str, sealed: bytes, record: str, number: int) -> dict[str, Any]:
    return {
        "id": story_id,
        "guide": each.guide,
        "fingerprint": "f00d",
        "language": each.language,
        "kind": each.kind,
        "team_id": each.team,
        "municipality": each.municipality,
        "week": each.week,
        "sealed": sealed,
        "answers": each.answers,
        "may_team": True,
        "coordinator_only": False,
        "may_network": number % 3 > 0,
        "may_quote": False,
        "may_relay": False,
        "sealed_return": None,
        "code_hash": story_id,
        "state": "kept",
        "reviewed": number % 20 > 0,
        "sealed_note": None,
        "due_on": None,
        "keep_record": record,
        "keep_purpose": "keep",
        "keep_answer": "yes",
    }


class Measured:
    """Runs work and prints how long it took and how much more memory it needed, at its most."""

    def __init__(self) -> None:
        self._process = psutil.Process()

    async def __call__(
        self, name: str, work: Callable[[], Awaitable[Any]], repeat: int = REPEAT
    ) -> None:
        """The first time counts for memory, the middle of all times for milliseconds."""
        gc.collect()
        before, took = self._process.memory_info().rss, []
        _forget_peak()
        for _ in range(repeat):
            began = time.perf_counter()
            await work()
            took.append((time.perf_counter() - began) * 1000)
        more = max(0, _peak() - before) / 1024**2
        print(f"  {name:48} {sorted(took)[repeat // 2]:10.1f} ms {more:8.1f} MB", flush=True)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """The most memory this process had since the peak was forgotten, in bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


async def prepare(url: str, folder: Path, count: int) -> None:
    """Fill a store."""
    store = await open_store(url, folder)
    began = time.perf_counter()
    await store.database.write(fill(store, count))
    await store.database.write(lambda c: teams.add(c, "Oost", "Zwolle"))
    await store.database.write(lambda c: c.execute(text("ANALYZE")))
    if not store.database.sqlite:  # as the server itself does after a while
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM")
    print(f"  filled in {time.perf_counter() - began:.0f} s", flush=True)
    store.close()


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[tuple[Store, Services]]:
    store = await open_store(url, folder)
    yield store, Services(store.vault, store.log, GuideStore(load_guides()), Settings())
    store.close()


async def leave(url: str, folder: Path) -> None:
    """What must leave through the gate before a digest can be read."""
    async with opened(url, folder) as (store, house):
        measured, helper = Measured(), InProcess(store.database, house)
        for name, audiences in (("association", (ASSOCIATION,)), ("team", ("t7", EVERYONE))):
            before = weeks_before(LAST, 1)
            await measured(
                f"first digest ever ({name})",
                partial(publish, store.database, helper, before, NOW - WEEK, audiences),
                repeat=1,
            )
            await measured(
                f"each Monday after that ({name})",
                partial(publish, store.database, helper, LAST, NOW, audiences),
                repeat=1,
            )
        await measured(
            "how many of a quarter nobody reads",
            lambda: publish_unread(store.database, house, quarter_before(quarter_of(LAST))),
            repeat=1,
        )


async def look(url: str, folder: Path) -> None:
    """What coordinators ask of a store."""
    chief = Coordinator("c1", "association", "", "Alice")
    team = Coordinator("c2", "team", "t7", "Bob")
    quarter = quarter_before(quarter_of(LAST))

    def overview(who: Coordinator) -> Callable[[Snapshot], Any]:
        return lambda s: (
            reading.counted(s, who),
            reading.waiting(s, who),
            publications.figures(s, NOBODY, [quarter], ALL),
        )

    async with opened(url, folder) as (store, house):
        measured, read = Measured(), store.database.read

        def told(who: Coordinator, scope: str) -> Callable[[Snapshot], Any]:
            return lambda s: digest(s, house, who, LAST, scope, NOW).json()

        await read(lambda s: s.execute(text("SELECT 1")))
        for who, scope in ((chief, ""), (team, "t7")):
            await measured(f"weekly digest ({who.role})", partial(read, told(who, scope)))
            await measured(f"overview ({who.role})", partial(read, overview(who)))
        everything = reading.Filters()
        await measured(
            "the newest 20,000 answers, for patterns",
            lambda: read(lambda s: len(reading.answered(s, chief, everything))),
        )


def main() -> None:
    if len(sys.argv) == 4:  # a process that did nothing else before, for the sake of its memory
        work, url, name = sys.argv[1:]
        asyncio.run({"leave": leave, "look": look}[work](url, Path(name)))
        return
    count = int(os.environ.get("STORIES", STORIES))
    load = os.getloadavg()[0]
    print(f"  {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load:.1f}")
    print(f"  {count:,} stories of {TEAMS} teams in {MUNICIPALITIES} municipalities, {WEEKS} weeks")
    with tempfile.TemporaryDirectory() as name:
        for kind in os.environ.get("STORES", "sqlite postgresql").split():
            folder = Path(name) / kind
            folder.mkdir()
            server = Postgres() if kind == "postgresql" else None
            try:
                url = server.fresh() if server else f"sqlite:///{folder}/stories.db"
                print(f"{kind}", flush=True)
                asyncio.run(prepare(url, folder, count))
                for work in ("leave", "look"):
                    command = [sys.executable, "-m", "benchmarks.stories", work, url, str(folder)]
                    subprocess.run(command, check=True)
            finally:
                if server:
                    server.close()


if __name__ == "__main__":
    main()
