"""The helper process: answers one question after the other, until nobody is there to ask.

It is a process of its own so that who tells never waits for what reads many stories, and so that
its memory goes when it rests. It only reads; what it opened it forgets with each answer.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import queue
import resource
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import IO, Any

from bot.guides import GuideStore, guide_news
from bot.helper.pipe_messages import AskedTask, Opening, Reply, packed, read_one, unpacked
from bot.helper.tasks import TASKS
from bot.services import Services
from conversations.guide.loading import load_guides
from storage import narrowings
from storage.coordinators import teams
from storage.engine.database import Database
from storage.engine.transaction import Snapshot
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault

RARELY = 100_000, 20, 20
"""When the garbage collector looks: reading all stories makes as many objects, none of them
garbage, and each look at them takes a tenth of that time."""
_PR_SET_DUMPABLE = 4


class Desk:
    """What questions are answered with, made of the opening."""

    def __init__(self, opening: Opening) -> None:
        self.database = Database(opening.url, exclusive=False)
        self.database.start_reading()
        given = opening.settings
        self.services = Services(
            Vault.handed(opening.keys),
            ErasureLog.beside(given.privacy.key_file),
            GuideStore(load_guides(), opening.overlays),
            given,
        )
        self.database.vault = self.services.vault

    def answered(self, fn: Callable[..., Any], asked: AskedTask) -> Reply:
        """In one moment of the database: what was withdrawn later is told by the number."""
        services = self.services

        def read(session: Snapshot) -> Reply:
            newest = narrowings.newest(session)
            services.shelf.follow(teams.all_teams(session))
            services.shelf.take_news(guide_news(session, services.shelf))
            return Reply(fn(session, services, *asked.args, **asked.kwargs), narrowings=newest)

        try:
            return self.database.read_now(read)
        finally:
            services.vault.lately.forget()

    def close(self) -> None:
        self.database.stop_reading()


def main() -> None:
    into, out = _alone()
    gc.set_threshold(*RARELY)
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(into, asked), daemon=True).start()
    desk: Desk | None = None
    loads: list[str] = []
    while True:
        _load(loads, asked)
        value = _value(asked.get())
        if isinstance(value, Opening):
            if desk is not None:
                desk.close()
            desk, loads = Desk(value), list(value.loads)
            _settle()
        else:
            out.write(_reply(desk, value))
            out.flush()
            del value
            _give_back()


def _load(modules: list[str], asked: queue.SimpleQueue[bytes]) -> None:
    """Load these while nobody asks: the first page waits for none of them. Who needs what is not
    there hears of it then."""
    while modules and asked.empty():
        with contextlib.suppress(Exception):
            import_module(modules.pop(0))
        if not modules:
            _settle()


def _settle() -> None:
    """What is there stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def _value(data: bytes) -> object:
    """What was said; of what cannot be understood, the answer."""
    try:
        return unpacked(data)
    except Exception as fault:
        return Reply(fault=type(fault).__name__)


def _reply(desk: Desk | None, asked: object) -> bytes:
    """Whatever goes wrong, only its kind leaves: its text may hold words of a story."""
    if not isinstance(asked, AskedTask):
        return packed(asked)
    try:
        fn = _task(asked.task)
        if asked.reads and desk is not None:
            return packed(desk.answered(fn, asked))
        return packed(Reply(fn(*asked.args, **asked.kwargs)))
    except Exception as fault:
        key = desk.services.vault.newest if desk is not None else 0
        return packed(Reply(fault=type(fault).__name__, key=key))


def _give_back() -> None:
    """What the answer took of the memory goes back to the machine: this process may rest now. Also
    what is tied in a knot, which would keep words of stories until the collector looks."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _task(name: str) -> Callable[..., Any]:
    """A function that is marked as a task. Raises LookupError for another one."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    if name not in TASKS:
        raise LookupError(name)
    return found


def _listen(into: IO[bytes], asked: queue.SimpleQueue[bytes]) -> None:
    """When the one who asks is gone, also by `kill -9`, this process ends at once, whatever it is
    at: nothing of it is left to be written. Nothing is unpacked here, which loads modules: so does
    the other thread, and two that load the same ones may find half of them."""
    try:
        while True:
            asked.put(read_one(into))
    except BaseException:
        os._exit(0)


def _alone() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes. What libraries print does not mix with what is said; nobody reads the memory of
    this process, and it leaves none behind; who tells goes first."""
    into, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b", buffering=0) as nothing:
        for standard in (0, 1, 2):
            os.dup2(nothing.fileno(), standard)
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks decides when it ends
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    with contextlib.suppress(OSError):  # not everywhere may a process choose how patient it is
        os.nice(int(sys.argv[1]))
    return into, out


if __name__ == "__main__":
    main()
