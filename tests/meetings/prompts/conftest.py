"""A Vertelbot with meetings, Telegram and a mailbox; the clock stands still until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock, Phone
from tests.meetings.prompts.kit import TUESDAY, Meetings, open_house
from tests.meetings.prompts.mailbox import Mailbox, mailbox
from tests.storage.stores import Postgres, Store, open_store


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(near=True) as api:
        yield api


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


@pytest.fixture
def clock() -> MovableClock:
    """An hour before meetings begin."""
    clock = MovableClock(TUESDAY)
    clock.move(hours=-1)
    return clock


@pytest.fixture
async def bot(
    tmp_path: Path, api: BotApi, clock: MovableClock, box: Mailbox
) -> AsyncIterator[Meetings]:
    async with open_house(tmp_path, api, clock, box) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="session")
async def browsed(tmp_path: Path, clock: MovableClock) -> AsyncIterator[tuple[Meetings, Mailbox]]:
    """The same with its mailbox, in the loop of the browser."""
    async with (
        BotApi(near=True) as api,
        mailbox() as box,
        open_house(tmp_path, api, clock, box) as bot,
    ):
        yield bot, box


@pytest.fixture
def alice(bot: Meetings) -> Phone:
    return bot.house.phone("Alice")


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store, on both databases."""
    url = f"sqlite:///{tmp_path}/vertelbot.db"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh()
    opened = await open_store(url, tmp_path)
    yield opened
    opened.close()
