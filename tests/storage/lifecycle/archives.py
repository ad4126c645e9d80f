"""Makes an archive of a store, reads it back, and tells all that is in a store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage import tables
from storage.engine.transaction import Snapshot
from storage.lifecycle import archive, restore
from storage.stories import version
from tests.storage.stores import Store


async def content(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every field of every row, but for how often stories were changed: to restore them is a change
    too; and what the database works out itself."""

    def read(session: Snapshot) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: sorted(
                (
                    dict(row)
                    for row in session.execute(select(table)).mappings()
                    if row.get("key") != version.KEY
                ),
                key=lambda row: json.dumps(row, default=str, sort_keys=True),
            )
            for table in tables.every().sorted_tables
            if table.name not in tables.WORKED_OUT
        }

    return await store.database.read(read)


async def backup(store: Store, name: str = "backup") -> Path:
    path = store.folder / name
    await archive.backup(store.database, store.vault, store.log, path)
    return path


async def read_back(path: Path, target: Store) -> int:
    return await restore.restore(path, target.database, target.vault, target.log)
