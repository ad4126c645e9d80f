"""Archives: the whole store in one encrypted file that either kind of database reads back."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    RowMapping,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from storage import migrations, tables
from storage.engine.database import Database
from storage.engine.transaction import Snapshot, Transaction
from storage.engine.types import Utc, core
from storage.files import private_file
from storage.lifecycle.replay import Replay
from storage.lifecycle.unlock import KEY_CHECK
from storage.vault.erasure import Erased, ErasureLog, NoErasureLog
from storage.vault.vault import SealBroken, Vault

MAGIC = b"VERTELBOT-ARCHIVE"
VERSION = 1
CHUNK = 256 * 1024
ROWS = 500

_HEAD = len(MAGIC) + 2 + 16
_OTHER_KEY = (
    "the archive was made with another key, or it is damaged or cut short: "
    "use the key file it came with, or another archive"
)
_REPLACED = {core(tables.Meta).name, core(tables.GuideVersion).name}
"""What a database may hold already when it is restored: `start` and `run` put it there."""


class ArchiveProblem(Exception):
    """The archive or the database it should go into is not fit. The text names the mend."""


@dataclass(frozen=True, slots=True)
class ErasureComparison:
    """An erasure log beside an archive: how many `entries` it has, how many of those are `later`
    than the archive, and of when the `newest` is. An archive of an older Vertelbot, that is not
    `marked`, only knows how many there were."""

    entries: int
    later: int
    newest: str
    marked: bool


class Interrupted(Exception):
    """The archive was not finished, because the database is being closed."""


async def backup(database: Database, vault: Vault, log: ErasureLog, path: Path) -> int:
    """Write everything, as it is at one moment, to a new private file; the number of rows. The
    database goes on working. Raises FileExistsError."""
    erased = await asyncio.to_thread(log.read)
    every = tables.every().sorted_tables

    def read(session: Snapshot) -> int:
        with private_file(path, replace=False) as file:
            connection, head = session.connection(), migrations.HEAD
            return write(file, vault, connection, every, head, erased, lambda: database.closing)

    return await database.read(read)


def write(
    file: IO[bytes],
    vault: Vault,
    connection: Connection,
    every: Sequence[Table],
    schema: str,
    erased: Erased,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Write these tables, as they are in version `schema`, and what was `erased` by then; the
    number of rows. Raises Interrupted when it is to `stop`."""
    writer = _Writer(file, vault)
    entries = [" ".join(entry) for entry in erased.weeks]
    writer.line({"schema": schema, "erased": len(entries), "entries": entries})
    count = 0
    for table in every:
        if table.name in tables.WORKED_OUT:
            continue
        with connection.execution_options(yield_per=ROWS).execute(select(table)) as rows:
            for row in rows.mappings():
                if count % ROWS == 0 and stop():
                    raise Interrupted
                writer.line([table.name, row_to_json(table, row)])
                count += 1
    writer.line({"rows": count})
    writer.end()
    return count


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
        lines = _lines(file, vault)
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
        raise ArchiveProblem(_OTHER_KEY)
    _raise_sequences(connection)
    return kept


def compare(path: Path, vault: Vault, log: ErasureLog) -> ErasureComparison:
    """How an erasure log stands to an archive. Raises ArchiveProblem, and NoErasureLog when the log
    is missing, or does not hold everything that had been erased when the archive was made."""
    with path.open("rb") as file:
        return _compared(_header(_lines(file, vault)), log.read())


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


# -- rows as JSON


def row_to_json(table: Table, row: RowMapping) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if not isinstance(value, datetime):
        return value
    # A table that was read from SQLite itself does not know that its moments are in UTC.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()


def row_from_json(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row that `row_to_json` wrote."""
    return {name: _value(table.columns[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if isinstance(column.type, Utc) else value


# -- the file: a head, then chunks that are each encrypted and numbered; the last one says so


class _Writer:
    def __init__(self, file: IO[bytes], vault: Vault) -> None:
        salt = os.urandom(16)
        self._file = file
        version = vault.newest  # once: another key may be followed at any moment
        self._head = MAGIC + bytes([VERSION, version]) + salt
        self._cipher = vault.archive_cipher(salt, version)
        self._buffer = bytearray()
        self._number = 0
        file.write(self._head)

    def line(self, value: object) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._buffer += line.encode() + b"\n"
        while len(self._buffer) > CHUNK:
            self._chunk(self._buffer[:CHUNK], last=False)
            del self._buffer[:CHUNK]

    def end(self) -> None:
        self._chunk(self._buffer, last=True)

    def _chunk(self, data: bytes | bytearray, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), bytes(data), self._head)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def _lines(file: IO[bytes], vault: Vault) -> Iterator[Any]:
    """The lines of an archive, each only after its bytes proved genuine."""
    rest = b""
    for chunk in _chunks(file, vault):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (json.loads(line) for line in whole)
    if rest:
        raise ArchiveProblem("the archive is damaged: its last line is not whole")


def _chunks(file: IO[bytes], vault: Vault) -> Iterator[bytes]:
    head = file.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(MAGIC):
        raise ArchiveProblem("this is not an archive of Vertelbot")
    version, key = head[len(MAGIC)], head[len(MAGIC) + 1]
    if version != VERSION:
        raise ArchiveProblem(
            f"the archive has format {version}, this Vertelbot reads {VERSION}: use a newer one"
        )
    try:
        cipher = vault.archive_cipher(head[len(MAGIC) + 2 :], key)
    except SealBroken:
        raise ArchiveProblem(_OTHER_KEY) from None
    number, size = 0, file.read(4)
    while True:
        sealed = file.read(min(int.from_bytes(size, "big"), CHUNK + 16))
        size = file.read(4)
        try:
            yield cipher.decrypt(_nonce(number, not size), sealed, head)
        except (InvalidTag, ValueError):
            raise ArchiveProblem(_OTHER_KEY) from None
        if not size:
            return
        number += 1


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
