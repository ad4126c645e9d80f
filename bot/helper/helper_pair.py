"""Two helper processes behind one name: who makes a file holds up nobody who looks at a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bot.helper.helper_process import HelperProcess
from bot.helper.tasks import LONG, ReadingTask, name_of

P = ParamSpec("P")
T = TypeVar("T")


class HelperPair:
    """One process for what pages wait for, one for what takes long (`@long_task`)."""

    apart = True

    def __init__(self, pages: HelperProcess, long: HelperProcess) -> None:
        self._pages = pages
        self._long = long

    async def ask(self, fn: ReadingTask[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._one_for(fn).ask(fn, *args, **kwargs)

    async def run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._one_for(fn).run(fn, *args, **kwargs)

    def warm(self) -> None:
        """Files are rare: their process begins with the first."""
        self._pages.warm()

    async def close(self) -> None:
        await self._pages.close()
        await self._long.close()

    def _one_for(self, fn: Callable[..., object]) -> HelperProcess:
        return self._long if name_of(fn) in LONG else self._pages
