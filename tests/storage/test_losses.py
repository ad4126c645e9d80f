"""What was erased stays erased, in whatever order is erased, backed up, lost and restored."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.engine.database import Database
from storage.lifecycle import archive, archive_file, restore
from storage.lifecycle.unlock import unlock
from storage.stories import withdrawals
from storage.stories.stories import STORY
from storage.vault.erasure import COPY, ErasureLog, NoErasureLog
from storage.vault.vault import Vault
from tests.storage.stores import WEEK, Store

DEEDS = ("keep", "erase", "backup", "by_hand", "export", "away", "back")


@dataclass
class Machine:
    """A store with its key, a folder for backups, an USB stick and a safe; and what was kept and
    erased as far as each archive and each list can know it."""

    folder: Path
    store: Store
    kept: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    archives: list[tuple[Path, set[str], set[str]]] = field(default_factory=list)
    lists: dict[str, tuple[Path, set[str]]] = field(default_factory=dict)

    @classmethod
    async def bought(cls, folder: Path) -> Machine:
        for name in ("backups", "stick", "safe", "keys"):
            (folder / name).mkdir()
        database = Database(f"sqlite:///{folder}/vertelbot.db")
        database.start()
        key = folder / "keys" / "vertelbot.key"
        vault, log = await unlock(database, key, folder / "backups")
        made = cls(folder, Store(str(database.url), folder, database, vault, log))
        made._reached()
        return made

    @property
    def here(self) -> bool:
        """Whether the folder of the backups is."""
        return (self.folder / "backups").is_dir()

    async def do(self, deed: str) -> None:
        store, log = self.store, self.store.log
        match deed:
            case "keep":
                self.kept.add((await store.story())[0])
            case "erase" if self.kept - self.erased:
                gone = min(self.kept - self.erased)
                await store.database.write(lambda c: withdrawals.withdraw(c, gone, log, WEEK))
                self.erased.add(gone)
            case "backup" if self.here:
                await self._archive(self.folder / "backups")
            case "by_hand":
                await self._archive(self.folder / "stick")
                log.put_copy(self.folder / "stick" / COPY)
                self.lists["stick"] = self.folder / "stick" / COPY, set(self.erased)
            case "export":
                log.put_copy(self.folder / "safe" / COPY)
                self.lists["safe"] = self.folder / "safe" / COPY, set(self.erased)
            case "away" if self.here:
                (self.folder / "backups").rename(self.folder / "elsewhere")
                self.lists["backups"] = self.folder / "elsewhere" / COPY, self.lists["backups"][1]
            case "back" if not self.here:
                (self.folder / "elsewhere").rename(self.folder / "backups")
                log.catch_up()
        self._reached()

    def _reached(self) -> None:
        assert self.store.log.behind() is (not self.here)
        if self.here:
            self.lists["backups"] = self.folder / "backups" / COPY, set(self.erased)

    async def _archive(self, folder: Path) -> None:
        path, store = folder / f"{len(self.archives)}.vb", self.store
        await archive.backup(store.database, store.vault, store.log, path)
        shutil.copy(path, self.folder / path.name)  # wherever the folder is later
        now = self.kept - self.erased, set(self.erased)
        self.archives.append((self.folder / path.name, *now))


async def restored(machine: Machine, path: Path, erasures: Path) -> set[str]:
    """The stories after a restore on another machine, with the key and one of the lists."""
    with tempfile.TemporaryDirectory() as name:
        key = Path(name) / "vertelbot.key"
        shutil.copy(machine.folder / "keys" / "vertelbot.key", key)
        shutil.copy(erasures, f"{key}.erased")
        database = Database(f"sqlite:///{name}/again.db")
        database.start()
        try:
            vault, log = Vault.load(key), ErasureLog.beside(key)
            await restore.restore(path, database, vault, log)
            return await database.write(lambda c: set(c.scalars(select(STORY.c.id))))
        finally:
            database.close()


async def live_and_lose(deeds: Sequence[str]) -> int:
    """Live through the deeds, lose the machine, and restore the newest archives with each of the
    lists; how many tries that were."""
    tries = 0
    with tempfile.TemporaryDirectory() as name:
        machine = await Machine.bought(Path(name))
        try:
            for deed in ("keep", "keep", *deeds):
                await machine.do(deed)
        finally:
            machine.store.close()
        for path, kept, erased in machine.archives[-2:]:
            for where, (erasures, known) in machine.lists.items():
                tries += 1
                check = partial(restore.compare, path, machine.store.vault, ErasureLog(erasures))
                if not erased <= known:
                    with pytest.raises(NoErasureLog, match="older one"):
                        check()
                    with pytest.raises(NoErasureLog):
                        await restored(machine, path, erasures)
                    continue
                found = check()
                assert bool(found.later) is bool(known - erased)
                assert bool(found.newest) is bool(known)
                back = await restored(machine, path, erasures)
                assert back == kept - known, where
                if where == "backups" and machine.here:
                    assert not back & machine.erased
    return tries


@example(deeds=["by_hand", "erase"])
@example(deeds=["backup", "erase", "away", "erase", "back"])
@example(deeds=["away", "erase", "by_hand"])
@example(deeds=["export", "erase", "backup"])
@settings(max_examples=4, deadline=None, derandomize=True)
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=2, max_size=7))
def test_what_was_erased_does_not_come_back_in_any_order(deeds: list[str]) -> None:
    asyncio.run(live_and_lose(deeds))


def test_in_a_hundred_orders_too(torture: bool) -> None:
    orders = st.lists(st.sampled_from(DEEDS), min_size=2, max_size=12)

    @settings(max_examples=100, deadline=None)
    @given(deeds=orders)
    def check(deeds: list[str]) -> None:
        asyncio.run(live_and_lose(deeds))

    if torture:
        check()
    assert asyncio.run(live_and_lose(["backup", "erase", "by_hand", "erase"])) == 4


def test_an_older_list_beside_the_key_gets_back_what_its_copy_knows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A restore looks at the copy first: it is not told to restore again what it is restoring."""
    log = ErasureLog(tmp_path / "key.erased", tmp_path)
    log.create()
    old = log.path.read_bytes()
    log.add(WEEK, ("story", "aa"), ("person", "bb"))
    log.path.write_bytes(old)  # put back from an old safe
    assert log.behind()
    log.add(WEEK, ("story", "cc"))
    assert set(log.read().weeks) == {("story", "aa"), ("person", "bb"), ("story", "cc")}
    assert log.path.read_bytes() == (tmp_path / COPY).read_bytes()
    assert not log.behind()
    assert "a restore heeds them from here on" in caplog.text


