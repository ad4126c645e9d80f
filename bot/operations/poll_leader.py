"""Poll leader: among several processes on one PostgreSQL one polls Telegram for all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.base import Accept, Arrival, Outgoing
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.profile import Profile
from storage.engine.database import Database
from storage.replicas.presence import Leadership, leading

_log = logging.getLogger(__name__)


class PollLeader:
    """Telegram, polled by the process that leads; the others wait to take over. All send."""

    name = Telegram.name

    def __init__(self, telegram: Telegram, database: Database) -> None:
        self.telegram = telegram
        self._database = database

    async def run(self, accept: Accept) -> None:
        """Receive while this process leads, until cancelled."""
        while True:
            async with leading(self._database) as reign:
                _log.info("this process polls Telegram from now on")
                await self._poll(reign, accept)
            _log.warning("this process stopped polling Telegram")

    async def _poll(self, reign: Leadership, accept: Accept) -> None:
        """Until the lock is lost."""

        async def fenced(
            arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
        ) -> None:
            del epoch  # that of the lock counts
            await accept(arrivals, offset=offset, epoch=reign.epoch)

        polling = asyncio.create_task(self.telegram.run(fenced))
        lost = asyncio.create_task(reign.last())
        try:
            await asyncio.wait({polling, lost}, return_when=asyncio.FIRST_COMPLETED)
            if polling.done():
                polling.result()
        finally:
            polling.cancel()
            lost.cancel()
            await asyncio.gather(polling, lost, return_exceptions=True)

    async def prepare(self, profiles: Sequence[Profile]) -> None:
        await self.telegram.prepare(profiles)

    async def send(self, outgoing: Outgoing) -> str:
        return await self.telegram.send(outgoing)

    async def close(self) -> None:
        await self.telegram.close()
