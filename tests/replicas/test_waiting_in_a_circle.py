"""Two processes that write the same kinds of rows never wait for each other in a circle."""

from __future__ import annotations

import asyncio
import random
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.clock import Clock
from bot.delivery.outcomes import Outcomes
from bot.operations.metrics import Metrics
from storage.engine.transaction import Transaction
from storage.outbox import leases, outbox, queue
from storage.outbox.outbox import LastMessage, OutboxMessage
from storage.outbox.sent_marks import SentMark, SentMarks
from storage.people.people import Person
from storage.people.prefetch import Prefetch
from storage.replicas import pace
from storage.replicas.pace import Pace
from storage.stories import stories
from tests.storage.stores import NOW, WEEK, Store, consent, open_store, telling

PEOPLE = 8
PACE = Pace(1000)
GONE = "9"
"""A process that went with rows in hand."""


class Process:
    """One of two, with what it does at a moment: slots, a look at what is due and at what another
    one left, marks, what need not be sent, turns."""

    def __init__(self, store: Store, name: str) -> None:
        self.database, self.name = store.database, name
        self.marks = SentMarks(store.database)
        self.outcomes = Outcomes(store.database, Clock(), Metrics(), {})

    def at_once(
        self,
        people: list[Person],
        sent: list[SentMark],
        dropped: list[OutboxMessage],
        both: threading.Barrier,
    ) -> list[asyncio.Future[None]]:
        """Asked in the order that would hold most. `both` have their people before either goes on;
        it breaks when one waits for the other until then."""

        def turns(connection: Transaction) -> None:
            wanted = [(each.channel, each.address, f"{self.name}{each.id}") for each in people]
            Prefetch(connection, wanted, NOW, alone=False, marks=self.marks.keep_of)
            both.wait(timeout=20)
            for person in people:
                outbox.put(connection, person.id, {"text": "bewaard"}, 2, "say", "reply", NOW)
                stories.keep(connection, telling(), consent(), WEEK, person.id)

        def look(connection: Transaction) -> None:
            rows = queue.due(connection, NOW, 100, channel="telegram", owner=self.name)
            leases.claim(connection, rows, self.name, NOW + timedelta(minutes=2))

        def bury(connection: Transaction) -> None:
            leases.release(connection, {GONE}, NOW)

        def lease(connection: Transaction) -> None:
            pace.lease(connection, "telegram", PACE, 1, {})

        for row in dropped:
            self.outcomes.drop(row)
        return [
            *(self.marks.add(mark) for mark in sent),
            self.database.write(lease, last="slots:telegram"),
            self.database.write(look, last="rows"),
            self.database.write(bury, last="rows"),
            self.database.write(turns),
        ]


@pytest.mark.parametrize("seed", range(3))
async def test_batches_of_two_processes_never_wait_in_a_circle(
    store: Store, url: str, tmp_path: Path, seed: int
) -> None:
    dice, beside = random.Random(seed), await open_store(url, tmp_path)
    processes = [Process(store, "1"), Process(beside, "2")]
    people = [await store.person(str(number)) for number in range(PEOPLE)]
    before = deadlocks(url)
    try:
        for _ in range(4):
            marks: list[list[SentMark]] = [[], []]
            dropped: list[list[OutboxMessage]] = [[], []]
            for person in people:
                mine = dice.randrange(2)
                row = await store.database.write(partial(said, person=person, owner=str(mine + 1)))
                marks[mine].append(SentMark(row, person.id, str(mine + 1), 0, f"m{row}", NOW))
                await store.database.write(partial(said, person=person, owner=GONE, turn=3))
                owner = str(mine + 1)
                row = await store.database.write(partial(said, person=person, owner=owner, turn=4))
                dropped[mine].append(in_hand(row, person, owner))
            dice.shuffle(people)
            both = threading.Barrier(2)
            halves = people[: PEOPLE // 2], people[PEOPLE // 2 :]
            done = [
                process.at_once(its, sent, superfluous, both)
                for process, its, sent, superfluous in zip(
                    processes, halves, marks, dropped, strict=True
                )
            ]
            async with asyncio.timeout(60):
                await asyncio.gather(*done[0], *done[1])
        async with asyncio.timeout(60):
            while any(row.turn == 4 for row in await rows_of(store, people)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        rows = await rows_of(store, people)
        assert {row.state for row in rows if row.turn == 1} == {"sent"}
    finally:
        beside.close()
    assert deadlocks(url) == before


async def rows_of(store: Store, people: list[Person]) -> list[LastMessage]:
    return [
        row
        for person in people
        for row in await store.database.read(partial(outbox.log, person_id=person.id))
    ]


def in_hand(row_id: int, person: Person, owner: str) -> OutboxMessage:
    to = person.id, person.channel, person.address, "nl"
    return OutboxMessage(row_id, *to, 4, "say", "reply", {}, 0, owner)


def said(connection: Transaction, person: Person, owner: str, turn: int = 1) -> int:
    """A reply in the hands of its process."""
    place = outbox.Slot(outbox.new_ids(connection, 1)[0], owner, NOW + timedelta(minutes=2))
    text = {"text": "vraag"}
    return outbox.put(connection, person.id, text, turn, "say", "reply", NOW, place=place)


def deadlocks(url: str) -> int:
    """How often this server undid a transaction because two waited for each other."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        found = connection.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchone()
    assert found is not None
    return int(found[0])
