"""Who typed much: what they do next may cost much, for a whole story is read more than once."""

from __future__ import annotations

LONG = 2000
"""Characters of one browser, all together, from which on its messages may cost much."""
REMEMBERED = 20_000
"""Browsers of which is remembered how much they typed; who typed longest ago is forgotten."""


class LongTexts:
    """Counts the characters of each browser, in memory only."""

    def __init__(self) -> None:
        self._typed: dict[str, int] = {}

    def costly(self, address: str, more: int) -> bool:
        """Whether a message of this browser, with so many characters, may cost much."""
        typed = self._typed.pop(address, 0) + more
        if typed:
            self._typed[address] = typed
        if len(self._typed) > REMEMBERED:
            del self._typed[next(iter(self._typed))]
        return typed > LONG
