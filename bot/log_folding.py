"""Folds repeated log lines: one a minute, with how often it was said."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

EVERY = 60.0
"""Seconds in which a line is written once."""
REMEMBERED = 1000
"""Different lines of which is remembered when they were written."""


class RepeatFilter(logging.Filter):
    """Lets a line through once in a while; the next time its `left_out` says how many there were
    meanwhile. Lines are the same that come from the same place, say the same, and tell of an error
    that was raised at the same place."""

    def __init__(
        self, words: Callable[[logging.LogRecord], str], now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._words, self._now = words, now
        self._written: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        words, now = self._words(record), self._now()
        line = (record.name, record.levelno, record.pathname, record.lineno, words, _raised(record))
        began, left_out = self._written.pop(line, (now - EVERY, 0))
        if now - began < EVERY:
            self._written[line] = began, left_out + 1
            return False
        if len(self._written) >= REMEMBERED:
            del self._written[next(iter(self._written))]
        self._written[line] = now, 0
        record.left_out = left_out
        return True


def _raised(record: logging.LogRecord) -> tuple[object, ...]:
    """What was raised, and where."""
    if not record.exc_info or record.exc_info[1] is None:
        return ()
    error, at = record.exc_info[1], record.exc_info[1].__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return type(error), at and (at.tb_frame.f_code, at.tb_lineno)
