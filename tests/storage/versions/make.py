"""Writes a small filled database of the current version, for later versions to upgrade from.

Run `python -m tests.storage.versions.make` when the newest migration was added or changed; once it
is released, neither the migration nor its file changes any more.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage import migrations, tables
from storage.coordinators import coordinators, teams
from storage.engine.transaction import Snapshot
from storage.lifecycle import archive_file
from storage.stories import stories
from tests.storage.stores import Store, open_store
from tests.storage.vault.test_erasure import fill

HERE = Path(__file__).parent


async def described(store: Store) -> dict[str, Any]:
    """Every row, and what must still be found in them."""
    person_id, story_id = await fill(store, around=1)
    await store.database.write(lambda c: teams.add(c, "Wijkteam Oost", "Zwolle"))
    await store.database.write(lambda c: coordinators.add(c, "association", "Bob"))

    def rows(session: Snapshot) -> dict[str, Any]:
        connection = session.transaction
        return {
            table.name: [
                archive_file.row_to_json(table, row)
                for row in connection.execute(select(table)).mappings()
            ]
            for table in tables.every().sorted_tables
            if table.name not in tables.WORKED_OUT
        }

    code = await store.database.read(lambda s: stories.code_of(s, story_id))
    return {
        "person": person_id,
        "story": story_id,
        "code": code,
        "key": json.loads(store.key_file.read_text()),
        "rows": await store.database.read(rows),
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        store = await open_store(f"sqlite:///{name}/v.db", Path(name))
        data = await described(store)
        store.close()
    path = HERE / f"{migrations.HEAD}.json"
    with path.open("w") as file:
        json.dump(data, file, indent=1)


if __name__ == "__main__":
    asyncio.run(main())
