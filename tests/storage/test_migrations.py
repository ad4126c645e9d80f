"""The migrations make exactly the tables of `tables.py`, from every version on."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import (
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    inspect,
    text,
)

from storage import migrations, tables
from storage.engine import database
from storage.engine.database import AlreadyRunning, Database
from storage.engine.transaction import Transaction
from storage.engine.types import Utc
from storage.files import write_private
from storage.migrations import WrongSchema
from storage.outbox import outbox, state_counts
from storage.people import people, states
from storage.stories import stories
from storage.vault.erasure import ErasureLog
from tests.storage.people.test_states import state
from tests.storage.stores import Postgres, Store, open_store, telling

DATA = Path(__file__).with_name("versions")


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_one_that_the_code_works_with() -> None:
    assert scripts().get_heads() == [migrations.HEAD]


TAKES_AWAY = re.compile(r"op\.(drop_column|drop_table|rename_table|alter_column|drop_constraint)")
UNDONE = {"0016"}
"""Versions that take something away which the version before it did not use any more, or a check
for a wider one."""


@pytest.mark.parametrize("script", list(scripts().walk_revisions()), ids=lambda each: each.revision)
def test_the_version_before_works_beside_the_new_tables(script: Script) -> None:
    """Replicas are replaced one by one: for a while the old ones run on the new tables. So a
    version adds, and takes away only what the one before had stopped using."""
    text = Path(script.path).read_text("utf-8")
    up = text[: text.index("def downgrade")] if "def downgrade" in text else text
    assert not TAKES_AWAY.search(up) or script.revision in UNDONE
    if script.revision != "0001":
        for added in re.findall(r"op\.add_column\(.*", up):
            assert "nullable=True" in added or "server_default" in added


async def test_migrations_make_exactly_the_tables(store: Store) -> None:
    def compare(connection: Transaction) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables.every()))

    assert await store.database.write(compare) == []


async def test_migrations_make_exactly_the_rules(store: Store) -> None:
    """Checks, partial indexes and cascades, which Alembic does not compare."""
    in_memory = create_engine("sqlite://")
    tables.every().create_all(in_memory)

    def rules(connection: Connection) -> dict[str, Any]:
        look = inspect(connection)
        return {
            name: (
                {check["name"] for check in look.get_check_constraints(name)},
                {index["name"] for index in look.get_indexes(name)
                 if not index.get("duplicates_constraint")},
                {(tuple(key["constrained_columns"]), key["options"].get("ondelete"))
                 for key in look.get_foreign_keys(name)},
            )
            for name in tables.every().tables
        }  # fmt: skip

    with in_memory.connect() as connection:
        wanted = rules(connection)
    assert await store.database.write(rules) == wanted


async def test_no_table_orders_stories_as_they_came(sqlite_store: Store) -> None:
    """Without row numbers nothing says which story was told just after which message."""

    def ordered(connection: Transaction) -> list[str]:
        query = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE :without")
        return list(connection.scalars(query, {"without": "%WITHOUT ROWID%"}))

    assert {"story", "consent", "person"} <= set(await sqlite_store.database.write(ordered))


async def test_starting_again_changes_nothing(url: str, tmp_path: Path) -> None:
    store = await open_store(url, tmp_path)
    story_id, _ = await store.story()
    store.close()
    again = await open_store(url, tmp_path)
    assert await again.database.read(lambda s: stories.read(s, story_id))
    again.close()


async def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    await store.database.write(
        lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    )
    store.close()
    with pytest.raises(WrongSchema, match="9999, newer than"):
        Database(store.url).start()


async def test_beside_a_bot_that_runs_nothing_is_migrated(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    await sqlite_store.database.write(
        lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    )
    with pytest.raises(AlreadyRunning):
        Database(sqlite_store.url, exclusive=False).start()


def revisions() -> list[str]:
    return sorted(script.revision for script in scripts().walk_revisions())


@pytest.mark.parametrize("version", revisions())
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_filled_database_of_every_version_upgrades(
    kind: str, version: str, postgres: Postgres, tmp_path: Path
) -> None:
    """When the newest migration changed before its release, write its file again:
    `python -m tests.storage.versions.make`."""
    data = json.loads((DATA / f"{version}.json").read_text())
    write_private(tmp_path / "key.json", json.dumps(data["key"]).encode(), replace=False)
    ErasureLog.beside(tmp_path / "key.json").create()
    url = f"sqlite:///{tmp_path}/v.db" if kind == "sqlite" else postgres.bare()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    migrations.upgrade(engine, version)
    then = MetaData()
    then.reflect(engine)
    with engine.begin() as connection:
        for table in then.sorted_tables:
            rows = [_row(table, row) for row in data["rows"].get(table.name, [])]
            if rows:
                connection.execute(table.insert(), rows)
    engine.dispose()
    store = await open_store(url, tmp_path)
    read = store.database.read
    story = await read(lambda s: stories.read(s, data["story"]))
    assert story is not None
    assert story.telling == telling()
    assert await read(lambda s: stories.by_code(s, data["code"])) == data["story"]
    person = await read(lambda s: people.by_id(s, data["person"]))
    assert person is not None
    assert person.stories == (data["story"],)
    assert len(await read(lambda s: outbox.log(s, person.id))) == 2
    assert sum((await read(state_counts.by_state)).values()) == 2
    assert await read(lambda s: states.load(s, person.id)) == state(story=data["story"])
    store.close()


def _row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row as the database of that time had it: bytes and moments are text in the file."""
    read: dict[str, Any] = {}
    for name, value in row.items():
        kind = table.columns[name].type
        if value is not None and isinstance(kind, LargeBinary):
            value = base64.b64decode(value)
        elif value is not None and isinstance(kind, DateTime):
            value = datetime.fromisoformat(value)
        read[name] = value
    return read


def test_every_moment_has_a_time_zone() -> None:
    for table in tables.every().sorted_tables:
        for column in table.columns:
            assert "DATETIME" not in str(column.type) or isinstance(column.type, Utc)
