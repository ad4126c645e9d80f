"""Unlocks a database with its key."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from storage import meta
from storage.engine.database import Database
from storage.files import tighten
from storage.vault.erasure import ErasureLog
from storage.vault.vault import KeyProblem, Vault

KEY_CHECK = "key_check"


async def unlock(
    database: Database, key_file: Path, folder: Path | None = None
) -> tuple[Vault, ErasureLog]:
    """The vault and erasure log of a started database; both are made when the database is new. The
    log has a copy in the `folder` of the backups.

    Raises KeyProblem when a filled database misses its key or was filled with another one, and
    NoErasureLog when there is a key without its log.
    """
    check = await database.read(lambda session: meta.get(session, KEY_CHECK))
    vault, log = await asyncio.to_thread(_files, key_file, folder, check is None)
    if check is None:
        fresh = vault.check()
        check = await database.write(lambda connection: meta.offer(connection, KEY_CHECK, fresh))
    if not vault.fits(check):
        raise KeyProblem(
            f"the key file {key_file} does not belong to this database: "
            "put the right one back, or point `storage.url` at the database of this key"
        )
    database.vault = vault
    await asyncio.to_thread(log.catch_up)
    return vault, log


def _files(key_file: Path, folder: Path | None, new: bool) -> tuple[Vault, ErasureLog]:
    log = ErasureLog.beside(key_file, folder)
    tighten(log.path)
    if new and not key_file.exists():
        # Each may be there by now: another process that starts was first.
        with contextlib.suppress(FileExistsError):
            log.create()
        with contextlib.suppress(FileExistsError):
            return Vault.create(key_file), log
    vault = Vault.load(key_file)
    log.read()
    return vault, log
