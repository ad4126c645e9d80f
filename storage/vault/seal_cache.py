"""Cache of decrypted values, keyed by row and ciphertext."""

from __future__ import annotations

MOST = 4000
"""So many values are remembered at most."""


class SealCache:
    """By row and seal. A seal is never made twice, so what is here is what it was put on."""

    def __init__(self) -> None:
        self._what: dict[tuple[str, bytes], object] = {}

    def __len__(self) -> int:
        return len(self._what)

    def remember(self, row: str, seal: bytes, what: object) -> None:
        """`what` must never change."""
        if len(self._what) >= MOST:
            self._what.clear()
        self._what[row, seal] = what

    def opened(self, row: str, seal: bytes) -> object:
        """What this seal was put on; None when it must be opened."""
        return self._what.get((row, seal))

    def forget(self) -> None:
        """Something was erased: nothing stays in memory either."""
        self._what.clear()
