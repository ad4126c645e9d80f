"""Archives: the whole store in one encrypted file that either kind of database reads back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Table, select

from storage import migrations, tables
from storage.engine.database import Database
from storage.engine.transaction import Snapshot
from storage.files import private_file
from storage.lifecycle.archive_file import ArchiveWriter, row_to_json
from storage.vault.erasure import Erased, ErasureLog
from storage.vault.vault import Vault

ROWS = 500
"""So many rows are read at once."""


class Interrupted(Exception):
    """The archive was not finished, because the database is being closed."""


async def backup(database: Database, vault: Vault, log: ErasureLog, path: Path) -> int:
    """Write everything, as it is at one moment, to a new private file; the number of rows. The
    database goes on working. Raises FileExistsError."""
    erased = await asyncio.to_thread(log.read)
    every = tables.every().sorted_tables

    def read(session: Snapshot) -> int:
        with private_file(path, replace=False) as file:
            connection, head = session.transaction, migrations.HEAD
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
    writer = ArchiveWriter(file, vault)
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
