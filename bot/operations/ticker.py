"""The ticker: APScheduler wakes the jobs. What is due stands in the database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import reason
from bot.operations.metrics import Metrics

Job = Callable[[], Awaitable[object]]

LATE = 2.0
"""A job that was not called for this many times its interval is called by the watch."""

_log = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job that is still busy is no news


class Ticker:
    """Calls each job every so many seconds. A job that is late is called once, never twice at the
    same time, and a failure is logged without its words and forgotten.

    APScheduler goes by the clock of the machine: stepped back, its jobs wait until the clock has
    caught up. The watch goes by a clock that cannot be stepped, and calls them meanwhile.
    """

    def __init__(self, jobs: Mapping[str, tuple[float, Job]], metrics: Metrics) -> None:
        self.jobs = jobs
        self._metrics = metrics
        self._called = dict.fromkeys(jobs, 0.0)
        self._busy: set[str] = set()
        self._over = False
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, (seconds, _) in jobs.items():
            metrics.job_failures.labels(name)
            self._scheduler.add_job(self._call, "interval", (name,), seconds=seconds, id=name)

    async def run(self) -> None:
        """Call every job now, and then at its time until cancelled."""
        self._scheduler.start()
        try:
            while True:
                for name, (seconds, _) in self.jobs.items():
                    if time.monotonic() - self._called[name] > LATE * seconds:
                        await self._call(name)
                await asyncio.sleep(1.0)
        finally:
            self._over = True
            self._scheduler.shutdown(wait=False)

    async def _call(self, name: str) -> None:
        if name in self._busy:
            return
        self._busy.add(name)
        self._called[name] = time.monotonic()
        try:
            await self.jobs[name][1]()
        except asyncio.CancelledError:
            if not self._over:  # else it would be an error to APScheduler, which ends its jobs
                raise
        except Exception as error:
            self._metrics.job_failures.labels(name).inc()
            _log.error("job %s failed (%s)", name, reason(error))
        finally:
            self._busy.discard(name)
        self._metrics.beat.set_to_current_time()
