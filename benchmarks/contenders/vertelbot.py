"""Vertelbot as `vertelbot run` wires it, before the people of the benchmark. Arguments: a scenario
(`typed`, `interview`, `idle`, `webhook`), the number of people, how many other conversations are
open, and the URL of the database (default: SQLite)."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from telegram.request import RequestData

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.poster import SECRET, posted
from benchmarks.contenders.requests import Answers
from benchmarks.people import TELLING, UNTIL_TELLING, Api
from bot.app import App
from bot.channels.telegram import client
from bot.channels.telegram.channel import Telegram as TelegramChannel
from bot.channels.telegram.request import Parameters, Request
from bot.channels.telegram.webhook import Webhook
from bot.clock import Clock
from bot.operations.server import spare_collector, take_turns
from bot.settings import Privacy, Settings, Storage, TelegramSettings
from conversations.engine.state import Part, State
from conversations.guide.dwell_times import DwellTimes
from storage.engine.transaction import Transaction
from storage.people import people, states
from storage.weeks import week_of
from tests.end_to_end.scripts import BRIEF

FILLED_AT_ONCE = 5000
WAIT = timedelta(days=7)


class OwnRequest(Request):
    """Writes what it would send, and hands it to `Answers` instead of a network."""

    api: Answers

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert isinstance(request_data, Parameters)
        request_data.body()
        return 200, await self.api.call(url.rsplit("/", 1)[1], request_data.values)


@asynccontextmanager
async def running(
    folder: Path,
    api: Answers,
    url: str = "",
    receive: Callable[[App], Coroutine[None, None, None]] | None = None,
) -> AsyncIterator[App]:
    """A Vertelbot behind `api`, without the limits of Telegram's pace. `receive` brings the updates
    where it does not poll."""
    OwnRequest.api = api
    setattr(client, "Request", OwnRequest)  # noqa: B010 - for mypy
    settings = Settings(
        telegram=TelegramSettings(token=SecretStr("1:benchmark")),
        storage=Storage(url=url or f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
    )
    async with App.opened(settings, Clock()) as app:
        app.outbox.delivery.pacers = {}
        app.services.shelf.dwell = DwellTimes(0, 0)
        assert app.telegram is not None
        receiving = receive(app) if receive else app.telegram.run(app.runner.accept)
        works = [app.outbox.run(), receiving]
        if app.presence is not None:
            works.append(app.presence.run())
        tasks = [asyncio.create_task(work) for work in works]
        spare_collector()
        take_turns()
        try:
            yield app
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await app.telegram.close()


async def fill(app: App, count: int) -> None:
    """Open conversations of so many people, each with two messages of a story."""
    guide = app.services.shelf.today("resident", "nl")
    tell = next(step.id for step in guide.steps.values() if step.kind == "tell")
    draft = (Part("text", "Ik belde op maandag, en op woensdag zat er iemand aan tafel.", "1"),) * 2
    state = State(guide.id, guide.fingerprint, "nl", tell, turn=7, path=("age",), draft=draft)
    now = app.clock.now()

    def some(connection: Transaction, first: int) -> None:
        for number in range(first, min(first + FILLED_AT_ONCE, count)):
            at = ("telegram", str(10_000_000 + number), "nl", week_of(now))
            person = people.find_or_make(connection, *at)
            states.save(connection, person.id, state, now)
            states.set_timer(connection, person.id, "forget", 7, now + WAIT)

    for first in range(0, count, FILLED_AT_ONCE):
        await app.database.write(partial(some, first=first))


def synced(folder: Path, times: int = 50) -> list[float]:
    """How long it takes to write 4 KB and see them on the disk, in seconds."""
    taken = []
    handle = os.open(folder / "synced", os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(times):
        began = time.perf_counter()
        os.write(handle, b"x" * 4096)
        os.fdatasync(handle)
        taken.append(time.perf_counter() - began)
        time.sleep(0.01)
    os.close(handle)
    return sorted(taken)


@asynccontextmanager
async def posting(app: App) -> AsyncIterator[str]:
    """The webhook of a Vertelbot; its address."""
    assert isinstance(app.telegram, TelegramChannel)
    hook = Webhook(app.telegram, "", SECRET)
    hook._accept = app.runner.accept  # as `run` would, which asks Telegram to post
    pages = web.Application()
    hook.setup(pages)
    runner = web.AppRunner(pages, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def contender(
    scenario: str, count: str = "64", others: str = "0", url: str = ""
) -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder, api = Path(name), Api()
        async with running(folder, api, url) as app:
            await fill(app, int(others))

            async def one_round() -> Figures:
                match scenario:
                    case "typed":
                        done = await api.round(int(count), UNTIL_TELLING, TELLING)
                    case "idle":
                        api.pause = 0.02
                        done = await api.round(1, UNTIL_TELLING, TELLING * 5)
                        disk = synced(folder)
                        return {**done.figures(), "fdatasync_ms": disk[len(disk) // 2] * 1e3}
                    case "webhook":
                        people = await api.prepared(int(count), UNTIL_TELLING)
                        async with posting(app) as address:
                            return await posted(address, people)
                    case _:
                        done = await api.round(int(count), (), BRIEF)
                return done.figures()

            yield one_round


if __name__ == "__main__":
    serve(contender)
