"""Maintenance: daily backup, retention policy, and memory returned to the system."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import logging
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.clock import HOME, Clock
from bot.logs import reason
from bot.services import Services
from bot.settings import Retention
from storage.engine.database import Database
from storage.lifecycle import archive, backups
from storage.lifecycle.retention import RetentionPolicy

_log = logging.getLogger(__name__)


def policy_of(keep: Retention) -> RetentionPolicy:
    """What is forgotten when, as the configuration says it."""
    return RetentionPolicy(
        drafts=timedelta(days=keep.draft_days),
        messages=timedelta(days=keep.draft_days),
        inbox=timedelta(days=keep.updates_days),
        stories_months=keep.stories_months,
        people_months=keep.people_months,
        meetings_months=keep.meetings_months,
    )


def last_due(at: time, now: datetime) -> datetime:
    """The last moment at which a backup was due. `at` is a time of day in the Netherlands."""
    today = datetime.combine(now.astimezone(HOME).date(), at, HOME)
    return today if today <= now else today - timedelta(days=1)


class Backups:
    """`go` makes the backup of the day when it is due; call it as often as you like, from any
    number of processes. What was missed while nobody ran is made up for."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self.database = database
        self.services = services
        self.clock = clock

    async def go(self) -> Path | None:
        """The file that was made."""
        backup, now = self.services.settings.backup, self.clock.now()
        folder = backup.path
        if folder is None:
            return None
        if await asyncio.to_thread(self.services.erased.behind):
            await asyncio.to_thread(self.services.erased.catch_up)
        since = last_due(backup.time, now)
        made = await self.database.read(backups.last)
        if made is not None and since <= made <= now:
            return None
        if not await self.database.write(partial(backups.claim, since=since, now=now)):
            return None
        try:
            path = await self._make(folder, now)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # then its lease ends by itself
                await asyncio.shield(self.database.write(backups.left))
            raise
        except OSError as error:
            away = error.errno == errno.ENOENT
            mend = ": mount the folder of [backup], or make it" if away else ""
            _log.error("backup failed (%s)%s", error.strerror, mend)
        except Exception as error:
            _log.error("backup failed (%s)", reason(error))
        else:
            await self.database.write(partial(backups.record_success, now=now))
            return path
        await self.database.write(partial(backups.record_failure, now=self.clock.now()))
        return None

    async def _make(self, folder: Path, now: datetime) -> Path:
        path, log = folder / backups.name(now), self.services.erased
        await archive.backup(self.database, self.services.vault, log, path)
        if not await asyncio.to_thread(log.catch_up):
            raise OSError(errno.EIO, "the list of what was erased could not be put with it")
        await asyncio.to_thread(backups.prune, folder, self.services.settings.backup.keep, path)
        return path


async def give_back() -> None:
    """Free memory goes back to the machine. The allocator of Linux (glibc) keeps what lies between
    pieces in use, a little more every minute of talk; others do it by themselves."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        await asyncio.to_thread(trim, 0)
