"""One process polls at a time; another takes over within seconds, and the old one cannot write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot.channels.telegram.channel import Telegram
from bot.operations.poll_leader import PollLeader
from storage.replicas import presence
from storage.replicas.presence import Leadership, NotLeading, fence, leading
from tests.botapi import BotApi
from tests.channels.telegram.kit import Recorder
from tests.storage.stores import Store


class Candidate:
    """Wants to lead; tells when it does and when no more."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reign: Leadership | None = None
        self.leads = asyncio.Event()
        self.lost = asyncio.Event()

    async def run(self) -> None:
        async with leading(self._store.database) as self.reign:
            self.leads.set()
            await self.reign.last()
            self.lost.set()


@asynccontextmanager
async def candidate(store: Store) -> AsyncIterator[Candidate]:
    one = Candidate(store)
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "TRY_EVERY", 0.05)
    monkeypatch.setattr(presence, "BEATS", 0.2)
    monkeypatch.setattr(presence, "SILENT", 1)


async def put_out(store: Store) -> None:
    """What the server does when it restarts, or the network when it fails."""
    query = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    await store.database.write(lambda c: c.execute(query).all())


async def test_one_leads_and_the_next_takes_over_when_it_stops(store: Store) -> None:
    async with candidate(store) as second_try:
        async with candidate(store) as first:
            await asyncio.wait(
                {asyncio.ensure_future(e.wait()) for e in (first.leads, second_try.leads)},
                return_when=asyncio.FIRST_COMPLETED,
            )
            await asyncio.sleep(0.3)
            assert first.leads.is_set() != second_try.leads.is_set()
        async with asyncio.timeout(30):
            await second_try.leads.wait()


async def test_a_leader_that_loses_its_connection_knows_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at its next sign of life, which is an hour away here."""
    monkeypatch.setattr(presence, "BEATS", 3600)
    async with candidate(store) as only:
        await only.leads.wait()
        await asyncio.sleep(0.1)
        await put_out(store)
        async with asyncio.timeout(30):
            await only.lost.wait()


async def test_what_an_old_leader_writes_is_refused(store: Store) -> None:
    async with candidate(store) as old:
        await old.leads.wait()
        assert old.reign is not None
        epoch = old.reign.epoch
        await store.database.write(lambda c: fence(c, epoch))
        await put_out(store)
        await old.lost.wait()
    async with candidate(store) as new:
        await new.leads.wait()
        assert new.reign is not None
        assert new.reign.epoch == epoch + 1
        with pytest.raises(NotLeading):
            await store.database.write(lambda c: fence(c, epoch))


async def test_a_frozen_leader_is_put_out(store: Store) -> None:
    async with leading(store.database):  # gives no sign of life
        began = time.monotonic()
        async with candidate(store) as other, asyncio.timeout(30):
            await other.leads.wait()
        assert time.monotonic() - began > 0.9


async def test_a_read_that_fails_at_a_take_over_is_tried_again(store: Store) -> None:
    tries = 0

    async def load() -> int:
        nonlocal tries
        tries += 1
        query = text("SELECT 1" if tries > 1 else "SELECT pg_terminate_backend(pg_backend_pid())")
        await store.database.read(lambda session: session.execute(query))
        return 0

    recorder = Recorder()
    async with BotApi() as api:
        telegram = Telegram(api.token, api.url, load, poll=1)
        await api.user().send("dag")
        receiving = asyncio.create_task(PollLeader(telegram, store.database).run(recorder))
        arrived = asyncio.create_task(recorder.until(lambda: bool(recorder.events)))
        await asyncio.wait({receiving, arrived}, return_when=asyncio.FIRST_COMPLETED)
        assert not receiving.done()
        receiving.cancel()
        await asyncio.gather(receiving, arrived, return_exceptions=True)
        await telegram.close()
    assert (tries, len(recorder.events)) == (2, 1)
