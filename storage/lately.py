"""What was sealed lately, in memory: opening it is not needed when a row still holds it."""

from __future__ import annotations

MOST = 2000
"""So many values are remembered at most."""


class Lately:
    """By row and seal. A seal is never made twice, so what is here is what it was put on."""

    def __init__(self) -> None:
        self._what: dict[tuple[str, bytes], object] = {}

    def sealed(self, row: str, seal: bytes, what: object) -> None:
        if len(self._what) >= MOST:
            self._what.clear()
        self._what[row, seal] = what

    def opened(self, row: str, seal: bytes) -> object:
        """What this seal was put on; None when it must be opened."""
        return self._what.get((row, seal))

    def forget(self) -> None:
        """Something was erased: nothing stays in memory either."""
        self._what.clear()
