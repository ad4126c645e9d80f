"""A Bot API server, the Telegram channel before it, and a person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import Telegram
from conversations.engine.events import CommandName
from tests.botapi import BotApi, User
from tests.channels.telegram.kit import Recorder


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
async def telegram(api: BotApi, recorder: Recorder, pauses: list[float]) -> AsyncIterator[Telegram]:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0.01)

    labels: dict[str, CommandName] = {"Hulp nu": "help", "Stoppen": "stop"}
    telegram = Telegram(api.token, api.url, recorder.load, labels, poll=1, pause=pause)
    yield telegram
    await telegram.close()


@pytest.fixture
async def alice(api: BotApi) -> User:
    alice = api.user("Alice", language="nl")
    await alice.send("/start")
    return alice
