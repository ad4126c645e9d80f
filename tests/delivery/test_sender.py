"""Replies that wait for their turn go in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.channels.base import Accept, Outgoing
from bot.clock import Clock
from bot.delivery.pacer import Pacer
from bot.delivery.sender import RowSender
from bot.guides import GuideStore
from bot.operations.metrics import Metrics
from bot.services import Services
from bot.settings import Settings
from conversations.engine.effects import Say
from conversations.guide.loading import load_guides
from storage.outbox.outbox import OutboxMessage
from storage.replicas.pace import Pace
from tests.storage.stores import Store, open_store


class Listed:
    """A channel that writes down to whom something was sent."""

    name = "telegram"

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def run(self, accept: Accept) -> None: ...

    async def send(self, outgoing: Outgoing) -> str:
        self.sent.append(outgoing.address)
        return "m"

    async def close(self) -> None: ...


async def delivered(store: Store, addresses: Sequence[str]) -> list[str]:
    """In which order replies to these chats arrive that are asked for in this order."""
    channel, effect = Listed(), Say("Dag")
    house = Services(store.vault, store.log, GuideStore(load_guides()), Settings())
    paces = {"telegram": Pacer(Pace(100), Pace(2))}
    delivery = RowSender(store.database, house, Clock(), {"telegram": channel}, paces, Metrics())

    async def reply(number: int, address: str) -> None:
        row = OutboxMessage(number, "p", "telegram", address, "nl", 0, "say", "reply", {}, 0)
        sent = await delivery.reply(row, Outgoing(number, address, effect, "nl"))
        assert sent is not None
        await sent.kept

    async with asyncio.TaskGroup() as tasks:
        for number, address in enumerate(addresses, 1):
            tasks.create_task(reply(number, address))
    return channel.sent


async def test_replies_go_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/vertelbot.db", tmp_path)
    people = [str(number) for number in range(40)]
    assert await delivered(store, people) == people
    store.close()
