"""The database: SQLite or PostgreSQL behind one contract, written by one thread, read by a few."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError

from storage import migrations
from storage.engine.compiled import listen, raise_as
from storage.engine.errors import Unavailable as Unavailable
from storage.engine.errors import no_place, translated, unavailable
from storage.engine.transaction import Snapshot, Transaction
from storage.engine.writer import Writer
from storage.files import tighten
from storage.vault.vault import Vault

_log = logging.getLogger(__name__)
T = TypeVar("T")
READERS = 4
BUSY_SECONDS = 5.0
MAPPED = 2**30
"""Bytes of the file that a process which reads all of it maps: that halves the time it takes."""
PATIENCE = 20.0
"""Seconds that a command waits for a process which may be changing the tables of a SQLite file."""
_PATIENCE = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=15s"
"""A process that is frozen in a transaction does not hold up the others for longer."""


BeforeUpgrade = Callable[[Connection, str], Path | None]
"""What is done before the tables change, with the database as it is and its version: the file with
which one can go back. Raises when they must stay as they are."""


class AlreadyRunning(Exception):
    """Another process runs on this database file."""


class Database:
    """A SQLite file (`sqlite:///path`) or PostgreSQL (`postgresql://…`).

    With `exclusive` a SQLite file belongs to this process, which is then the only one to
    checkpoint; commands that work beside it open the file with `exclusive=False`.
    """

    def __init__(
        self, url: str, *, exclusive: bool = True, before_upgrade: BeforeUpgrade | None = None
    ) -> None:
        self._before_upgrade = before_upgrade
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.exclusive = exclusive
        self._lock: int | None = None
        self._writer: Writer | None = None
        self._reading = 0
        self._mapped = False
        self.closing = False
        """Whether what takes long should end."""
        self.upgraded = ""
        """What was done to the tables at the start, and with which file one can go back."""
        self.vault: Vault | None = None
        """What opens and seals, once `unlock` has found it."""

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(self.url.database or "")

    def start(self) -> None:
        """Take the lock, bring the tables up to date, start the writer.

        Raises AlreadyRunning, Unavailable, or `migrations.WrongSchema` for a database of a newer
        version.
        """
        self.closing = False
        if self.sqlite:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._lock = self._take_lock() if self.exclusive else None
            except OSError as error:
                raise no_place(error, str(self.path)) from error
        self._engines = self._engine(writes=True), self._engine(writes=False)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        try:
            self._migrate()
        except DatabaseError as error:
            self.close()
            name = self.url.render_as_string(hide_password=True)
            raise unavailable(error, name, str(error.orig).strip().partition("\n")[0]) from error
        except BaseException:
            self.close()
            raise
        if self.sqlite:
            tighten(*(Path(f"{self.path}{end}") for end in ("", "-wal", "-shm", ".lock")))
        journal = Path(f"{self.path}-wal") if self.sqlite and self.exclusive else None
        self._writer = Writer(partial(self._transaction, writes=True), journal)

    def start_reading(self) -> None:
        """Only to read (`read_now`), beside the process that started it: nothing is locked, made or
        brought up to date."""
        self._mapped = True
        engine = self._engine(writes=False)
        self._engines = engine, engine

    def stop_reading(self) -> None:
        self._engines[1].dispose()

    def close(self) -> None:
        """Finish what was asked, then let go of everything. May be called twice."""
        self.closing = True
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._readers.shutdown()
        for engine in self._engines:
            engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def write(
        self, fn: Callable[[Transaction], T], *, patient: bool = False, last: str = ""
    ) -> asyncio.Future[T]:
        """Run `fn` in the next commit; its result, once that is durable. A `patient` one lets some
        milliseconds pass, so that it may share the commit of another. With a name in `last` it is
        done after the others, in the order of those names: what it takes, and other processes may
        want, it does not hold while the others wait for what those have.

        An exception of `fn` undoes only what it wrote. `fn` does nothing but database work: after
        a lost connection it is run again. Raises Unavailable when the database stays away.
        """
        if self._writer is None:
            raise Unavailable("the database is closed")
        return self._writer.ask(fn, patient=patient, last=last)

    async def read(self, fn: Callable[[Snapshot], T]) -> T:
        """Run `fn` on a session that sees one moment of the database and cannot write."""
        self._reading += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._readers, self.read_now, fn
            )
        finally:
            self._reading -= 1

    async def scrub(self, *, deep: bool = False) -> bool:
        """After an erasure: take what remains of it out of SQLite's journal and file too. A file of
        more than 16 MB is only rewritten with `deep`, once a day: it takes a minute for 2 GB.

        False when a long read still needs the journal, or another process runs on the file; that
        one then empties it when it is idle.
        """
        if self._writer is None:
            raise Unavailable("the database is closed")
        return await self._writer.scrub(deep=deep) if self.exclusive else not self.sqlite

    def waiting(self) -> dict[str, int]:
        """How many writes and reads wait."""
        writes = self._writer.waiting if self._writer is not None else 0
        return {"writes": writes, "reads": max(0, self._reading - READERS)}

    def in_use(self) -> bool:
        """Whether another process has this SQLite file to itself."""
        try:
            with self._locked():
                return False
        except AlreadyRunning:
            return True

    def read_now(self, fn: Callable[[Snapshot], T]) -> T:
        """As `read`, in the thread that calls."""
        try:
            with self._transaction(writes=False) as connection:
                return fn(Snapshot(connection))
        except (DBAPIError, StopIteration) as error:
            raise translated(error) from error

    def _transaction(self, *, writes: bool) -> Transaction:
        return Transaction(self._engines[0 if writes else 1], self.vault)

    # -- opening

    def _engine(self, *, writes: bool) -> Engine:
        engine = self._sqlite_engine(writes) if self.sqlite else self._postgres_engine(writes)
        listen(engine)
        return engine

    def _postgres_engine(self, writes: bool) -> Engine:
        return create_engine(
            self.url,
            isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
            pool_size=1 if writes else READERS,
            pool_pre_ping=not writes,
            json_deserializer=msgspec.json.decode,
            connect_args={"options": _PATIENCE} if writes else {},
            hide_parameters=True,
            execution_options={} if writes else {"postgresql_readonly": True},
        )

    def _sqlite_engine(self, writes: bool) -> Engine:
        engine = create_engine(
            self.url,
            pool_size=1 if writes else READERS,
            json_deserializer=msgspec.json.decode,
            connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
            hide_parameters=True,
        )
        settings = [
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",
            f"wal_autocheckpoint = {1000 if writes and self.exclusive else 0}",
            "journal_mode = WAL" if writes else "query_only = ON",
            *([f"mmap_size = {MAPPED}"] if self._mapped else []),
        ]

        def prepare(connection: sqlite3.Connection, _: object) -> None:
            for setting in settings:
                connection.execute(f"PRAGMA {setting}")

        start = "BEGIN IMMEDIATE" if writes else "BEGIN"

        def begin(connection: Connection) -> None:
            driver: Any = connection.connection.driver_connection  # past SQLAlchemy: half the time
            try:
                driver.execute(start)
            except sqlite3.Error as error:
                raise_as(connection, start, error)

        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", begin)
        return engine

    def _migrate(self) -> None:
        """By one process at a time; the others wait, and go on with what it made."""
        writer, reader = self._engines
        give_up = time.monotonic() + PATIENCE
        while migrations.current(reader) != migrations.HEAD:
            try:
                with self._locked():
                    migrations.upgrade(writer, before=self._before)
                    if self.upgraded:
                        _log.warning("%s", self.upgraded)
            except AlreadyRunning:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.2)

    def _before(self, version: str) -> None:
        if self._before_upgrade is not None:
            with self._engines[1].connect() as connection:
                way_back = self._before_upgrade(connection, version)
            if way_back is not None:
                self.upgraded = (
                    f"the tables went from version {version} to {migrations.HEAD}. To go back: the "
                    f"Vertelbot of before, an empty database, and `vertelbot restore {way_back}`. "
                    "When all is well, throw that file away"
                )

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
        lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise AlreadyRunning(
                f"Vertelbot already runs on {self.path}: stop that one first "
                "(several processes at once need PostgreSQL)"
            ) from None
        return lock
