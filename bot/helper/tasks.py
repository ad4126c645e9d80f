"""What the helper process can be asked: whole functions of the product, by name.

A task is a function on the top level of a module, marked as one. It gets a session that reads and
the services, as everything that reads for the pages, and gives plain data back. It runs in the
helper process while Vertelbot serves, and in this process for commands: what it does is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.services import Services
from storage.engine.database import Database
from storage.engine.transaction import Snapshot

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

ReadingTask = Callable[Concatenate[Snapshot, Services, P], T]


class HelperFailed(Exception):
    """The helper process is gone, or what it was asked failed. Holds the kind of the fault only."""


def task(fn: F) -> F:
    """Marks a function that the helper process may be asked for."""
    TASKS.add(name_of(fn))
    return fn


def long_task(fn: F) -> F:
    """The same of one that takes seconds: it is done beside what pages wait for."""
    LONG.add(name_of(fn))
    return task(fn)


def name_of(fn: Callable[..., object]) -> str:
    return f"{fn.__module__}:{fn.__qualname__}"


TASKS: set[str] = set()
LONG: set[str] = set()


class Helper(Protocol):
    """Who does heavy work. `apart`: in a process of its own."""

    apart: bool

    async def ask(self, fn: ReadingTask[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task makes of the store as it is now. Raises HelperFailed."""
        ...

    async def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task makes that reads nothing. Raises HelperFailed."""
        ...

    def warm(self) -> None:
        """It will be asked soon."""
        ...

    async def close(self) -> None:
        """It is not asked any more."""
        ...


class InProcess:
    """Does it in threads of this process: for commands, which hold nobody up."""

    apart = False

    def __init__(self, database: Database, services: Services) -> None:
        self._database = database
        self._services = services

    async def ask(self, fn: ReadingTask[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.read(lambda s: fn(s, self._services, *args, **kwargs))

    async def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(fn, *args, **kwargs)

    def warm(self) -> None: ...

    async def close(self) -> None: ...
