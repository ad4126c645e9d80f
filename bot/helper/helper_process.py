"""The helper process as the rest of Vertelbot knows it: begun when it is needed, asked one question
at a time, begun again when it died, gone when nobody asks for a while."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sys
import tempfile
import weakref
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

from bot.helper.pipe_messages import HEAD, AskedTask, Opening, Reply, length, packed, unpacked
from bot.helper.tasks import HelperFailed, ReadingTask, name_of
from bot.logs import reason
from bot.settings import PREFIX
from storage import narrowings
from storage.engine.database import Database
from storage.vault.vault import KeyProblem, Vault

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 2
"""How often a question is asked when the process dies of it: it may have been something else."""
AGAIN = 3
"""How often stories are read anew because some were withdrawn meanwhile."""
LARGE = 200_000
"""Bytes of an answer that are unpacked in a thread."""
_log = logging.getLogger(__name__)


class _Gone(Exception):
    """The process died, or never began."""


@dataclass(frozen=True, slots=True)
class Habits:
    """After how many seconds without a question a process ends; how many one may take, on a busy
    machine; how much others go before it (`nice`)."""

    rests_after: float = 300.0
    most_seconds: float = 300.0
    patience: int = 10


PAGES = Habits()
FILES = Habits(rests_after=30.0, most_seconds=3600.0, patience=15)
"""A large file leaves a process large, takes minutes, and who looks at a page goes before it."""


class HelperProcess:
    """One process at most. Without a `store` it is asked for what reads nothing."""

    apart = True

    def __init__(self, store: HelperStore | None = None, habits: Habits = PAGES) -> None:
        self._store = store
        self._habits = habits
        self._process: Process | None = None
        self._newest = 0
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._one = asyncio.Lock()
        self._closed = False
        self._folder = ""
        self._tidied: Callable[[], object] | None = None

    async def ask(self, fn: ReadingTask[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task makes of the store as it is now: of stories that went out of what somebody
        may read before the answer was there, nothing. Raises HelperFailed."""
        store = self._store
        if store is None:
            raise HelperFailed("there is no store")
        asked = AskedTask(name_of(fn), args, kwargs, reads=True)
        for _ in range(AGAIN):
            reply = await self._reply(asked)
            if reply.fault == "SealBroken" and await self._newer_key(store, reply.key):
                continue
            made = _made(reply)
            if reply.narrowings == await store.database.read(narrowings.newest):
                return cast("T", made)
        raise HelperFailed("stories go on being withdrawn")

    async def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task makes that reads nothing. Raises HelperFailed."""
        asked = AskedTask(name_of(fn), args, kwargs, reads=False)
        return cast("T", _made(await self._reply(asked)))

    def warm(self) -> None:
        """Begin the process, as it will be asked soon; or let it rest later."""
        if self._one.locked() or self._closed:
            return
        if self._process is None or self._process.returncode is not None:
            self._begin_task(self._warm())
        elif self._idle is not None:
            self._rest_later()

    async def close(self) -> None:
        """Let the process go for good, whatever it is at: who waits for an answer hears that there
        will be none."""
        self._closed = True
        if self._process is not None:
            _kill(self._process)
        async with self._one:  # who was being answered reads the end of the pipe first
            await self._let_go()
        if self._idle is not None:
            self._idle.cancel()
        if self._tidied is not None:
            self._tidied()

    # -- inside

    async def _reply(self, asked: AskedTask) -> Reply:
        """Who goes away before it is their turn is not asked for. From then on it is done in a task
        of its own: who asks may go away, the pipe stays in step."""
        data = packed(asked)
        await self._one.acquire()
        return await asyncio.shield(self._begin_task(self._one_reply(data)))

    async def _one_reply(self, asked: bytes) -> Reply:
        """Has its turn, and ends it."""
        try:
            for _ in range(TRIES):
                if self._closed:
                    raise HelperFailed("Vertelbot ends")
                try:
                    async with asyncio.timeout(self._habits.most_seconds):
                        pieces = await self._exchange(asked)
                    return await _unpacked(pieces)
                except TimeoutError:
                    await self._let_go()
                    raise HelperFailed("the helper process took too long") from None
                except Exception as fault:  # what is left in the pipe is no answer to another one
                    if not self._closed:
                        _log.warning("the helper process is gone (%s)", reason(fault))
                    await self._let_go()
            raise HelperFailed("the helper process died")
        finally:
            self._rest_later()
            self._one.release()

    async def _let_go(self) -> None:
        """The process ends, and its pipes; the next question begins another one."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            await process.communicate()

    async def _exchange(self, asked: bytes) -> list[bytes]:
        process = await self._begun()
        into, out = process.stdin, process.stdout
        if into is None or out is None:
            raise _Gone("no pipes")
        into.write(asked)
        await into.drain()
        left, pieces = length(await out.readexactly(HEAD)), list[bytes]()
        while left:  # in pieces: to put a large file together holds up nobody here
            pieces.append(await out.read(left))
            if not pieces[-1]:
                raise _Gone("no whole answer")
            left -= len(pieces[-1])
        return pieces

    async def _begun(self) -> Process:
        """The process, opened with the newest key."""
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await _started(
                str(self._habits.patience), self._environment()
            )
            self._newest = 0
            if self._closed:
                raise _Gone("Vertelbot ends")
        store = self._store
        if store is not None and store.vault.newest != self._newest and process.stdin is not None:
            self._newest = store.vault.newest
            process.stdin.write(packed(store.opening()))
            await process.stdin.drain()
        return process

    async def _warm(self) -> None:
        async with self._one:
            with contextlib.suppress(OSError, _Gone):
                if not self._closed:
                    await self._begun()
            self._rest_later()

    async def _newer_key(self, store: HelperStore, known: int) -> bool:
        """Whether another process sealed with a key that the helper did not have yet. This one may
        have read the key file meanwhile."""
        with contextlib.suppress(KeyProblem):
            await asyncio.to_thread(store.vault.follow)
        return store.vault.newest != known

    def _rest_later(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = None if self._closed else loop.call_later(self._habits.rests_after, self._rest)

    def _rest(self) -> None:
        self._idle = None
        self._begin_task(self._let_rest())

    async def _let_rest(self) -> None:
        """Unless somebody asked at the last moment."""
        async with self._one:
            if self._idle is None:
                await self._let_go()

    def _environment(self) -> dict[str, str]:
        """Nothing of our settings: it is told what it needs. One thread for its numbers: the other
        processor is for who tells. It ends without tidying up, so what draws keeps its list of
        fonts in a folder that is tidied up here."""
        if not self._folder:
            with contextlib.suppress(OSError):  # who only reads needs no folder
                self._folder = tempfile.mkdtemp(prefix="vertelbot-helper-")
                self._tidied = weakref.finalize(self, shutil.rmtree, self._folder, True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        fonts = {"MPLCONFIGDIR": self._folder} if self._folder else {}
        return {**fonts, **kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

    def _begin_task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        made = asyncio.create_task(work)
        self._tasks.add(made)
        made.add_done_callback(self._tasks.discard)
        return made


class HelperStore:
    """What the helper process reads. `opening`: with what, when it begins."""

    def __init__(
        self, database: Database, vault: Vault, opening: Callable[[bytes], Opening]
    ) -> None:
        self.database = database
        self.vault = vault
        self._opening = opening

    def opening(self) -> Opening:
        return self._opening(self.vault.hand_over())


async def _started(patience: str, environment: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.helper", patience),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
    )


def _name(fn: Callable[..., object]) -> str:
    return f"{fn.__module__}:{fn.__qualname__}"


def _made(reply: Reply) -> object:
    if reply.fault:
        raise HelperFailed(f"what the helper process did failed ({reply.fault})")
    return reply.made


async def _unpacked(pieces: list[bytes]) -> Reply:
    def unpack() -> object:
        return unpacked(b"".join(pieces))

    large = sum(map(len, pieces)) > LARGE
    return cast("Reply", await asyncio.to_thread(unpack) if large else unpack())


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
