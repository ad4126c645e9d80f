"""Results worked out of many stories, kept until any story changes. Nothing that is sealed belongs
here: counts, closed answers and ids only."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, ParamSpec, TypeVar, cast

from bot.helper.tasks import Helper, ReadingTask
from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Database
from storage.engine.transaction import Snapshot
from storage.stories.version import version

P = ParamSpec("P")
T = TypeVar("T")
KEPT = 32
"""Results that are remembered; the one that was asked for longest ago goes."""


class NotKept(Exception):
    """Raised by what works a result out: this is it, but next time it may be better."""

    def __init__(self, result: object) -> None:
        super().__init__()
        self.result = result


class KeptResults:
    """Results by what was asked. The same at the same time is worked out once."""

    def __init__(self, database: Database, helper: Helper) -> None:
        self._database = database
        self._helper = helper
        self._kept: OrderedDict[Hashable, asyncio.Task[object]] = OrderedDict()

    async def ask(
        self,
        who: Coordinator,
        asked: Hashable,
        fn: ReadingTask[P, T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What the helper makes of a task; see `get`."""
        return await self.get(who, asked, lambda: self._helper.ask(fn, *args, **kwargs))

    async def read(self, who: Coordinator, asked: Hashable, count: Callable[[Snapshot], T]) -> T:
        """The result of `count`, which reads the database only; see `get`."""

        async def work_out() -> T:
            return await self._database.read(count)

        return await self.get(who, asked, work_out)

    async def get(
        self, who: Coordinator, asked: Hashable, work_out: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        """The result of `work_out`, from memory while all stories are as they were. `asked` tells
        it apart from every other; whoever has the same role, team and language sees the same."""
        now = await self._database.read(version)
        key = (now, who.role, who.team, who.language, asked)
        if key not in self._kept:
            for old in [each for each in self._kept if cast("tuple[int]", each)[0] != now]:
                del self._kept[old]
            self._kept[key] = asyncio.create_task(work_out())
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            return cast("T", await asyncio.shield(self._kept[key]))
        except Exception as problem:  # what failed is tried again
            self._kept.pop(key, None)
            if isinstance(problem, NotKept):
                return cast("T", problem.result)
            raise
