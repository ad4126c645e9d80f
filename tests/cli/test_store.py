"""The commands for what is kept: backups and keys, and what is wrong with them."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.lifecycle import archive, rotation
from storage.vault.erasure import COPY, ErasureLog
from storage.vault.vault import Vault
from tests.cli.conftest import Run


def test_a_backup_is_restored_into_an_empty_database(run: Run, tmp_path: Path) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    code, out, _ = run("backup", "backup.vertelbot")
    assert (code, "rows" in out) == (0, True)
    assert run("backup", "backup.vertelbot")[0] == 1
    assert run("restore", "backup.vertelbot", "--yes")[0] == 1
    (tmp_path / "data" / "vertelbot.db").unlink()
    code, out, _ = run("restore", "backup.vertelbot", "--yes")
    assert (code, "rows are back" in out) == (0, True)
    assert "zwolle-oost" in run("team", "list")[1]
    code, _, err = run("restore", "nothing", "--yes")
    assert (code, err) == (1, "nothing: no such file\n")


def test_what_a_command_writes_is_for_its_own_user_alone(run: Run, tmp_path: Path) -> None:
    os.umask(0)
    run("team", "add", "Oost", "--municipality", "Zwolle")
    run("backup", "backup.vb")
    run("key", "export", "copy.key")
    run("export", "--format", "json", "--output", "out.json")
    data = tmp_path / "data"
    (data / "vertelbot.db").unlink()
    run("restore", "backup.vb", "--yes")
    made = {path.name for path in tmp_path.rglob("*")}
    assert {"vertelbot.db", "vertelbot.key.erased", "copy.key.erased", "out.json"} <= made
    assert [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077] == []


def test_files_of_before_are_closed_to_others_at_the_start(run: Run, tmp_path: Path) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    data = tmp_path / "data"
    running = Database(f"sqlite:///{data / 'vertelbot.db'}")
    running.start()  # it has a journal beside it
    files = [each for each in data.iterdir() if each.suffix != ".key"]
    assert {each.suffix for each in files} >= {".db", ".db-wal", ".db-shm", ".lock", ".erased"}
    for each in files:
        each.chmod(0o666)
    run("team", "list")
    running.close()
    running.start()
    running.close()
    assert [each for each in data.iterdir() if each.stat().st_mode & 0o077] == []


def test_a_filled_database_without_its_key_refuses_to_start(run: Run, tmp_path: Path) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    key = tmp_path / "data" / "vertelbot.key"
    assert key.stat().st_mode & 0o777 == 0o600
    whole = key.read_bytes()
    key.unlink()
    code, _, err = run("team", "list")
    assert code == 1
    assert "put it back" in err
    key.write_bytes(whole)
    key.chmod(0o644)
    code, _, err = run("team", "list")
    assert (code, "chmod 600" in err) == (1, True)


def test_the_key_is_exported_and_rotated(run: Run, tmp_path: Path) -> None:
    assert run("key", "export", "copy.key")[0] == 1
    run("coordinator", "add", "Alice")
    assert run("key", "export", "copy.key")[0] == 0
    assert (tmp_path / "copy.key").stat().st_mode & 0o777 == 0o600
    assert run("key", "export", "copy.key")[0] == 1
    assert run("key", "rotate")[0] == 0
    masters = json.loads((tmp_path / "data" / "vertelbot.key").read_text())["masters"]
    assert len(masters) == 2
    assert "Alice" in run("coordinator", "list")[1]
    assert run("key")[0] == 2


def test_after_a_rotation_the_copy_in_the_safe_is_replaced_by_what_contains_it(
    run: Run, tmp_path: Path
) -> None:
    run("coordinator", "add", "Alice")
    key, copy = tmp_path / "data" / "vertelbot.key", tmp_path / "copy.key"
    run("key", "export", "copy.key")
    ErasureLog.beside(key).add("2026-W48", ("story", "aa"))
    assert "--replace" in run("key", "rotate")[1]
    code, _, err = run("key", "export", "copy.key")
    assert (code, "--replace" in err) == (1, True)
    assert run("key", "export", "copy.key", "--replace")[0] == 0
    assert copy.read_bytes() == key.read_bytes()
    assert ErasureLog.beside(copy).read().has("story", "aa")
    Vault.load(copy).rotate()  # and now it holds a key that the other one has not
    before = copy.read_bytes()
    code, _, err = run("key", "export", "copy.key", "--replace")
    assert (code, "is not replaced" in err) == (1, True)
    assert copy.read_bytes() == before
    assert run("key", "export", "new.key", "--replace")[0] == 0
    code, _, err = run("key", "export", "nowhere/new.key")
    assert (code, "No such file or directory" in err) == (1, True)


def test_a_backup_makes_no_folder_where_a_disk_should_be(run: Run, tmp_path: Path) -> None:
    run("coordinator", "add", "Alice")
    code, _, err = run("backup", "usb/backup.vb")
    assert (code, "Is its disk mounted?" in err) == (1, True)
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_a_restore_names_the_newest_that_the_list_has_and_asks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("coordinator", "add", "Alice")
    log = ErasureLog.beside(tmp_path / "data" / "vertelbot.key")
    older = log.path.read_bytes()
    log.add("2026-W48", ("story", "aa"))
    run("backup", "backup.vb")
    log.add("2026-W48", ("story", "bb"))
    (tmp_path / "data" / "vertelbot.db").unlink()
    code, _, err = run("restore", "backup.vb")
    assert code == 1
    assert f"has 2 entries; the newest is of {datetime.now(UTC).date()}. 1 are later" in err
    assert "--yes" in err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert run("restore", "backup.vb")[0] == 1
    newest = log.path.read_bytes()
    log.path.write_bytes(older)
    code, _, err = run("restore", "backup.vb", "--yes")
    assert (code, "misses 1 of the 1" in err) == (1, True)
    log.path.write_bytes(newest)
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert "rows are back" in run("restore", "backup.vb")[1]


def test_a_rotation_that_was_stopped_is_finished_with_the_key_it_made(
    run: Run, tmp_path: Path
) -> None:
    run("coordinator", "add", "Alice")
    key = tmp_path / "data" / "vertelbot.key"
    Vault.load(key).rotate()  # and then it is killed
    code, out, _ = run("key", "rotate")
    assert (code, "is finished" in out) == (0, True)
    assert len(json.loads(key.read_text())["masters"]) == 2
    code, out, _ = run("key", "rotate")
    assert (code, "is finished" in out) == (0, False)
    assert len(json.loads(key.read_text())["masters"]) == 3


def test_beside_a_bot_that_runs_a_rotation_waits_until_that_one_follows(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("coordinator", "add", "Alice")
    monkeypatch.setattr(rotation, "ALL_FOLLOW", 0.1)
    running = Database(f"sqlite:///{tmp_path / 'data' / 'vertelbot.db'}")
    running.start()
    code, out, _ = run("key", "rotate")
    running.close()
    assert (code, "Vertelbot runs, and follows" in out) == (0, True)
    assert "follows" not in run("key", "rotate")[1]


def test_two_rotations_at_once_are_one_too_many(run: Run, tmp_path: Path) -> None:
    run("coordinator", "add", "Alice")
    key = tmp_path / "data" / "vertelbot.key"
    before = key.read_bytes()
    with rotation.alone(key):
        code, _, err = run("key", "rotate")
    assert (code, "is busy" in err) == (1, True)
    assert key.read_bytes() == before


def test_a_key_of_another_user_is_not_taken_away(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("coordinator", "add", "Alice")
    key = tmp_path / "data" / "vertelbot.key"
    before = key.read_bytes()
    monkeypatch.setattr(os, "geteuid", lambda: key.stat().st_uid + 1)
    code, _, err = run("key", "rotate")
    assert (code, "belongs to another user" in err) == (1, True)
    assert key.read_bytes() == before


@pytest.mark.parametrize("command", [("backup", "a.vb"), ("key", "rotate"), ("purge",)])
def test_in_the_wrong_folder_nothing_is_made(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    code, _, err = run(*command)
    assert (code, "there is no database" in err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_is_not_exported(run: Run, tmp_path: Path) -> None:
    run("coordinator", "add", "Alice")
    key = tmp_path / "data" / "vertelbot.key"
    key.write_bytes(key.read_bytes()[:60])
    code, _, err = run("key", "export", "copy.key")
    assert (code, "is damaged" in err) == (1, True)
    assert not (tmp_path / "copy.key").exists()


def test_a_backup_that_finds_no_room_says_so_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("coordinator", "add", "Alice")

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(archive, "write", full)
    code, _, err = run("backup", "a.vb")
    assert (code, err) == (
        1,
        f"a.vb: {os.strerror(errno.ENOSPC)}. Make room, or choose another place\n",
    )
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_a_key_for_which_there_is_no_folder_is_not_told_to_make_room(run: Run) -> None:
    run("coordinator", "add", "Alice")
    code, _, err = run("key", "export", "away/copy.key")
    assert (code, err) == (
        1,
        f"away/copy.key: {os.strerror(errno.ENOENT)}. Choose another place\n",
    )


def test_a_backup_is_not_restored_without_its_key_and_none_is_made(
    run: Run, tmp_path: Path
) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    run("backup", "backup.vb")
    shutil.rmtree(tmp_path / "data")
    code, _, err = run("restore", "backup.vb", "--yes")
    assert (code, "there is no key: put the one there" in err) == (1, True)
    assert {each.name for each in tmp_path.iterdir()} == {"backup.vb", COPY}


def test_purging_says_what_went(run: Run) -> None:
    run("team", "add", "Oost", "--municipality", "Zwolle")
    code, out, _ = run("purge")
    assert code == 0
    assert re.search(r"^stories +0$", out, re.MULTILINE)
    assert set(json.loads(run("purge", "--json")[1]).values()) == {0}


def test_a_damaged_file_is_one_line_with_the_mend(run: Run, tmp_path: Path) -> None:
    assert run("team", "add", "Oost", "--municipality", "Zwolle")[0] == 0
    path, where = tmp_path / "data" / "vertelbot.db", "FROM sqlite_master WHERE name = 'team'"
    with closing(sqlite3.connect(path)) as database:
        (page,) = database.execute(f"SELECT rootpage {where}").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 200)
    code, _, err = run("team", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert "put that file away, and restore the newest backup" in err
