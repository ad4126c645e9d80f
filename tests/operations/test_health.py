"""Whether it is ready: asked by whoever watches, as often as they like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import Clock
from bot.operations import health
from bot.operations.health import Health
from storage.engine import writer
from storage.engine.database import Database
from tests.faults.disk import Disk

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(writer, "BACK_OFF", (0.02,))
    return Disk()


@pytest.fixture
async def client(tmp_path: Path, disk: Disk) -> AsyncIterator[Client]:
    with disk.mounted():
        database = Database(f"sqlite:///{tmp_path}/vertelbot.db")
        database.start()
        pages = web.Application()
        Health(database, Clock(), asyncio.Event()).setup(pages)
        async with TestClient(TestServer(pages)) as client:
            yield client
        database.close()


async def ready(client: Client) -> tuple[int, Any]:
    answer = await client.get("/ready")
    return answer.status, (await answer.json())["checks"]["database"]


@pytest.mark.parametrize("fault", ["full", "broken"])
async def test_a_disk_that_takes_nothing_is_not_ready_until_it_is_mended(
    client: Client, disk: Disk, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "EVERY", 0.0)
    assert await ready(client) == (200, True)
    setattr(disk, fault, True)
    assert await ready(client) == (503, False)
    assert (await client.get("/health")).status == 200
    setattr(disk, fault, False)
    assert await ready(client) == (200, True)


async def test_who_asks_all_the_time_makes_it_write_once(client: Client, disk: Disk) -> None:
    before = len(disk.log)
    answers = await asyncio.gather(*(ready(client) for _ in range(20)))
    assert set(answers) == {(200, True)}
    written = len(disk.log)
    assert written > before
    assert await ready(client) == (200, True)
    assert len(disk.log) == written


async def test_a_disk_that_is_full_is_remembered_too(client: Client, disk: Disk) -> None:
    disk.full = True
    assert await ready(client) == (503, False)
    disk.full = False
    assert await ready(client) == (503, False)
