"""A web chat with a short script before which a crowd stands, and a whole Vertelbot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.channels.base import Arrival
from conversations.engine.effects import Say
from tests.botapi import BotApi
from tests.channels.web.browser import Browser
from tests.channels.web.stage import Shown, Stage, staged
from tests.end_to_end.kit import House, running
from tests.storage.conftest import sqlite_store

__all__ = ["sqlite_store"]


def answer(arrival: Arrival) -> list[Shown]:
    return [Say("Ik heb het.")]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged(answer) as stage:
        yield stage


class Crowd:
    """Browsers, as many as wanted."""

    def __init__(self, stage: Stage, stack: AsyncExitStack) -> None:
        self._stage = stage
        self._stack = stack

    def browser(self) -> Browser:
        browser = Browser(self._stage)
        self._stack.push_async_callback(browser.session.close)
        return browser


@pytest.fixture
async def crowd(stage: Stage) -> AsyncIterator[Crowd]:
    async with AsyncExitStack() as stack:
        yield Crowd(stage, stack)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with BotApi(near=True) as api, running(tmp_path, api) as house:
        yield house
