"""Addresses that a mail server called unknown in words alone, without a code. No list of words is
complete: a server that refuses everybody may say so of each of them (`Your account does not
exist`). So it is believed once it took a letter for somebody else and then says the same again."""

from __future__ import annotations

MOST = 1000
"""Addresses that are remembered; the oldest are forgotten, and asked about once more."""


class UnknownAddresses:
    """Lives in memory only: after a start a server has to say it twice again."""

    def __init__(self) -> None:
        self._taken = 0
        self._said: dict[str, int] = {}

    def letter_taken(self, address: str) -> None:
        """The server takes letters of ours: what it says of others is about them."""
        self._taken += 1
        self._said.pop(address, None)

    def believed(self, address: str) -> bool:
        """It calls this address unknown; whether that counts."""
        if self._said.setdefault(address, self._taken) < self._taken:
            del self._said[address]
            return True
        if len(self._said) > MOST:
            del self._said[next(iter(self._said))]
        return False
