"""Opens the store: what every command needs, and all that most of them do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.clock import Clock
from bot.settings import Settings
from storage.engine.database import Database
from storage.lifecycle.unlock import unlock
from storage.lifecycle.upgrade import Precaution
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class OpenStore:
    """A store that is open, with the key that fits it."""

    settings: Settings
    clock: Clock
    database: Database
    vault: Vault
    erased: ErasureLog


@contextlib.asynccontextmanager
async def open_store(
    settings: Settings, clock: Clock, *, exclusive: bool = True
) -> AsyncIterator[OpenStore]:
    """The store open and unlocked; closed at the end.

    Raises AlreadyRunning, WrongSchema, KeyProblem or Unavailable, whose texts name the mend.
    """
    key_file, folder = settings.privacy.key_file, settings.backup.path

    careful = Precaution(key_file, folder)
    database = Database(settings.storage.url, exclusive=exclusive, before_upgrade=careful)
    await asyncio.to_thread(database.start)
    try:
        vault, erased = await unlock(database, key_file, folder)
        yield OpenStore(settings, clock, database, vault, erased)
    finally:
        await asyncio.to_thread(database.close)
