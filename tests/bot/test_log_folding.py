"""A line that repeats is written once a minute, and says how often it was said."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

from bot.log_folding import EVERY, RepeatFilter
from bot.logs import TerminalFormatter, message


def test_a_line_that_repeats_is_one_line_a_minute_with_a_count() -> None:
    now, out = [0.0], io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(TerminalFormatter())
    handler.addFilter(RepeatFilter(message, lambda: now[0]))
    logger = logging.Logger("bot.test")
    logger.addHandler(handler)

    def fail(wrong: Callable[[], object]) -> None:
        try:
            wrong()
        except Exception:
            logger.exception("a turn failed")

    for number in range(5000):
        now[0] = number * EVERY / 4000
        logger.warning("the database is %s", "away")
        fail(lambda: int("x"))
    fail(lambda: [][1])
    lines = [line for line in out.getvalue().splitlines() if not line.startswith(" ")]
    assert lines == [
        "WARNING bot.test: the database is away",
        "ERROR bot.test: a turn failed",
        "ValueError",
        "WARNING bot.test: the database is away (3999 more since it was last said)",
        "ERROR bot.test: a turn failed (3999 more since it was last said)",
        "ValueError",
        "ERROR bot.test: a turn failed",  # of another error
        "IndexError",
    ]
