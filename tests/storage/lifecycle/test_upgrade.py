"""Before the tables change there is a backup, and only one process changes them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage import migrations
from storage.engine import database
from storage.engine.database import AlreadyRunning, Database
from storage.lifecycle import restore
from storage.lifecycle.upgrade import NoWayBack, Precaution
from storage.migrations import WrongSchema
from storage.stories import stories
from storage.vault.vault import KeyProblem, Vault
from tests.forks import PIPE, Fork, forked
from tests.storage.stores import Postgres, Store, open_store

ROOT = Path(__file__).parents[3]
NEXT = '''
"""A version that might come."""

import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    Path(__file__).with_name("begun").touch()
    op.create_table("ran", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO ran DEFAULT VALUES")
    op.add_column("team", sa.Column("colour", sa.String(), nullable=True))
    time.sleep({seconds})
'''
PROCESS = """
import sys
from pathlib import Path
from storage import migrations
from storage.engine.database import Database
from storage.lifecycle.upgrade import Precaution

migrations.FOLDER, migrations.HEAD = Path(sys.argv[1]), "9999"
url, exclusive, key, folder = sys.argv[2], sys.argv[3] == "run", Path(sys.argv[4]), sys.argv[5]
database = Database(
    url, exclusive=exclusive, before_upgrade=Precaution(key, Path(folder) if folder else None)
)
database.start()
print("up to date", flush=True)
database.close()
"""


def next_version(folder: Path, seconds: float = 0) -> Path:
    """The migrations, with one more."""
    there = folder / "migrations"
    shutil.copytree(migrations.FOLDER, there, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(head=migrations.HEAD, seconds=seconds)
    (there / "versions" / "9999_next.py").write_text(text)
    return there


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """This code knows one version more; the one before."""
    before = migrations.HEAD
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "FOLDER", next_version(tmp_path))
        patch.setattr(migrations, "HEAD", "9999")
        yield before


async def filled(store: Store) -> str:
    story_id, _ = await store.story(await store.person())
    store.close()
    return story_id


def upgraded(store: Store, folder: Path | None) -> Database:
    opened = Database(store.url, before_upgrade=Precaution(store.key_file, folder))
    opened.start()
    opened.close()
    return opened


async def test_the_backup_is_read_back_by_the_version_before(
    url: str,
    tmp_path: Path,
    postgres: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = await open_store(url, tmp_path)
    kept = await filled(store)
    before = migrations.HEAD
    folder = tmp_path / "backups"
    folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "FOLDER", next_version(tmp_path))
        patch.setattr(migrations, "HEAD", "9999")
        said = upgraded(store, folder).upgraded
    assert f"from version {before} to 9999" in said
    assert f"vertelbot restore {folder}/vertelbot.version-{before}.vb" in said
    assert said in caplog.text
    copy = folder / f"vertelbot.version-{before}.vb"
    assert copy.stat().st_mode & 0o777 == 0o600
    for number, target in enumerate((f"sqlite:///{tmp_path}/second.db", postgres.fresh())):
        back = await open_store(target, tmp_path)
        await restore.restore(copy, back.database, back.vault, back.log)
        story = await back.database.read(lambda s, v=back.vault: stories.read(s, kept))  # type: ignore[misc]
        assert story is not None, number
        back.close()


async def test_without_a_folder_it_lies_beside_a_sqlite_file(
    sqlite_store: Store, newer: str
) -> None:
    await filled(sqlite_store)
    upgraded(sqlite_store, None)
    assert (sqlite_store.folder / f"vertelbot.version-{newer}.vb").is_file()


async def test_without_a_folder_a_server_is_not_changed(postgres_store: Store, newer: str) -> None:
    await filled(postgres_store)
    with pytest.raises(NoWayBack, match="VERTELBOT_BACKUP__FOLDER"):
        upgraded(postgres_store, None)
    assert issubclass(NoWayBack, WrongSchema)  # so it is shown without a traceback
    engine = create_engine(Database(postgres_store.url).url)
    assert migrations.current(engine) == newer
    engine.dispose()


async def test_a_database_that_nobody_used_yet_is_changed_without_a_backup(
    store: Store, newer: str, tmp_path: Path
) -> None:
    store.close()
    upgraded(store, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


async def test_without_the_right_key_nothing_changes(
    store: Store, newer: str, tmp_path: Path
) -> None:
    await filled(store)
    store.key_file.rename(tmp_path / "aside")
    with pytest.raises(KeyProblem):
        upgraded(store, tmp_path / "backups")
    Vault.create(store.key_file)
    with pytest.raises(NoWayBack, match="does not belong"):
        upgraded(store, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


async def test_a_folder_that_is_away_is_not_made_on_the_disk_below_it(
    store: Store, newer: str, tmp_path: Path
) -> None:
    await filled(store)
    with pytest.raises(NoWayBack, match="mount its disk"):
        upgraded(store, tmp_path / "usb" / "backups")
    assert not (tmp_path / "usb").exists()


async def test_without_room_for_the_backup_nothing_changes(
    store: Store, newer: str, tmp_path: Path
) -> None:
    await filled(store)
    (tmp_path / "backups").write_text("This is no folder.")
    with pytest.raises(NoWayBack, match="make that folder or room"):
        upgraded(store, tmp_path / "backups")
    engine = create_engine(Database(store.url).url)
    assert migrations.current(engine) == newer
    engine.dispose()


async def comes(path: Path) -> bool:
    """Whether there is such a file within twenty seconds."""
    for _ in range(2000):
        if await asyncio.to_thread(path.exists):
            return True
        await asyncio.sleep(0.01)
    return False


async def start(*arguments: str) -> Fork:
    return await forked("-c", PROCESS, *arguments, stdout=PIPE)


async def test_two_processes_at_once_change_the_tables_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(url, tmp_path)
    await filled(store)
    there = next_version(tmp_path, seconds=1.5)
    key, folder = str(store.key_file), str(tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    first = await start(str(there), url, "run", key, folder)
    assert await comes(there / "versions" / "begun")
    second = await start(str(there), url, "beside", key, folder)
    said = [(await each.communicate())[0].decode() for each in (first, second)]
    assert said == ["up to date\n"] * 2
    monkeypatch.setattr(migrations, "HEAD", "9999")
    again = Database(url)
    again.start()
    ran = await again.write(lambda c: c.scalar(text("SELECT count(*) FROM ran")))
    again.close()
    assert ran == 1
    assert len(list((tmp_path / "backups").iterdir())) == 1


async def test_a_command_does_not_wait_for_ever_for_an_older_one_that_runs(
    sqlite_store: Store, newer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    with pytest.raises(AlreadyRunning):
        Database(sqlite_store.url, exclusive=False).start()
