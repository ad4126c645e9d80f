"""Overview, list and digest over a million stories, on SQLite and on PostgreSQL.

`python -m benchmarks stories`. The stories are numbers only: what is sealed is not opened
here. STORIES in the environment sets another number.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, insert, text

from bot.coordinators.digest import digest, publish
from bot.house import House
from bot.settings import Settings
from bot.shelf import Shelf
from conversations.load import load_guides
from storage import consents, publications, reading, rollups, teams
from storage.coordinators import Coordinator
from storage.gate import ALL
from storage.rollups import ROLLUP, Counted
from storage.stories import STORY
from storage.weeks import quarter_before, quarter_of, weeks_before
from tests.storage.stores import Postgres, Store, consent, open_store

STORIES = 1_000_000
TEAMS = 700
WEEKS = 104
BATCH = 20_000
LAST = "2026-W47"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PROMISES = ("own_life", "context", "easy_access", "tailored", "together", "possible")
MOVEMENTS = (
    "movement_youth_0_100",
    "movement_problems_strengths",
    "movement_individual_collective",
    "movement_chains_networks",
)
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


def stories(count: int) -> Iterator[Counted]:
    rng = random.Random(1)
    for _ in range(count):
        guide, kind = rng.choice(GUIDES)
        yield Counted(
            week=weeks_before(LAST, rng.randrange(WEEKS)),
            guide=guide,
            team=f"t{rng.randrange(TEAMS)}",
            municipality="",
            language="nl" if rng.random() < 0.93 else "en",
            kind=kind,
            channel=rng.choice(("telegram", "web")),
            answers=answers(rng),
        )


def fill(store: Store, count: int) -> Callable[[Connection], None]:
    """Rows as `stories.keep` makes them; one consent and one sealed text serve all."""

    def work(connection: Connection) -> None:
        record = consents.append(connection, store.vault, "benchmark", consent())
        marks: Counter[tuple[str, str, str, str, str]] = Counter()
        rows: list[dict[str, Any]] = []
        statement = insert(STORY)
        for number, each in enumerate(stories(count)):
            for dimension, value in rollups.marks(each):
                marks[each.week, each.guide, each.team, dimension, value] += 1
            story_id = f"{number:032x}"
            rows.append(row(each, story_id, b"-" * 400, record, number))
            if len(rows) == BATCH:
                connection.execute(statement, rows)
                rows.clear()
        if rows:
            connection.execute(statement, rows)
        names = ("week", "guide", "team_id", "dimension", "value")
        counted = [{**dict(zip(names, key, strict=True)), "count": n} for key, n in marks.items()]
        for start in range(0, len(counted), BATCH):
            connection.execute(insert(ROLLUP), counted[start : start + BATCH])

    return work


def row(each: Counted, story_id: str, sealed: bytes, record: str, number: int) -> dict[str, Any]:
    return {
        "id": story_id,
        "guide": each.guide,
        "fingerprint": "f00d",
        "language": each.language,
        "kind": each.kind,
        "team_id": each.team,
        "municipality": None,
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


async def measure(name: str, work: Callable[[], Awaitable[Any]], repeat: int = REPEAT) -> None:
    """The middle of some runs, in milliseconds."""
    took = []
    for _ in range(repeat):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    print(f"  {name:48} {sorted(took)[len(took) // 2]:10.1f} ms", flush=True)


@contextmanager
def stopwatch(name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"  {name:48} {time.perf_counter() - began:10.1f} s", flush=True)


async def run(url: str, folder: Path, count: int) -> None:
    store = await open_store(url, folder)
    house = House(store.vault, store.log, Shelf(load_guides()), Settings())
    database = store.database
    with stopwatch(f"filling with {count:,} stories"):
        await database.write(fill(store, count))
        await database.write(lambda c: c.execute(text("ANALYZE")))
    await database.write(lambda c: teams.add(c, "Oost", "Zwolle"))
    size = await database.read(lambda s: s.execute(text("SELECT count(*) FROM rollup")).scalar())
    print(f"  rows of counts: {size:,}")
    chief = Coordinator("c1", "association", "", "Alice")
    team = Coordinator("c2", "team", "t7", "Bob")
    weeks = [weeks_before(LAST, back) for back in range(13)]
    quarter = quarter_before(quarter_of(LAST))
    with stopwatch("publishing the last quarter and 13 weeks, once"):
        await publish(database, house, LAST, NOW)
    gc.collect()
    before = psutil.Process().memory_info().rss
    await measure(
        "digest, all teams",
        lambda: database.read(lambda s: digest(s, house, None, LAST, "", NOW).json()),
    )
    await measure(
        "digest, one team",
        lambda: database.read(lambda s: digest(s, house, team, LAST, "t7", NOW).json()),
    )
    for who in (chief, team):
        await measure(
            f"overview ({who.role})",
            lambda w=who: database.read(  # type: ignore[misc]  # bound now
                lambda s: (
                    reading.counted(s, w, weeks[-1], weeks[0]),
                    reading.waiting(s, w),
                    publications.figures(s, [quarter], ALL),
                )
            ),
        )
        await measure(
            f"how many are readable ({who.role})",
            lambda w=who: database.read(  # type: ignore[misc]  # bound now
                lambda s: reading.readable(s, w)
            ),
        )
    await measure(
        "answers of the newest 20,000, for patterns",
        lambda: database.read(lambda s: reading.answered(s, chief, reading.Filters())),
    )
    more = (psutil.Process().memory_info().rss - before) / 1024**2
    print(f"  memory that all this took: {more:.0f} MB")
    store.close()


async def main() -> None:
    count = int(os.environ.get("STORIES", STORIES))
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps({"stories": count, "teams": TEAMS, "weeks": WEEKS}))
        folder = Path(name)
        for kind in ("sqlite", "postgresql"):
            print(kind, flush=True)
            (folder / kind).mkdir()
            if kind == "sqlite":
                await run(f"sqlite:///{folder}/stories.db", folder / kind, count)
            else:
                server = Postgres(folder / "server")
                try:
                    await run(server.fresh(), folder / kind, count)
                finally:
                    server.close()


if __name__ == "__main__":
    asyncio.run(main())
