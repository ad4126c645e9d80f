"""What the functions of the store work in: a connection that carries the vault."""

from __future__ import annotations

from typing import Self

from sqlalchemy import Connection, Engine

from storage.vault.vault import Vault


class Locked(Exception):
    """The database was not unlocked with its key yet."""


class Transaction(Connection):
    """One transaction of the database, with the vault that seals what is written in it and opens
    what is read."""

    def __init__(self, engine: Engine, vault: Vault | None) -> None:
        super().__init__(engine)
        self._vault = vault

    def __enter__(self) -> Self:
        return self

    @property
    def vault(self) -> Vault:
        """Raises Locked."""
        if self._vault is None:
            raise Locked("what is sealed is read once the database is unlocked with its key")
        return self._vault


class Snapshot:
    """A transaction that reads one moment of the database."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.execute = transaction.execute

    @property
    def vault(self) -> Vault:
        """Raises Locked."""
        return self.transaction.vault


Reads = Transaction | Snapshot
"""What reading functions take; in a transaction they see what it wrote before."""
