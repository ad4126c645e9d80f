"""The pages of the dashboard compiled beforehand, in the helper process: so that the first look at
one of them holds nobody up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from bot.helper.tasks import Helper, HelperFailed, task
from bot.templating import CompiledElsewhere, compiled_in

PATIENCE = 5.0
"""Seconds that the first look waits for it; then a page is compiled where it is shown."""


@task
def compile_pages(folders: Sequence[Path]) -> dict[str, bytes]:
    return compiled_in(folders)


class CompiledPages:
    """`ready` before a page is shown; `cache` is for their environment."""

    def __init__(self, helper: Helper, folders: Sequence[Path]) -> None:
        self.cache = CompiledElsewhere()
        self._helper = helper
        self._folders = folders
        self._compiling: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Once; whoever comes meanwhile waits too. In one process there is nothing to gain."""
        if not self._helper.apart:
            return
        if self._compiling is None:
            self._compiling = asyncio.create_task(self._compile())
        if not self._compiling.done():
            await asyncio.wait([self._compiling], timeout=PATIENCE)

    async def _compile(self) -> None:
        with contextlib.suppress(HelperFailed):
            self.cache.take(await self._helper.run(compile_pages, self._folders))
