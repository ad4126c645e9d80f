"""Time that passes only when nobody has anything to do: hours in a second, the same every run."""

from __future__ import annotations

import asyncio
import random
import selectors
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from storage.engine.compiled import listen
from storage.engine.database import Database, Unavailable
from storage.engine.transaction import Snapshot, Transaction

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Waits for nothing: moves the time instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for ever")
        self.now += max(0.0, timeout)
        return []


@contextmanager
def virtual_time(monkeypatch: Any) -> Iterator[Callable[[Coroutine[Any, Any, T]], T]]:
    """A runner of coroutines on a loop of its own; `time.monotonic` is its time meanwhile."""
    selector = _Selector()
    monkeypatch.setattr(time, "monotonic", lambda: selector.now)
    loop = asyncio.SelectorEventLoop(selector)
    try:
        yield loop.run_until_complete
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.close()


class SimulatedDatabase(Database):
    """A copy of a database in memory, behind a connection that takes time, fails before a commit or
    after it, freezes and dies. Several of them share what is stored."""

    def __init__(self, stored: sqlite3.Connection, dice: random.Random, trouble: float) -> None:
        super().__init__("sqlite://", exclusive=False)
        self._dice = dice
        self._trouble = trouble
        self._memory = in_memory(stored)
        self.going = asyncio.Event()
        self.going.set()

    def write(
        self, fn: Callable[[Transaction], T], *, patient: bool = False, last: str = ""
    ) -> asyncio.Future[T]:
        return asyncio.ensure_future(self._write(fn))

    async def _write(self, fn: Callable[[Transaction], T]) -> T:
        await self._pass()
        lost = self._dice.random()
        if lost < self._trouble:
            raise Unavailable("the database is away")
        with Transaction(self._memory, self.vault) as connection, connection.begin():
            result = fn(connection)
        await self._pass()
        if lost < 2 * self._trouble:
            raise Unavailable("the answer of the database was lost")
        return result

    async def read(self, fn: Callable[[Snapshot], T]) -> T:
        await self._pass()
        with Transaction(self._memory, self.vault) as connection:
            return fn(Snapshot(connection))

    async def scrub(self, *, deep: bool = False) -> bool:
        await self._pass()
        return True

    async def _pass(self) -> None:
        await asyncio.sleep(self._dice.expovariate(200))
        await self.going.wait()


def in_memory(stored: sqlite3.Connection) -> Engine:
    """An engine on this one connection."""
    engine = create_engine("sqlite://", creator=lambda: stored, poolclass=StaticPool)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    listen(engine)
    return engine


def memory(template: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of a database, in memory."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    template.backup(copy)
    copy.execute("PRAGMA foreign_keys = ON")
    return copy
