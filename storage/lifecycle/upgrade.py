"""Takes a backup before a schema upgrade, so that there is a way back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, MetaData, select

from storage import tables
from storage.engine.types import core
from storage.files import private_file
from storage.lifecycle.unlock import KEY_CHECK
from storage.migrations import WrongSchema
from storage.vault.erasure import ErasureLog
from storage.vault.vault import Vault

_OF_ALEMBIC = "alembic_version"
_ALWAYS = {core(tables.Meta).name, core(tables.GuideVersion).name, _OF_ALEMBIC} | tables.WORKED_OUT
"""What stands in a database that nobody has used yet."""


class NoWayBack(WrongSchema):
    """The tables must change, and no backup can be made before. The text names the mend."""


class Precaution:
    """Writes an archive of a filled database as it was, for the Vertelbot that made it: in the
    `folder` for backups, else beside a SQLite file. A newer one of the same version replaces it."""

    def __init__(self, key_file: Path, folder: Path | None) -> None:
        self._key_file = key_file
        self._folder = folder

    def __call__(self, connection: Connection, version: str) -> Path | None:
        """The file, unless nobody used the database yet. Raises NoWayBack, KeyProblem or
        NoErasureLog: then nothing changes."""
        from storage.lifecycle import archive, restore  # hardly any start changes the tables

        then = MetaData()
        then.reflect(connection)
        every = [table for table in then.sorted_tables if table.name != _OF_ALEMBIC]
        if not any(restore.filled(connection, each) for each in every if each.name not in _ALWAYS):
            return None
        vault, log = Vault.load(self._key_file), ErasureLog.beside(self._key_file)
        self._fits(connection, then, vault)
        erased = log.read()
        path = self._path(connection, version)
        try:
            with private_file(path, replace=True) as file:
                archive.write(file, vault, connection, every, version, erased)
        except OSError as error:
            raise NoWayBack(
                f"the tables must change, and no backup could be put at {path} before "
                f"({error.strerror}): make that folder or room in it, mount its disk, or set "
                "another folder under [backup]"
            ) from error
        return path

    def _path(self, connection: Connection, version: str) -> Path:
        name = f"vertelbot.version-{version}.vb"
        if self._folder is not None:
            return self._folder / name
        if connection.dialect.name == "sqlite":
            return Path(connection.engine.url.database or "").with_name(name)
        raise NoWayBack(
            f"the tables must change from version {version}, and there is no place for a backup: "
            "set folder under [backup] (or VERTELBOT_BACKUP__FOLDER) and start again"
        )

    def _fits(self, connection: Connection, then: MetaData, vault: Vault) -> None:
        meta = then.tables[core(tables.Meta).name]
        check = connection.scalar(select(meta.c.value).where(meta.c.key == KEY_CHECK))
        if check is not None and not vault.fits(check):
            raise NoWayBack(
                f"the key file {self._key_file} does not belong to this database: put the right "
                "one back; without it no backup can be made before the tables change"
            )
