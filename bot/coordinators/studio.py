"""Draws pictures in a process of its own, so that a chat never waits for one; it goes when idle."""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

IDLE_SECONDS = 90.0
KEPT = 64
"""Pictures that are remembered."""


class Studio:
    """One process at most. The same picture is drawn once."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._drawn: OrderedDict[bytes, object] = OrderedDict()

    async def draw(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn`, a function of a module, makes of these."""
        key = pickle.dumps((fn.__module__, fn.__qualname__, args, kwargs))
        if key in self._drawn:
            self._drawn.move_to_end(key)
            return self._drawn[key]  # type: ignore[return-value]  # made by this fn
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        try:
            made = await loop.run_in_executor(self._pool, _call, fn, args, kwargs)
        except BrokenProcessPool:
            self.close()
            raise
        self._timer = loop.call_later(IDLE_SECONDS, self.close)
        self._drawn[key] = made
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return made

    def close(self) -> None:
        """Let the process go."""
        if self._timer is not None:
            self._timer.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._timer = None


def _call(fn: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    return fn(*args, **kwargs)
