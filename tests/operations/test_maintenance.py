"""The backup of every day: made by itself, seen by whoever watches, and read back. Memory too."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import psutil
import pytest

from bot.__main__ import main
from bot.operations import health
from bot.operations.maintenance import give_back
from bot.settings import Backup
from storage.vault.erasure import COPY
from tests.botapi import BotApi
from tests.end_to_end.kit import House, running, settings
from tests.end_to_end.scripts import RESIDENT, YES_TO_ALL, tell


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A Vertelbot at half past eleven, with backups at three."""
    (tmp_path / "backups").mkdir()
    async with BotApi(near=True) as api:
        backup = Backup(folder=str(tmp_path / "backups"), keep=2)
        given = settings(tmp_path, telegram=api).model_copy(update={"backup": backup})
        async with running(tmp_path, api, given=given) as house:
            yield house


def made(house: House) -> list[Path]:
    return sorted((house.folder / "backups").glob("vertelbot-*.vb"))


async def first(house: House) -> Path:
    """The one that is made up for at the start."""
    await house.until("meta WHERE key = 'backup_made'")
    (path,) = made(house)
    return path


async def ready(house: House) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as session, session.get(f"{house.url}/ready") as answer:
        return answer.status, await answer.json()


async def metric(house: House, name: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{house.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


async def test_one_is_made_up_for_at_the_start_and_then_one_a_day(house: House) -> None:
    only = await first(house)
    assert only.stat().st_mode & 0o777 == 0o600
    assert await house.app.jobs.backups.go() is None
    house.clock.move(hours=15)
    assert await house.app.jobs.backups.go() is None
    house.clock.move(hours=1)
    assert await house.app.jobs.backups.go() in made(house)
    assert len(made(house)) == 2
    house.clock.move(days=1)
    await house.app.jobs.backups.go()
    assert only not in made(house)
    assert len(made(house)) == 2


async def test_it_is_restored_without_what_was_erased_since(house: House, tmp_path: Path) -> None:
    await first(house)
    alice, bob = house.phone("Alice"), house.phone("Bob")
    await tell(alice, RESIDENT, YES_TO_ALL)
    await tell(bob, RESIDENT, YES_TO_ALL)
    house.clock.move(days=1)
    file = await house.app.jobs.backups.go()
    assert file is not None
    await alice.say("/wissen")
    await alice.tap("Ja, wis alles")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(house.folder / "vertelbot.key", elsewhere / "vertelbot.key")
    shutil.copy(file.with_name(COPY), elsewhere / "vertelbot.key.erased")
    config = elsewhere / "config.toml"
    config.write_text(
        '[storage]\nurl = "sqlite:///again.db"\n[privacy]\nkey_file = "vertelbot.key"\n'
    )
    command = ["restore", str(file), "--yes", "--config", str(config)]
    assert await asyncio.to_thread(main, command) == 0
    given = settings(elsewhere, f"sqlite:///{elsewhere}/again.db")
    async with running(elsewhere, house.api, given=given) as again:
        assert len(await again.stories()) == 1
        assert await again.count("person") == 1


async def test_its_age_is_seen(house: House) -> None:
    await first(house)
    house.clock.move(hours=5)
    status, answer = await ready(house)
    assert status == 200
    assert answer["checks"] == {"database": True, "serving": True}
    age = answer["backup_age_seconds"]
    assert isinstance(age, int)
    assert 5 * 3600 <= age < 5 * 3600 + 60
    assert await metric(house, "vertelbot_backup_age_seconds") == pytest.approx(age, abs=60)


async def test_while_the_folder_is_away_it_is_said_that_the_copy_of_what_was_erased_waits(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await first(house)
    monkeypatch.setattr(health, "EVERY", 0.0)
    assert (await ready(house))[1]["erasure_copy"] == "complete"
    alice, folder = house.phone("Alice"), house.folder / "backups"
    await tell(alice, RESIDENT, YES_TO_ALL)
    folder.rename(house.folder / "unmounted")
    await alice.say("/wissen")
    await alice.tap("Ja, wis alles")
    assert await house.stories() == []
    assert "no copy of the newest list" in caplog.text
    status, said = await ready(house)
    assert (status, said["erasure_copy"]) == (200, "waits")
    assert await metric(house, "vertelbot_erasure_copy_waits") == 1
    house.clock.move(days=1)
    assert await house.app.jobs.backups.go() is None
    assert "mount the folder of [backup]" in caplog.text
    assert not folder.exists()
    (house.folder / "unmounted").rename(folder)
    await house.app.jobs.backups.go()  # as it is every minute
    assert (await ready(house))[1]["erasure_copy"] == "complete"
    assert (folder / COPY).read_bytes() == house.app.services.erased.path.read_bytes()


async def test_a_full_disk_is_said_and_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await first(house)
    house.clock.move(days=1)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/secret/place")

    with monkeypatch.context() as patch:
        patch.setattr("storage.lifecycle.archive.write", full)
        assert await house.app.jobs.backups.go() is None
    assert "backup failed (No space left on device)" in caplog.text
    assert "secret" not in caplog.text
    assert await house.app.jobs.backups.go() is None
    house.clock.move(minutes=11)
    assert await house.app.jobs.backups.go()
    assert not list((house.folder / "backups").glob(".*"))


async def test_one_that_is_broken_off_by_a_stop_is_made_up_for_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await first(house)
    house.clock.move(days=1)
    begun, hold = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        begun.set()
        hold.wait()

    with monkeypatch.context() as patch:
        patch.setattr("storage.lifecycle.archive.write", slow)
        making = asyncio.create_task(house.app.jobs.backups.go())
        await asyncio.to_thread(begun.wait, 10)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        hold.set()
    house.clock.move(seconds=2)  # a file is named by its second
    assert await house.app.jobs.backups.go() in made(house)


async def test_without_a_folder_none_is_made(tmp_path: Path) -> None:
    async with BotApi(near=True) as api, running(tmp_path, api) as house:
        assert await house.app.jobs.backups.go() is None
        assert await metric(house, "vertelbot_backup_age_seconds") == 0
        assert "backup_age_seconds" not in json.dumps(await ready(house))


async def test_free_memory_between_what_is_in_use_goes_back_to_the_machine() -> None:
    pieces = [bytes(2000) for _ in range(50_000)]
    kept = pieces[::100]
    del pieces
    before = psutil.Process().memory_info().rss
    await give_back()
    assert before - psutil.Process().memory_info().rss > 50 * 2**20
    assert len(kept) == 500
