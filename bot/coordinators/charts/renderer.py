"""Renders charts in a worker process, so that a chat never waits for one; it ends when idle."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

IDLE_SECONDS = 90.0
DRAW_SECONDS = 60.0
LARGEST = 64 * 1024 * 1024
KEPT = 64
"""Pictures that are remembered."""


class CannotDraw(Exception):
    """There is nothing here to draw with (the extra `charts`), or drawing failed."""


class ChartRenderer:
    """One process at most. The same picture is drawn once."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()
        self._drawn: OrderedDict[bytes, Any] = OrderedDict()

    async def draw(self, picture: DataclassInstance) -> str:
        """A picture of `picture_data`: PNG in base64, or SVG. Raises CannotDraw."""
        return str(await self.made(picture))

    async def made(self, picture: DataclassInstance) -> Any:
        """What becomes of something in `picture_data`. Raises CannotDraw."""
        asked = await asyncio.to_thread(_line, picture)
        mark = hashlib.sha256(asked).digest()
        if mark not in self._drawn:
            async with self._one:
                self._drawn[mark] = await self._ask(asked)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(mark)
        return self._drawn[mark]

    async def once(self, picture: DataclassInstance) -> str:
        """What becomes of something that is not remembered: it holds words of stories. Raises
        CannotDraw."""
        asked = await asyncio.to_thread(_line, picture)
        async with self._one:
            return str(await self._ask(asked))

    async def close(self) -> None:
        """Let the process go, and its pipes."""
        if self._idle is not None:
            self._idle.cancel()
        process, self._process, self._idle = self._process, None, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()

    def _rest(self) -> None:
        self._closing = asyncio.create_task(self.close())

    async def _ask(self, asked: bytes) -> Any:
        if self._idle is not None:
            self._idle.cancel()
        try:
            async with asyncio.timeout(DRAW_SECONDS):
                answer = json.loads(await self._exchange(asked))
        except (OSError, ValueError, TimeoutError) as error:
            await self.close()
            raise CannotDraw(f"the process that draws is gone ({type(error).__name__})") from None
        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest)
        if "error" in answer:
            raise CannotDraw(f"drawing failed ({answer['error']})")
        return answer["made"]

    async def _exchange(self, asked: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.coordinators.charts",
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=LARGEST,
            )
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise OSError("no pipes")
        into.write(asked + b"\n")
        await into.drain()
        return await out.readline()


def _line(picture: DataclassInstance) -> bytes:
    """What is asked of the process: the module and the name of a class, and its fields."""
    kind = type(picture)
    return msgspec.json.encode([kind.__module__, kind.__name__, picture])
