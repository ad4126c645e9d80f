"""Writes the sums of how guides were used, once their day is over."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from bot.clock import Clock
from bot.services import Services
from bot.use_tally import Version
from storage.engine.database import Database
from storage.guides import use_counts
from storage.guides.use_counts import UseCount
from storage.weeks import AMSTERDAM


class UseJob:
    """Called by the ticker."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self.database = database
        self.services = services
        self.clock = clock

    async def go(self) -> None:
        """Write what may be written by now."""
        await self._write(self.clock.now().astimezone(AMSTERDAM).date())

    async def stopping(self) -> None:
        """Memory goes: write what enough conversations left today too. The rest is forgotten, as
        the page says."""
        await self._write(self.clock.now().astimezone(AMSTERDAM).date() + timedelta(days=1))

    async def _write(self, until: date) -> None:
        small = self.services.settings.privacy.small_number
        for day, sums in self.services.use.take(small, until.isoformat()).items():
            counts = [_count(*key, n) for key, n in sums.items()]
            await self.database.write(partial(use_counts.add, day=day, counts=counts))


def _count(version: Version, mark: str, n: int) -> UseCount:
    step, how = mark.split(" ", 1)
    return UseCount(version.guide, version.fingerprint, step, how, n)
