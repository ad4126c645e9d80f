"""Archives that are refused: damaged, cut short, of another key or other tables, without the list
of what was erased, or where something is already."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import migrations
from storage.lifecycle import archive_file, restore
from storage.lifecycle.archive_file import ArchiveProblem
from storage.stories import stories, withdrawals
from storage.vault.erasure import NoErasureLog
from storage.vault.vault import Vault
from tests.storage.lifecycle.archives import backup, read_back
from tests.storage.stores import WEEK, Store, open_store


async def test_a_restore_without_the_erasure_log_is_refused(
    full: Store, targets: dict[str, Store]
) -> None:
    path = await backup(full)
    full.log.path.unlink()
    with pytest.raises(NoErasureLog, match="missing"):
        await read_back(path, targets["sqlite"])


async def test_a_log_older_than_the_backup_is_refused(
    full: Store, targets: dict[str, Store]
) -> None:
    story_id, _ = await full.story()
    old = full.log.path.read_bytes()
    await full.database.write(lambda c: withdrawals.withdraw(c, story_id, full.log, WEEK))
    path = await backup(full)
    full.log.path.write_bytes(old)
    with pytest.raises(NoErasureLog, match="newest one"):
        await read_back(path, targets["sqlite"])


async def test_a_filled_database_is_not_written_over(full: Store) -> None:
    path = await backup(full)
    with pytest.raises(ArchiveProblem, match="not empty"):
        await read_back(path, full)


async def test_another_key_does_not_open_an_archive(full: Store, tmp_path: Path) -> None:
    path = await backup(full)
    folder = tmp_path / "elsewhere"
    other = await open_store(f"sqlite:///{folder}/v.db", folder)
    with pytest.raises(ArchiveProblem, match="another key"):
        await read_back(path, other)
    assert (await other.database.read(stories.counts))["all"] == 0
    other.close()


async def test_an_archive_made_with_a_later_key_says_so(full: Store, tmp_path: Path) -> None:
    old = full.key_file.read_bytes()
    full.vault.rotate()
    path = await backup(full)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "key.json").write_bytes(old)
    (folder / "key.json").chmod(0o600)
    other = await open_store(f"sqlite:///{folder}/v.db", folder / "fresh")
    old_vault = Vault.load(folder / "key.json")
    with pytest.raises(ArchiveProblem, match="another key"):
        await restore.restore(path, other.database, old_vault, other.log)
    other.close()


@pytest.mark.parametrize("cut", [1, 5, 20, 4000])
async def test_an_archive_cut_short_is_refused_whole(
    full: Store, targets: dict[str, Store], cut: int
) -> None:
    path = await backup(full)
    data = path.read_bytes()
    path.write_bytes(data[:-cut])
    with pytest.raises(ArchiveProblem):
        await read_back(path, targets["sqlite"])
    assert (await targets["sqlite"].database.read(stories.counts))["all"] == 0


async def test_an_archive_cut_between_its_pieces_is_refused(
    full: Store, targets: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_file, "CHUNK", 1000)
    path = await backup(full)
    data = path.read_bytes()
    head = len(archive_file.MAGIC) + 18
    piece = 4 + 1000 + 16
    assert len(data) > head + 3 * piece
    for broken in (
        data[: head + 2 * piece],
        data[:head] + data[head + piece :],
        data[:head] + data[head + piece : head + 2 * piece] + data[head : head + piece],
        data + b"\0\0\0\0",
        data + data[head : head + piece],
    ):
        path.write_bytes(broken)
        with pytest.raises(ArchiveProblem, match="damaged or cut short"):
            await read_back(path, targets["sqlite"])


async def test_one_changed_byte_is_noticed(full: Store, targets: dict[str, Store]) -> None:
    path = await backup(full)
    data = path.read_bytes()
    for place in (3, 17, 18, 25, 40, len(data) // 2, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ArchiveProblem):
            await read_back(path, targets["sqlite"])


async def test_an_archive_of_other_tables_names_both_versions(
    full: Store, targets: dict[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "HEAD", "9999")
    path = await backup(full)
    monkeypatch.undo()
    with pytest.raises(ArchiveProblem, match=f"version 9999, this Vertelbot has {migrations.HEAD}"):
        await read_back(path, targets["sqlite"])


async def test_a_backup_never_replaces_a_file(full: Store) -> None:
    path = await backup(full)
    with pytest.raises(FileExistsError):
        await backup(full)
    assert [file.name for file in path.parent.iterdir() if file.name.endswith(".new")] == []
