"""Reads an archive back into an empty database, without what was erased since."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from storage import migrations, tables
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.types import core
from storage.lifecycle.archive_file import (
    OTHER_KEY,
    ArchiveProblem,
    read_lines,
    row_from_json,
)
from storage.lifecycle.replay import Replay
from storage.lifecycle.unlock import KEY_CHECK
from storage.vault.erasure import Erased, ErasureLog, NoErasureLog
from storage.vault.vault import Vault

ROWS = 500
"""So many rows are written at once."""
_REPLACED = {core(tables.Meta).name, core(tables.GuideVersion).name}
"""What a database may hold already when it is restored: `start` and `run` put it there."""


@dataclass(frozen=True, slots=True)
class ErasureComparison:
    """An erasure log beside an archive: how many `entries` it has, how many of those are `later`
    than the archive, and of when the `newest` is. An archive of an older Vertelbot, that is not
    `marked`, only knows how many there were."""

    entries: int
    later: int
    newest: str
    marked: bool


async def restore(path: Path, database: Database, vault: Vault, log: ErasureLog) -> int:
    """Read an archive into an empty database, without what was erased since; the number of rows.

    Nothing is kept unless all of it is. Raises ArchiveProblem, and NoErasureLog as `compare`.
    """
    erased = await asyncio.to_thread(log.read)
    return await database.write(lambda connection: _restore(connection, path, vault, erased))


def _restore(connection: Transaction, path: Path, vault: Vault, erased: Erased) -> int:
    for table in tables.every().sorted_tables:
        if table.name not in _REPLACED | tables.WORKED_OUT and filled(connection, table):
            raise ArchiveProblem(
                "the database is not empty: restore into a new one, so that nothing is mixed up"
            )
    replay = Replay(vault, erased)
    kept = 0
    with path.open("rb") as file:
        lines = read_lines(file, vault)
        _compared(_header(lines), erased)
        for name in _REPLACED:
            connection.execute(delete(tables.every().tables[name]))
        batch: list[dict[str, Any]] = []
        current: Table | None = None
        for read, line in enumerate(lines):
            if isinstance(line, dict):
                if line["rows"] != read:
                    raise ArchiveProblem("the archive is damaged: rows are missing")
                break
            table = tables.every().tables[line[0]]
            if table is not current or len(batch) == ROWS:
                _insert(connection, current, batch)
                batch, current = [], table
            row = replay.row(table, row_from_json(table, line[1]))
            if row is not None:
                batch.append(row)
                kept += 1
        _insert(connection, current, batch)
        for _ in lines:
            raise ArchiveProblem("the archive is damaged: it goes on after its end")
    replay.finish(connection)
    meta = core(tables.Meta)
    check = connection.scalar(select(meta.c.value).where(meta.c.key == KEY_CHECK))
    if check is None or not vault.fits(check):
        raise ArchiveProblem(OTHER_KEY)
    _raise_sequences(connection)
    return kept


def compare(path: Path, vault: Vault, log: ErasureLog) -> ErasureComparison:
    """How an erasure log stands to an archive. Raises ArchiveProblem, and NoErasureLog when the log
    is missing, or does not hold everything that had been erased when the archive was made."""
    with path.open("rb") as file:
        return _compared(_header(read_lines(file, vault)), log.read())


def _compared(head: dict[str, Any], erased: Erased) -> ErasureComparison:
    have, had = len(erased.weeks), int(head["erased"])
    known = {" ".join(entry) for entry in erased.weeks}
    missed = len(set(head["entries"]) - known) if "entries" in head else max(0, had - have)
    if missed:
        raise NoErasureLog(
            f"the list of what was erased is not the one of this archive, or an older one: it has "
            f"{have} entries, and misses {missed} of the {had} that there were when the archive "
            "was made. Put the newest one, which lies with the backups or the key, in its place"
        )
    return ErasureComparison(have, have - had, erased.newest, marked="entries" in head)


def _header(lines: Iterator[Any]) -> dict[str, Any]:
    """The first line, checked."""
    head: dict[str, Any] = next(lines)
    if head["schema"] not in {migrations.HEAD, *migrations.SAME_ROWS}:
        raise ArchiveProblem(
            f"the archive has tables of version {head['schema']}, this Vertelbot has "
            f"{migrations.HEAD}: restore it with the Vertelbot that made it, then upgrade"
        )
    return head


def filled(connection: Connection, table: Table) -> bool:
    """Whether there is a row."""
    return connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None


def _insert(connection: Transaction, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(insert(table), rows)


def _raise_sequences(connection: Transaction) -> None:
    """On PostgreSQL new ids go on after those that were read in."""
    if connection.dialect.name != "postgresql":
        return
    for model in (tables.Inbox, tables.Outbox, tables.Audit, tables.Narrowing):
        table = core(model)
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        connection.execute(
            select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest + 1, False))
        )