def test_what_is_damaged_in_a_copy_does_not_come_into_the_list(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "key.erased", tmp_path)
    (tmp_path / COPY).write_text("what is this\nstory zz 2026-W01\nstory torn")
    log.create()
    log.add(WEEK, ("story", "aa"))
    assert set(log.read().weeks) == {("story", "zz"), ("story", "aa")}


def test_a_folder_that_is_away_is_said_and_never_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = ErasureLog(tmp_path / "key.erased", tmp_path / "usb")
    log.create()
    log.add(WEEK, ("story", "aa"))
    assert log.read().has("story", "aa")
    assert "mount it" in caplog.text
    assert log.behind()
    assert not (tmp_path / "usb").exists()
    (tmp_path / "usb").mkdir()
    assert log.catch_up()
    assert (tmp_path / "usb" / COPY).read_bytes() == log.path.read_bytes()
    assert (tmp_path / "usb" / COPY).stat().st_mode & 0o777 == 0o600


async def test_an_archive_of_before_only_knows_how_many_there_were(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    await store.story()
    write = archive_file.ArchiveWriter.line

    def as_before(self: archive_file.ArchiveWriter, value: object) -> None:
        write(self, {k: v for k, v in value.items() if k != "entries"} if isinstance(value, dict)
              else value)  # fmt: skip

    with monkeypatch.context() as patch:
        patch.setattr(archive_file.ArchiveWriter, "line", as_before)
        await archive.backup(store.database, store.vault, store.log, tmp_path / "old.vb")
    assert not restore.compare(tmp_path / "old.vb", store.vault, store.log).marked
    store.log.add(WEEK, ("story", "aa"))
    await archive.backup(store.database, store.vault, store.log, tmp_path / "new.vb")
    other = ErasureLog(tmp_path / "other.erased")
    other.add(WEEK, ("story", "bb"))  # as long, but another one
    with pytest.raises(NoErasureLog, match="misses 1 of the 1"):
        restore.compare(tmp_path / "new.vb", store.vault, other)
