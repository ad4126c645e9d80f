"""The loopback push service, and our channel beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.push.channel import WebPush
from bot.channels.push.sealed_push import VapidKey
from tests.end_to_end.kit import MovableClock
from tests.push.service import PushService, push_service

KEY = VapidKey(bytes(range(32)), "mailto:beheer@example.nl")


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service(MovableClock()) as made:
        made.key = KEY.public
        yield made


@pytest.fixture
async def push() -> AsyncIterator[WebPush]:
    channel = WebPush(KEY, MovableClock(), private=True)
    yield channel
    await channel.close()
