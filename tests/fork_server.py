"""`python -m tests.fork_server FD`: reads once what processes of Vertelbot would each read again
while they start, and forks one for every order that comes over the socket FD (`tests/forks.py`).

An order is what would follow `python` on a command line, with the folder and the environment, and
four files: the three of every process, and a pipe to which its pid is written, and how it ended.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any

import bot.app  # noqa: F401 - read before the first fork
from bot.channels.web.page_files import page_files
from bot.wiring import open_services
from conversations.guide.loading import load_guides
from conversations.redaction.find import find

READ = (
    "alembic.command",
    "alembic.op",
    "apscheduler.executors.asyncio",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "bot.cli.chat",
    "bot.cli.common",
    "bot.cli.parser",
    "bot.cli.run",
    "bot.helper.pipe_messages",
    "bot.wiring.clock_jobs",
    "bot.wiring.late",
    "holidays.groups",
    "sqlalchemy.dialects.postgresql.psycopg",
    "storage.lifecycle.rotation",
    "storage.narrowings",
    "tests.crash.nursery",
)
"""What a process reads while it starts, or when it does something for the first time."""
MOST = 100_000
"""Bytes of an order."""


class Forks:
    """Those that live, by what tells that they ended."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._living: dict[int, tuple[int, int]] = {}
        self._heard = select.poll()
        self._heard.register(orders, select.POLLIN)

    def serve(self) -> dict[str, Any]:
        """Forks until nobody orders any more, and then leaves nobody behind. Comes back in a fork
        only, with its order."""
        while True:
            for number, _ in self._heard.poll():
                if number in self._living:
                    self._ended(number)
                    continue
                data, files, _, _ = socket.recv_fds(self._orders, MOST, 4)
                if not data:
                    for pid, _ in self._living.values():
                        os.kill(pid, signal.SIGKILL)
                    os._exit(0)
                order = json.loads(data)
                if self._forked(files):
                    return dict(order)

    def _forked(self, files: list[int]) -> bool:
        """Whether this is the fork."""
        *standard, told = files
        pid = os.fork()
        if pid == 0:
            for number, file in enumerate(standard):
                os.dup2(file, number)
            os.closerange(3, MOST)
            return True
        for file in standard:
            os.close(file)
        os.write(told, f"{pid}\n".encode())
        ends = os.pidfd_open(pid)
        self._living[ends] = pid, told
        self._heard.register(ends, select.POLLIN)
        return False

    def _ended(self, ends: int) -> None:
        pid, told = self._living.pop(ends)
        self._heard.unregister(ends)
        _, status = os.waitpid(pid, 0)
        os.close(ends)
        with suppress(BrokenPipeError):  # nobody waits for it
            os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os.close(told)


def warm() -> None:
    """Also what is read of our own files."""
    for each in READ:
        import_module(each)
    library = load_guides()
    setattr(open_services, "load_guides", lambda: library)  # noqa: B010 - mypy knows better
    find("Jan Jansen belde op 3 mei met 06 12345678.", "nl")
    page_files()


def become(order: dict[str, Any]) -> None:
    """What `python` makes of it."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name, number in (("stdout", 1), ("stderr", 2)):
        setattr(sys, name, open(number, "w", buffering=1, closefd=False))  # noqa: SIM115
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    how, what, *arguments = order["arguments"]
    sys.argv = [how, *arguments]
    gc.enable()
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - as asked


def ending(order: dict[str, Any]) -> int:
    """The status with which it ends."""
    try:
        become(order)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    gc.disable()
    warm()
    gc.collect()
    gc.freeze()
    order = Forks(socket.socket(fileno=int(sys.argv[1]))).serve()
    status = ending(order)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
