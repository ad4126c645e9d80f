"""A process that was frozen longer than its lease neither sends a prompt again nor overwrites."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.base import Accept, Outgoing, TryLater, Uncertain
from bot.codec import effect_to_json
from bot.delivery import pacer
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.pacer import SharedPacer, telegram_paces
from bot.delivery.sender import RowSender
from bot.guides import GuideStore
from bot.operations.metrics import Metrics
from bot.services import Services
from bot.settings import Settings
from bot.wiring.pacers import pacer_of
from conversations.engine.effects import Say
from conversations.guide.loading import load_guides
from storage.engine.database import Database
from storage.outbox import outbox
from storage.outbox.leases import LEASE
from storage.outbox.outbox import Lane
from storage.replicas import pace
from storage.replicas.pace import Moved, Share
from storage.replicas.presence import Presence
from tests.botapi import BotApi, Limits
from tests.end_to_end.kit import MovableClock
from tests.replicas.kit import replicas
from tests.storage.stores import Store
from tests.waiting import until as until_so

_LIBRARY = load_guides()


class Slow:
    """A channel whose calls wait until they are let go."""

    name = "telegram"

    def __init__(self, calls: list[str], name: str) -> None:
        self.calls = calls
        self.who = name
        self.began = asyncio.Event()
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        self.calls.append(self.who)
        self.began.set()
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return f"by {self.who}"

    async def close(self) -> None: ...


class Process:
    """What sends, of one process."""

    def __init__(self, store: Store, clock: MovableClock, calls: list[str], name: str) -> None:
        self.database = Database(store.url)
        self.database.vault = store.vault
        self.database.start()
        self.channel = Slow(calls, name)
        house = Services(store.vault, store.log, GuideStore(_LIBRARY), Settings())
        self.presence = Presence(self.database, store.vault, self._heard)
        paces = {"telegram": SharedPacer(*telegram_paces(), self._lease)}
        channels = {"telegram": self.channel}
        self.outbox = Dispatcher(
            RowSender(self.database, house, clock, channels, paces, Metrics(), self.presence)
        )

    async def _heard(self, what: str, whom: str) -> None:
        if what == "halt":
            channel, seconds = whom.split()
            self.outbox.halt(channel, float(seconds))

    async def _lease(self, wanted: int, moved: Moved) -> Share:
        limits, _ = telegram_paces()
        return await self.database.write(lambda c: pace.lease(c, "telegram", limits, wanted, moved))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work) for work in (self.presence.run(), self.outbox.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(self.database.close)


async def put(store: Store, clock: MovableClock, lane: Lane) -> None:
    alice = await store.person()
    effect = effect_to_json(Say("Dag"))
    await store.database.write(
        lambda c: outbox.put(c, alice.id, effect, 1, "say", lane, clock.now())
    )


async def ending(store: Store) -> tuple[str, str]:
    def row(session: object) -> tuple[str, str]:
        found = session.execute(outbox.OUTBOX.select()).one()  # type: ignore[attr-defined]
        return found.state, found.ref

    return await store.database.read(row)


async def until(store: Store, state: str) -> None:
    async with asyncio.timeout(30):
        while not await _is(store, state):
            pass


async def _is(store: Store, state: str) -> bool:
    await asyncio.sleep(0.02)
    return (await ending(store))[0] == state


@pytest.mark.parametrize("error", [None, TryLater("later"), Uncertain("lost")])
async def test_a_reply_that_another_process_sent_meanwhile_stays_as_that_one_wrote_it(
    store: Store, error: Exception | None
) -> None:
    clock, calls = MovableClock(), list[str]()
    frozen, other = (Process(store, clock, calls, name) for name in ("frozen", "other"))
    await put(store, clock, "reply")
    async with frozen.running():
        await frozen.channel.began.wait()
        clock.move(seconds=LEASE.total_seconds() + 1)
        other.channel.go.set()
        async with other.running():
            await until(store, "sent")
            frozen.channel.error = error
            frozen.channel.go.set()
            await asyncio.sleep(0.3)
    assert calls == ["frozen", "other"]
    assert await ending(store) == ("sent", "by other")


async def test_a_broadcast_of_a_frozen_process_is_not_sent_by_another(store: Store) -> None:
    clock, calls = MovableClock(), list[str]()
    frozen, other = (Process(store, clock, calls, name) for name in ("frozen", "other"))
    await put(store, clock, "digest")
    async with frozen.running():
        await frozen.channel.began.wait()
        clock.move(seconds=LEASE.total_seconds() + 1)
        other.channel.go.set()
        async with other.running():
            await until(store, "uncertain")
            await asyncio.sleep(1.2)
            frozen.channel.go.set()
            await until(store, "sent")
    assert calls == ["frozen"]
    assert await ending(store) == ("sent", "by frozen")


async def test_a_process_that_was_frozen_before_the_call_does_not_make_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, calls = MovableClock(), list[str]()
    frozen, other = (Process(store, clock, calls, name) for name in ("frozen", "other"))
    waiting, thawed = asyncio.Event(), asyncio.Event()
    pacer = frozen.outbox.delivery.pacers["telegram"]
    prepare = pacer.prepare

    async def freeze() -> None:
        waiting.set()
        await thawed.wait()
        await prepare()

    monkeypatch.setattr(pacer, "prepare", freeze)
    await put(store, clock, "reply")
    frozen.channel.go.set()
    other.channel.go.set()
    async with frozen.running():
        await waiting.wait()
        clock.move(seconds=LEASE.total_seconds() + 1)
        async with other.running():
            await until(store, "sent")
            thawed.set()
            await asyncio.sleep(0.3)
    assert calls == ["other"]


async def refusals(api: BotApi, count: int) -> None:
    """Wait until so many calls were refused."""
    await until_so(lambda: sum(call.status == 429 for call in api.calls) >= count)


async def test_a_silence_that_one_process_hears_of_holds_for_both(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with BotApi() as api, replicas(tmp_path, api, url) as (one, two):
        for house in (one, two):
            house.app.outbox.delivery.pacers = {"telegram": pacer_of(house.app.database)}
        monkeypatch.setattr(pacer, "TOGETHER", 60)  # on a slow machine too
        await one.phone("Alice").say("/start")
        api.fault("sendMessage", "error", times=5, status=429, retry_after=2)
        for name in ("Bob", "Carol", "Dave", "Erin", "Frank"):  # one of the two hears of three
            await api.user(name).send("/start")
        await refusals(api, 3)
        for name in ("Grace", "Heidi"):
            await api.user(name).send("/start")
        await refusals(api, 5)
        one.clock.move(seconds=3)
        await two.settle()
        sent = [call.at for call in api.called("sendMessage") if call.status == 200]
        calls = [call.at for call in api.called("sendMessage")]
    assert len(sent) == 8  # a welcome for each of eight people
    assert max(later - earlier for earlier, later in pairwise(calls)) >= 1.5


async def test_two_processes_together_keep_the_limits_of_telegram(tmp_path: Path, url: str) -> None:
    limits = Limits(burst=5)  # this is about all chats together, not about one
    async with BotApi(limits=limits) as api, replicas(tmp_path, api, url) as (one, two):
        for house in (one, two):
            house.app.outbox.delivery.pacers = {"telegram": pacer_of(house.app.database)}
        for number in range(40):
            await api.user(f"P{number}").send("/start")
            if number % 4 == 0:
                two.app.outbox.wake()
        await two.settle()
        sent = [call.at for call in api.called("sendMessage") if call.status == 200]
    print(f"{len(sent)} messages of two processes in {sent[-1] - sent[0]:.2f} s")
    assert limits.refused == 0
    assert max(sum(at <= other < at + 1 for other in sent) for at in sent) <= 30
    assert timedelta(seconds=sent[-1] - sent[0]) > timedelta(seconds=1)
