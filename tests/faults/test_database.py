"""The disk is full, broken, locked; the server goes away in the middle of a commit: messages that
were not confirmed come again, and count once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import Clock
from storage import meta
from storage.engine import writer
from storage.engine.errors import Unavailable
from storage.engine.transaction import Transaction
from tests.end_to_end.kit import settings
from tests.faults.disk import Disk
from tests.faults.kit import judge, send_all

PERSONS = [str(number) for number in range(12)]
NOTHING_WRONG = {"lost": 0, "twice": 0, "silent": 0}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BACK_OFF", (0.02, 0.05))


@asynccontextmanager
async def opened(folder: Path, url: str = "") -> AsyncIterator[App]:
    async with App.opened(settings(folder, url), Clock()) as app:
        yield app


def _writing(connection: Transaction) -> int:
    """The process of the server that writes for us; 0 where there is none."""
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


async def _back(app: App) -> bool:
    """Whether the database can be used again."""
    try:
        return await app.database.write(_writing) >= 0
    except Unavailable:
        await asyncio.sleep(0.1)
        return False


async def come_through(
    app: App, trouble: asyncio.Task[None], found: Counter[str] | None = None
) -> Counter[str]:
    """Everybody sends while something goes wrong; what came of it."""
    found = Counter(NOTHING_WRONG) if found is None else found
    await asyncio.sleep(0)
    await send_all(app.runner.accept, PERSONS, found)
    await trouble
    async with asyncio.timeout(60):
        while not await _back(app):
            pass
    await judge(app, PERSONS, found)
    print(dict(found))
    assert {name: found[name] for name in NOTHING_WRONG} == NOTHING_WRONG
    return found


@pytest.mark.parametrize("fault", ["full", "broken"])
async def test_a_disk_that_is_full_or_broken_and_mended_again(tmp_path: Path, fault: str) -> None:
    disk, found = Disk(), Counter(NOTHING_WRONG)

    async def trouble() -> None:
        """It goes wrong before the first message, until one is refused, and twice more."""
        for _ in range(3):
            refused = found["refused"]
            setattr(disk, fault, True)
            for _ in range(100):
                await asyncio.sleep(0.01)
                if found["refused"] > refused:
                    break
            setattr(disk, fault, False)
            await asyncio.sleep(0.02)

    with disk.mounted():
        async with opened(tmp_path) as app:
            await come_through(app, asyncio.create_task(trouble()), found)
    assert found["refused"] > 0
    with closing(sqlite3.connect(tmp_path / "vertelbot.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("fault", ["full", "broken"])
async def test_a_disk_that_fails_while_nobody_writes_is_used_again_when_it_is_mended(
    tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk()
    monkeypatch.setattr(writer, "IDLE_SECONDS", 0.05)
    with disk.mounted():
        async with opened(tmp_path) as app:
            await app.database.write(lambda c: meta.put(c, "a", "x" * 100_000))
            setattr(disk, fault, True)
            await asyncio.sleep(0.3)
            assert not await app.database.scrub()
            setattr(disk, fault, False)
            async with asyncio.timeout(60):
                await app.database.write(lambda c: meta.put(c, "b", "x"))
                assert await app.database.scrub()


async def test_a_database_that_another_program_locks(tmp_path: Path) -> None:
    async with opened(tmp_path) as app:

        def hold() -> None:
            with closing(sqlite3.connect(app.database.path, isolation_level=None)) as other:
                for _ in range(4):
                    time.sleep(0.05)
                    other.execute("BEGIN IMMEDIATE")
                    time.sleep(0.2)
                    other.execute("ROLLBACK")

        await come_through(app, asyncio.create_task(asyncio.to_thread(hold)))


async def test_a_server_that_is_killed_in_the_middle_of_commits(
    tmp_path: Path, url: str, torture: bool
) -> None:
    dice = random.Random(2026)
    async with opened(tmp_path, url) as app:

        async def kill() -> None:
            """The server process of the writer dies, which restarts the whole server."""
            for _ in range(40 if torture else 3):
                await asyncio.sleep(dice.uniform(0.05, 0.2))
                try:
                    pid = await app.database.write(_writing)
                except Exception:
                    await asyncio.sleep(0.1)
                    continue
                await asyncio.sleep(dice.uniform(0, 0.01))
                os.kill(pid, signal.SIGKILL)

        found = await come_through(app, asyncio.create_task(kill()))
    assert found["answers"] > 0
