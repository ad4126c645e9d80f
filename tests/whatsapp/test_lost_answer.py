"""A process that ends in the middle of a call: whether WhatsApp took the message or not, the person
has it once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.graph_client import Accepted
from tests.end_to_end.kit import MovableClock
from tests.whatsapp import CloudApi
from tests.whatsapp.kit import whatsapp_running


@pytest.mark.parametrize("taken", [True, False])
async def test_what_was_on_its_way_when_the_process_ended_comes_once(
    tmp_path: Path, taken: bool
) -> None:
    clock = MovableClock()
    async with CloudApi() as api:
        ended = asyncio.Event()
        async with whatsapp_running(tmp_path, api, clock=clock) as house:
            assert house.app.whatsapp is not None
            client = house.app.whatsapp.channel.client
            send = client.send

            async def dies(message: Mapping[str, Any], tries: int = 0) -> Accepted:
                if taken:
                    api.callback = ""  # what became of it is told after the restart
                    await send(message, tries)
                ended.set()
                await asyncio.Event().wait()
                raise AssertionError

            client.send = dies  # type: ignore[method-assign]
            await api.phone("Alice").send("hallo")
            async with asyncio.timeout(10):
                await ended.wait()
        async with whatsapp_running(tmp_path, api, clock=clock) as house:
            alice = house.teller()
            async with asyncio.timeout(10):
                while not alice.phone.shown:
                    await api.settled()
                    clock.move(minutes=4)
                    house.app.outbox.wake()
            await house.settle()
            clock.move(minutes=11)
            house.app.outbox.wake()
            await house.settle()
            assert len(alice.phone.shown) == 1
            await alice.tap("Een inwoner")
            assert len(alice.phone.shown) == 2
            assert api.refused == {}
