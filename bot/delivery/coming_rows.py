"""Rows that a turn put, and that are handed over as soon as they are committed: a look at the table
leaves them out meanwhile, since they would be read there only to be thrown away."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

WHILE = 1.0
"""Seconds after which a row that was not handed over is looked for in the table as any other."""


class ComingRows:
    """The ids of rows that are on their way from the thread that writes to the dispatcher. Those
    that came after a look was asked for, and before it is made, are not in hand for it yet."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}
        self._came: set[int] = set()

    def expect(self, ids: Iterable[int]) -> None:
        """They are handed over when their transaction is committed."""
        self._until |= dict.fromkeys(ids, time.monotonic() + WHILE)

    def came(self, row_id: int) -> None:
        """It was handed over."""
        if self._until.pop(row_id, None) is not None:
            self._came.add(row_id)

    def look(self) -> None:
        """A look is asked for, which knows what is in hand by now."""
        self._came.clear()

    def ids(self) -> Sequence[int]:
        """Those that the look leaves out."""
        now = time.monotonic()
        for row_id, until in list(self._until.items()):
            if until < now:
                self._until.pop(row_id, None)
        return [*self._until.copy(), *self._came.copy()]

    def __bool__(self) -> bool:
        return bool(self._until)
