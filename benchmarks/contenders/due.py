"""How long it takes to see that nothing is due, among so many messages of later (the argument), and
to count them for a scrape of the metrics."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.vertelbot import fill, running
from benchmarks.people import Api
from bot.operations.metrics import Metrics, MetricsPage
from storage.engine.transaction import Transaction
from storage.outbox.outbox import OUTBOX
from storage.people.people import PERSON

LOOKS = 20
AT_ONCE = 20_000


@asynccontextmanager
async def contender(count: str) -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as name:
        async with running(Path(name), Api()) as app:
            await fill(app, 1000)
            due = app.clock.now() + timedelta(days=1)

            def add(connection: Transaction, numbers: Sequence[int]) -> None:
                people = connection.execute(PERSON.select()).all()
                fixed = {"turn": 0, "kind": "say", "lane": "prompt", "state": "pending"}
                fixed |= {"sealed": b"x" * 200, "due_at": due, "attempts": 0, "ref": ""}
                rows = [{"person_id": people[n % 1000].id} for n in numbers]
                values = [{**fixed, **row, "queue": row["person_id"]} for row in rows]
                connection.execute(insert(OUTBOX), values)

            for first in range(0, int(count), AT_ONCE):
                numbers = range(first, min(first + AT_ONCE, int(count)))
                await app.database.write(partial(add, numbers=numbers))

            page = MetricsPage(Metrics(), app.database, app.clock, "")

            async def one_round() -> Figures:
                began = time.perf_counter()
                for _ in range(LOOKS):
                    await app.database.write(
                        lambda c: app.outbox.rows.found(
                            c, app.clock.now(), {name: [] for name in app.channels}
                        )
                    )
                looked, scrapes = (time.perf_counter() - began) / LOOKS, []
                for _ in range(LOOKS):
                    began = time.perf_counter()
                    await app.database.read(page._look)
                    scrapes.append(time.perf_counter() - began)
                return {"look_ms": looked * 1e3, "scrape_ms": statistics.median(scrapes) * 1e3}

            yield one_round


if __name__ == "__main__":
    serve(contender)
