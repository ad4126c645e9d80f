"""A conversation at the terminal: a runner and a delivery of its own, beside whatever runs."""

from __future__ import annotations

import asyncio

from bot.channels.base import Channel
from bot.channels.terminal import Terminal
from bot.clock import Clock
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.sender import RowSender
from bot.inbox.runner import Runner
from bot.operations.metrics import Metrics
from bot.services import Services
from storage.engine.database import Database


async def talk_at_terminal(
    database: Database, services: Services, clock: Clock, metrics: Metrics
) -> None:
    """Talk with the person at the terminal until the input ends."""
    terminal = Terminal(lambda: outbox.drain())
    channels: dict[str, Channel] = {terminal.name: terminal}
    outbox = Dispatcher(RowSender(database, services, clock, channels, {}, metrics))
    runner = Runner(
        database,
        services,
        clock,
        outbox.wake,
        outbox.hand,
        outbox.echo,
        outbox.coming.expect,
        outbox.delivery.outcomes.marks.keep_of,
        _nothing,
        metrics,
    )
    delivering = asyncio.create_task(outbox.run())
    try:
        await terminal.run(runner.accept)
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await terminal.close()


async def _nothing(channel: str, address: str) -> None:
    """A terminal cannot be cleared."""
