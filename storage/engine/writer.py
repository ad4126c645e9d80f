"""The single writer: a thread that commits everything asked at the same time together (group
commit)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.engine.compiled import flush, savepoint
from storage.engine.errors import Unavailable, passing, translated, unavailable
from storage.engine.transaction import Transaction

_log = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
LINGER = 0.01
"""Seconds that a patient write waits for another one, to share its commit."""
SMALL_BYTES = 16 * 1024 * 1024
"""Up to this size a file is rewritten after each erasure: a tenth of a second."""

_SIZE = ("page_count", "page_size")
A_MINUTE = 60.0
"""Seconds between two lines that say what keeps writes waiting."""
BACK_OFF = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Seconds between the tries when the database is locked, full or gone."""


@dataclass(slots=True)
class _Job:
    """One write that waits. `alone` jobs run outside a transaction; `patient` ones are done before
    the others of their transaction, which then see what came of them, those with a `last` after
    them, in the order of that name."""

    fn: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    alone: bool = False
    patient: bool = False
    last: str = ""
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs jobs on one connection at a time. `journal` is the WAL file of a SQLite database that
    this process alone checkpoints."""

    def __init__(self, connect: Callable[[], Transaction], journal: Path | None) -> None:
        self._connect = connect
        self._journal = journal
        self._queue: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._patient: list[_Job] = []
        self._asking = threading.Lock()
        self._closed = False
        self._said = -A_MINUTE
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what was asked."""
        with self._asking:
            self._closed = True
            self._take_in_hand()
            self._queue.put(None)
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many writes wait to be taken."""
        return self._queue.qsize() + bool(self._patient)

    def ask(
        self,
        fn: Callable[[Transaction], Any],
        *,
        patient: bool = False,
        alone: bool = False,
        last: str = "",
    ) -> asyncio.Future[Any]:
        """The result of `fn`, once it is committed: as `Database.write`, or `alone`, outside a
        transaction."""
        loop = asyncio.get_running_loop()
        job = _Job(fn, loop, loop.create_future(), alone, patient, last)
        with self._asking:
            if self._closed:
                raise Unavailable("the database is closed")
            self._patient.append(job)
            if not patient:
                self._take_in_hand()
            elif len(self._patient) == 1:
                loop.call_later(LINGER, self._hurry)
        return job.future

    async def scrub(self, *, deep: bool) -> bool:
        """Empty the journal, and rewrite the file when it is small or `deep` is asked for. False
        when a long read still needs the journal."""
        if self._journal is None:
            return True
        return bool(await self.ask(partial(self._clean, deep), alone=True))

    def _hurry(self) -> None:
        with self._asking:
            self._take_in_hand()

    def _take_in_hand(self) -> None:
        """All that was asked, also what was patient."""
        if self._patient:
            self._queue.put(self._patient)
            self._patient = []

    # -- in the thread

    def _work(self) -> None:
        last = False
        while not last:
            try:
                asked = self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._tidy()
                continue
            jobs, last = self._gather(asked)
            for group in _groups(jobs):
                self._alone(group[0]) if group[0].alone else self._together(group)
                _settle(group)

    def _gather(self, asked: list[_Job] | None) -> tuple[list[_Job], bool]:
        """Everything that is asked by now, what is patient first, and whether that is the end."""
        jobs: list[_Job] = []
        self._hurry()
        while asked is not None:
            jobs += asked
            try:
                asked = self._queue.get_nowait()
            except queue.Empty:
                break
        jobs.sort(key=lambda job: (job.last, not job.patient))
        return jobs, asked is None

    def _together(self, jobs: Sequence[_Job]) -> None:
        for pause in (*BACK_OFF, None):
            try:
                self._transaction(jobs)
            except Exception as error:
                if pause is not None and passing(error):
                    self._trouble(error)
                    time.sleep(pause)
                    continue
                reason = unavailable(error) if isinstance(error, DBAPIError) else error
                for job in jobs:
                    job.error = reason
            return

    def _trouble(self, error: Exception) -> None:
        """Say once in a minute what keeps writes waiting."""
        now = time.monotonic()
        if isinstance(error, DBAPIError) and now - self._said > A_MINUTE:
            self._said = now
            _log.warning("writes paused: %s; retrying", unavailable(error))

    def _transaction(self, jobs: Sequence[_Job]) -> None:
        with self._connect() as connection:
            connection.begin()
            try:
                for job in jobs:
                    if job.last:
                        flush(connection)
                    job.result, job.error = job.fn(connection), None
                flush(connection)
            except Exception as error:
                if passing(error) or _broken(connection):
                    raise
                connection.rollback()
                connection.begin()
                self._each(connection, jobs)
            try:
                self._commit(connection)
            except DBAPIError as error:
                raise unavailable(error) from None  # not to be tried again: it may have happened

    def _each(self, connection: Transaction, jobs: Sequence[_Job]) -> None:
        """One of the jobs failed: all of them once more, so that it takes none of the others
        along."""
        for job in jobs:
            try:
                with savepoint(connection, "job"):
                    job.result, job.error = job.fn(connection), None
            except Exception as error:
                if passing(error) or _broken(connection):
                    raise
                job.error = translated(error)

    def _commit(self, connection: Transaction) -> None:
        connection.commit()

    def _alone(self, job: _Job) -> None:
        try:
            with self._connect() as connection:
                job.result = job.fn(connection)
        except Exception as error:
            job.error = translated(error)

    def _tidy(self) -> None:
        """When idle: empty the journal, also of what other commands erased."""
        with contextlib.suppress(DBAPIError, OSError):
            if self._journal is not None and self._journal.stat().st_size:
                with self._connect() as connection:
                    _truncate(connection)

    def _clean(self, deep: bool, connection: Transaction) -> bool:
        """Deleted rows are overwritten (`secure_delete`), but where SQLite moved a row to another
        page before, a copy may stay in the free space of the old one: only VACUUM takes that."""
        driver: Any = connection.connection.driver_connection  # past SQLAlchemy, which would BEGIN
        rewritten = True
        try:
            pages, size = (driver.execute(f"PRAGMA {name}").fetchone()[0] for name in _SIZE)
            if deep or pages * size <= SMALL_BYTES:
                driver.execute("VACUUM")
        except sqlite3.Error:  # no room for it now; the next one takes this along
            rewritten = False
        return _truncate(connection) and rewritten


def _truncate(connection: Connection) -> bool:
    """Empty the journal; False when it cannot be done now."""
    driver: Any = connection.connection.driver_connection
    try:
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy


def _broken(connection: Connection) -> bool:
    """Whether the whole transaction was lost, as happens to SQLite when the disk is full."""
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and not driver.in_transaction


def _groups(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Jobs in their order, those that share a transaction together."""
    group: list[_Job] = []
    for job in jobs:
        if group and (job.alone or group[0].alone):
            yield group
            group = []
        group.append(job)
    if group:
        yield group


def _settle(jobs: Sequence[_Job]) -> None:
    """Tell those who wait, with one wake-up for each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, ready in by_loop.items():
        with contextlib.suppress(RuntimeError):  # that loop has ended; nobody waits
            loop.call_soon_threadsafe(_settle_all, ready)


def _settle_all(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.settle()
