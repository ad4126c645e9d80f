"""The engine and its single writer: whatever is asked at the same time shares one commit."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import migrations

T = TypeVar("T")
Reads = Connection | Session
"""What the reading functions of this package take."""

READERS = 4
BUSY_SECONDS = 5.0
IDLE_SECONDS = 30.0
BACK_OFF = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Seconds between the tries when the database is locked, full or gone."""

_PASSING_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_PASSING_POSTGRES = ("08", "40", "53", "55P03", "57P")


class AlreadyRunning(Exception):
    """Another process runs on this database file."""


class Unavailable(Exception):
    """The database cannot be used now. Nothing of what was asked is certain to be kept."""


@dataclass(slots=True)
class _Job:
    """One `write` that waits. `alone` jobs run outside a transaction."""

    fn: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    alone: bool = False
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Database:
    """A SQLite file (`sqlite:///path`) or PostgreSQL (`postgresql://…`).

    With `exclusive` a SQLite file belongs to this process, which is then the only one to
    checkpoint; commands that work beside it open the file with `exclusive=False`.
    """

    def __init__(self, url: str, *, exclusive: bool = True) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.exclusive = exclusive
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock: int | None = None

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(self.url.database or "")

    def start(self) -> None:
        """Take the lock, bring the tables up to date, start the writer.

        Raises AlreadyRunning, or `migrations.WrongSchema` for a database of a newer version.
        """
        if self.sqlite:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.exclusive:
                self._lock = self._take_lock()
        self._writer = self._engine(writes=True)
        self._reader = self._engine(writes=False)
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what was asked, then let go of everything. May be called twice."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
            self._readers.shutdown()
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in the next commit and return its result once that is durable.

        An exception of `fn` undoes only what it wrote. `fn` does nothing but database work: after
        a lost connection it is run again. Raises Unavailable when the database stays away.
        """
        result: T = await self._ask(fn)
        return result

    async def read(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` on a session that sees one moment of the database and cannot write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, fn)

    async def scrub(self) -> bool:
        """After an erasure: take the old pages out of the journal too. False when a long read
        still needs them; the writer then does it later, when it is idle."""
        if not self.sqlite:
            return True
        result: bool = await self._ask(self._truncate, alone=True)
        return result

    async def _ask(self, fn: Callable[[Connection], Any], alone: bool = False) -> Any:
        if self._thread is None:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        job = _Job(fn, loop, loop.create_future(), alone)
        self._queue.put(job)
        return await job.future

    def _read(self, fn: Callable[[Session], T]) -> T:
        with Session(self._reader) as session:
            return fn(session)

    # -- the writer thread

    def _work(self) -> None:
        while True:
            try:
                job = self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._tidy()
                continue
            jobs, last = self._gather(job)
            for alone, group in _runs(jobs):
                self._alone(group[0]) if alone else self._together(group)
                _settle(group)
            if last:
                return

    def _gather(self, job: _Job | None) -> tuple[list[_Job], bool]:
        """Everything that is queued by now, and whether the end is."""
        jobs: list[_Job] = []
        while job is not None:
            jobs.append(job)
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _together(self, jobs: Sequence[_Job]) -> None:
        for pause in (*BACK_OFF, None):
            try:
                self._transaction(jobs)
            except Unavailable as error:
                _fail(jobs, error)
            except DBAPIError as error:
                if pause is not None and _passing(error):
                    time.sleep(pause)
                    continue
                _fail(jobs, _unavailable(error))
            except Exception as error:
                _fail(jobs, error)
            return

    def _transaction(self, jobs: Sequence[_Job]) -> None:
        with self._writer.connect() as connection:
            connection.begin()
            for job in jobs:
                try:
                    with connection.begin_nested():
                        job.result, job.error = job.fn(connection), None
                except Exception as error:
                    if _passing(error) or self._broken(connection):
                        raise
                    job.error = error
            try:
                self._commit(connection)
            except DBAPIError as error:
                raise _unavailable(error) from None

    def _commit(self, connection: Connection) -> None:
        connection.commit()

    def _broken(self, connection: Connection) -> bool:
        """Whether the whole transaction was lost, as SQLite does when the disk is full."""
        driver = connection.connection.driver_connection
        return isinstance(driver, sqlite3.Connection) and not driver.in_transaction

    def _alone(self, job: _Job) -> None:
        try:
            with self._writer.connect() as connection:
                job.result = job.fn(connection)
        except Exception as error:
            job.error = error

    def _truncate(self, connection: Connection) -> bool:
        if not self.exclusive:
            return False
        driver: Any = connection.connection.driver_connection  # past SQLAlchemy, which would BEGIN
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _tidy(self) -> None:
        """When idle: also takes what other commands erased out of the journal."""
        journal = Path(f"{self.path}-wal")
        if self.sqlite and self.exclusive and journal.exists() and journal.stat().st_size:
            with contextlib.suppress(DBAPIError), self._writer.connect() as connection:
                self._truncate(connection)

    # -- opening

    def _engine(self, *, writes: bool) -> Engine:
        if not self.sqlite:
            level = "READ COMMITTED" if writes else "REPEATABLE READ"
            size = 1 if writes else READERS
            return create_engine(
                self.url, isolation_level=level, pool_size=size, pool_pre_ping=not writes
            )
        engine = create_engine(
            self.url,
            pool_size=1 if writes else READERS,
            connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
        )
        settings = [
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",
            f"wal_autocheckpoint = {1000 if writes and self.exclusive else 0}",
            *(["journal_mode = WAL"] if writes else ["query_only = ON"]),
        ]

        def prepare(connection: sqlite3.Connection, _: object) -> None:
            for setting in settings:
                connection.execute(f"PRAGMA {setting}")

        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", begin)
        return engine

    def _migrate(self) -> None:
        if migrations.current(self._writer) == migrations.HEAD:
            return
        with self._locked():
            migrations.upgrade(self._writer)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds the lock of the file, also for a command that otherwise does without."""
        if not self.sqlite or self._lock is not None:
            yield
            return
        lock = self._take_lock()
        try:
            yield
        finally:
            os.close(lock)

    def _take_lock(self) -> int:
        name = Path(f"{self.path}.lock")
        lock = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise AlreadyRunning(
                f"Vertelbot already runs on {self.path}: stop that one first "
                "(several processes at once need PostgreSQL)"
            ) from None
        return lock


def _runs(jobs: Sequence[_Job]) -> Iterator[tuple[bool, list[_Job]]]:
    """Jobs in their order, those that share a transaction together."""
    group: list[_Job] = []
    for job in jobs:
        if job.alone:
            if group:
                yield False, group
            yield True, [job]
            group = []
        else:
            group.append(job)
    if group:
        yield False, group


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


def _fail(jobs: Sequence[_Job], error: BaseException) -> None:
    for job in jobs:
        job.error = error


def _passing(error: BaseException) -> bool:
    """Whether trying again later may help."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _PASSING_SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_PASSING_POSTGRES)
    return type(error.orig).__name__ == "OperationalError"


def _unavailable(error: DBAPIError) -> Unavailable:
    return Unavailable(
        f"the database cannot be used ({type(error.orig).__name__}): "
        "is the disk full, another program holding it, or the server away?"
    )
