"""Remembers when questions were first tapped in this process."""

from __future__ import annotations

import time

REMEMBERED = 5000
"""The most questions whose first tap is remembered."""


class FirstTaps:
    """When questions were first tapped, by the monotonic clock of this process."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], float] = {}

    def since(self, person_id: str, question: str) -> float:
        """Milliseconds since a person first tapped a question: 0 the first time."""
        now = time.monotonic()
        first = self._first.setdefault((person_id, question), now)
        if len(self._first) > REMEMBERED:
            del self._first[next(iter(self._first))]
        return (now - first) * 1000
