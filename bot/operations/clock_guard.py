"""Guards against leaps of the clock: whether it can be believed with what cannot be undone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.operations.metrics import Metrics
from storage import meta
from storage.engine.database import Database
from storage.engine.transaction import Transaction

SEEN, DOUBTED = "time_seen", "time_doubted"
"""The facts of when the clock was looked at last, and since when it is not believed."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)

_log = logging.getLogger(__name__)


class ClockGuard:
    """Whether the clock of the machine can be believed with what cannot be undone.

    A clock that is more than a day ahead of when it was looked at last may be wrong, or nobody ran
    that long: nothing is forgotten for a day then, and the log says so. Put back in time, nothing
    was lost.
    """

    def __init__(
        self, database: Database, machine: Callable[[], datetime], metrics: Metrics
    ) -> None:
        self.database = database
        self.machine = machine
        self.metrics = metrics
        self._good: datetime | None = None

    async def believes(self) -> bool:
        """Look at the clock; call it as often as you like, and once in a few hours at least."""
        now = self.machine()
        if self._good is not None and timedelta(0) <= now - self._good < AN_HOUR:
            return True
        ahead, doubted = await self.database.write(partial(_look, now=now))
        if ahead is not None:
            _log.error(
                "the clock went %d days ahead: is it right? Nothing is forgotten for a day",
                ahead.days,
            )
        self.metrics.clock_doubted.set(doubted)
        self._good = None if doubted else now
        return not doubted


def _look(connection: Transaction, now: datetime) -> tuple[timedelta | None, bool]:
    """How far the clock went ahead (None: not too far), and whether it is doubted."""
    seen, doubted = (meta.moment(meta.get(connection, key)) for key in (SEEN, DOUBTED))
    meta.put(connection, SEEN, now.isoformat())
    ahead = now - seen if seen is not None and now - seen > A_DAY else None
    if ahead is not None:
        doubted = now
    elif doubted is not None and not timedelta(0) <= now - doubted < A_DAY:
        doubted = None
    meta.put(connection, DOUBTED, doubted.isoformat() if doubted else "")
    return ahead, doubted is not None
