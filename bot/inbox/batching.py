"""Micro-batching: what arrives while the last batch is under way is taken together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Result = TypeVar("Result")


class Batcher(Generic[Asked, Result]):
    """Gives `do` everything that was asked while it was busy, at once when it is not. It returns
    for each what came of it, or the exception."""

    def __init__(
        self, do: Callable[[Sequence[Asked]], Awaitable[Sequence[Result | Exception]]]
    ) -> None:
        self._do = do
        self._waiting: list[tuple[Asked, asyncio.Future[Result]]] = []
        self._working: asyncio.Task[None] | None = None

    def ask(self, asked: Asked) -> asyncio.Future[Result]:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return future

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                results: Sequence[Result | Exception]
                try:
                    results = await self._do([asked for asked, _ in taken])
                except Exception as error:
                    results = [error] * len(taken)
                for (_, future), result in zip(taken, results, strict=True):
                    if future.done():  # nobody waits for it any more
                        continue
                    if isinstance(result, Exception):
                        future.set_exception(result)
                    else:
                        future.set_result(result)
        finally:
            self._working = None
