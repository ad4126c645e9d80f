"""The metronome: APScheduler wakes what may be due. What is due stands in the database."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler

_log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[object]]


class Ticker:
    """Calls each job every so many seconds. A job that is late is called once, never twice at the
    same time, and a failure is logged without its words and forgotten."""

    def __init__(self, jobs: Mapping[str, tuple[float, Job]]) -> None:
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, (seconds, job) in jobs.items():
            self._scheduler.add_job(
                _safely, "interval", (name, job), seconds=seconds, id=name, name=name
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)


async def _safely(name: str, job: Job) -> None:
    try:
        await job()
    except Exception as error:
        _log.error("%s failed (%s)", name, type(error).__name__)
