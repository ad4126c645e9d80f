"""A durable step as one statement of PostgreSQL on asyncpg, committed by itself: was the update
seen, the answer, where the conversation is, the message to send. No bot, no words, no encryption.
Arguments: the URL of the database and how many steps are in flight."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from benchmarks.contenders import Figures, Rounds, serve

STEPS = 20
TABLES = """
CREATE TABLE IF NOT EXISTS seen (id bigint PRIMARY KEY, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS place (person bigint PRIMARY KEY, state text);
CREATE TABLE IF NOT EXISTS answer (id bigserial PRIMARY KEY, person bigint, text text);
CREATE TABLE IF NOT EXISTS message (id bigserial PRIMARY KEY, person bigint, text text,
                                    state text DEFAULT 'pending');
"""
STEP = """
WITH new AS (INSERT INTO seen (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id),
     given AS (INSERT INTO answer (person, text) SELECT $2, $3 FROM new),
     moved AS (INSERT INTO place (person, state) SELECT $2, $4 FROM new
               ON CONFLICT (person) DO UPDATE SET state = excluded.state)
INSERT INTO message (person, text) SELECT $2, $5 FROM new RETURNING id
"""


@asynccontextmanager
async def contender(url: str, flight: str = "64") -> AsyncIterator[Rounds]:
    people = int(flight)
    async with asyncpg.create_pool(url, min_size=people, max_size=people) as pool:
        await pool.execute(TABLES)
        await pool.execute("TRUNCATE seen, place, answer, message")
        updates = iter(range(1, 10**9))

        async def person(number: int) -> None:
            for _ in range(STEPS):
                values = (next(updates), number, "x" * 70, "s" * 900, "Nog iets? " * 10)
                await pool.fetchval(STEP, *values)

        async def one_round() -> Figures:
            began = time.perf_counter()
            await asyncio.gather(*(person(number) for number in range(people)))
            return {"per_second": people * STEPS / (time.perf_counter() - began)}

        yield one_round


if __name__ == "__main__":
    serve(contender)
