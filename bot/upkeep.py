"""What keeps the house in order by itself: the backup of every day."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.clock import HOME, Clock
from bot.house import House
from storage import archive, backups
from storage.database import Database

_log = logging.getLogger(__name__)


def last_due(at: time, now: datetime) -> datetime:
    """The last moment at which a backup was due. `at` is a time of day in the Netherlands."""
    today = datetime.combine(now.astimezone(HOME).date(), at, HOME)
    return today if today <= now else today - timedelta(days=1)


class Backups:
    """`go` makes the backup of the day when it is due; call it as often as you like, from any
    number of processes. What was missed while nobody ran is made up for."""

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self.database = database
        self.house = house
        self.clock = clock

    async def go(self) -> Path | None:
        """The file that was made."""
        backup, now = self.house.settings.backup, self.clock.now()
        folder = backup.path
        if folder is None:
            return None
        since = last_due(backup.time, now)
        made = await self.database.read(backups.last)
        if made is not None and since <= made <= now:
            return None
        if not await self.database.write(partial(backups.claim, since=since, now=now)):
            return None
        try:
            path = await self._make(folder, now)
        except OSError as error:
            _log.error("no backup could be made (%s)", error.strerror)
        except Exception as error:
            _log.error("no backup could be made (%s)", type(error).__name__)
        else:
            await self.database.write(partial(backups.made, now=now))
            return path
        await self.database.write(partial(backups.failed, now=self.clock.now()))
        return None

    async def _make(self, folder: Path, now: datetime) -> Path:
        path, log = folder / backups.name(now), self.house.erased
        await archive.backup(self.database, self.house.vault, log, path)
        await asyncio.to_thread(backups.copy_erased, log, folder)
        await asyncio.to_thread(backups.prune, folder, self.house.settings.backup.keep, path)
        return path
