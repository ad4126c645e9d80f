"""Processes of Vertelbot that begin at once: they are forked from one that has read everything.
What proves how a command itself starts begins it with `python` instead."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import IO

__all__ = ["DEVNULL", "PIPE", "Fork", "forked"]

ROOT = Path(__file__).parents[1]


class Fork:
    """The same to its tests as a process of asyncio."""

    stdin: asyncio.StreamWriter | None = None
    stdout: asyncio.StreamReader | None = None
    stderr: asyncio.StreamReader | None = None

    def __init__(self) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self._ended: asyncio.Task[int] | None = None

    async def begin(self, told: asyncio.StreamReader) -> None:
        self.pid = int(await told.readline())
        self._ended = asyncio.create_task(self._end(told))

    def send_signal(self, number: int) -> None:
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        assert self._ended is not None
        return await asyncio.shield(self._ended)

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it says until it ends."""
        if self.stdin is not None:
            self.stdin.close()
        out, err = [await each.read() if each else b"" for each in (self.stdout, self.stderr)]
        await self.wait()
        return out, err

    async def _end(self, told: asyncio.StreamReader) -> int:
        self.returncode = int(await told.readline())
        for each in filter(None, (told, self.stdout, self.stderr)):
            _close(each)
        if self.stdin is not None:
            self.stdin.close()
        await asyncio.sleep(0)  # the loop lets the pipes go
        return self.returncode


async def forked(
    *arguments: str | Path,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: int | IO[bytes] | None = None,
    stdout: int | IO[bytes] | IO[str] | None = None,
    stderr: int | IO[bytes] | IO[str] | None = None,
) -> Fork:
    """What `python` would begin with these arguments, `-c` or `-m` first."""
    fork = Fork()
    order = {
        "arguments": [str(each) for each in arguments],
        "folder": str(cwd or Path.cwd()),
        "environment": dict(os.environ if env is None else env),
    }
    with ExitStack() as given:
        files = []
        for number, (name, asked) in enumerate(
            {"stdin": stdin, "stdout": stdout, "stderr": stderr}.items()
        ):
            if asked == PIPE:
                ours, its = os.pipe()[:: -1 if name == "stdin" else 1]
                setattr(fork, name, await (_written if name == "stdin" else _read)(ours))
                given.callback(os.close, its)
            elif asked == DEVNULL:
                its = os.open(os.devnull, os.O_RDWR)
                given.callback(os.close, its)
            elif asked is None:
                its = number
            else:
                its = asked if isinstance(asked, int) else asked.fileno()
            files.append(its)
        told, its = os.pipe()
        given.callback(os.close, its)
        socket.send_fds(orders(), [json.dumps(order).encode()], [*files, its])
    await fork.begin(await _read(told))
    return fork


async def _read(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", 0)
    )
    return reader


def _close(reader: asyncio.StreamReader) -> None:
    """Nobody writes to it any more; what was written can still be read."""
    transport: asyncio.ReadTransport = vars(reader)["_transport"]
    if not transport.is_closing():
        with suppress(BlockingIOError):
            while data := os.read(transport.get_extra_info("pipe").fileno(), 65536):
                reader.feed_data(data)
        reader.feed_eof()
        transport.close()


async def _written(file: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(file, "wb", 0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


@cache
def orders() -> socket.socket:
    """To the process that forks: the same for all tests, and gone with them."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fork_server", str(its.fileno())],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        pass_fds=[its.fileno()],
    )
    its.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
