"""A running Vertelbot for each test, and Alice and Bob."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(near=True) as api:
        yield api


@pytest.fixture
async def house(tmp_path: Path, api: BotApi) -> AsyncIterator[House]:
    async with running(tmp_path, api) as house:
        yield house


@pytest.fixture
def alice(house: House) -> Phone:
    return house.phone("Alice")


@pytest.fixture
def bob(house: House) -> Phone:
    return house.phone("Bob")
