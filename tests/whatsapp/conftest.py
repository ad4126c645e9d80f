"""A Vertelbot that talks with the strict Cloud API server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.whatsapp import CloudApi
from tests.whatsapp.kit import WhatsAppHouse, whatsapp_running


@pytest.fixture
async def api() -> AsyncIterator[CloudApi]:
    async with CloudApi() as api:
        yield api


@pytest.fixture
async def house(api: CloudApi, tmp_path: Path) -> AsyncIterator[WhatsAppHouse]:
    async with whatsapp_running(tmp_path, api) as house:
        yield house


@pytest.fixture
async def belfry(api: CloudApi, tmp_path: Path) -> AsyncIterator[WhatsAppHouse]:
    """A number that only rings."""
    async with whatsapp_running(tmp_path, api, "doorbell") as house:
        yield house
