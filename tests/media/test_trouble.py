"""What is wrong around the queue: a disk that is full, a machine that allows no low priority."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.media import transcription_queue
from bot.settings import Settings, Speech
from storage.engine import writer
from tests.botapi import BotApi
from tests.end_to_end.kit import House, Phone, running, settings
from tests.end_to_end.scripts import Tap
from tests.faults.disk import Disk
from tests.media.parrot import SENTENCE
from tests.media.test_telegram import AFTER_IT, does, says
from tests.media.test_transcription_queue import Clip, settled, speaks
from tests.media.test_transcription_queue import worker as worker

REFUSED = """
import ctypes, os, platform, struct

def step(code, otherwise, value):
    return struct.pack("HBBI", code, 0, otherwise, value)

class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

number = {"x86_64": 141, "aarch64": 140}[platform.machine()]
steps = step(0x20, 0, 0) + step(0x15, 1, number) + step(6, 0, 0x50001) + step(6, 0, 0x7FFF0000)
program = Program(len(steps) // 8, steps)
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
try:
    os.nice(1)
except PermissionError:
    from bot.media import worker
    worker.main()
"""
"""The real worker where `setpriority` is refused (EPERM), as a unit of systemd may do."""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription_queue, "PAUSE", 0.05)
    monkeypatch.setattr(writer, "BACK_OFF", (0.02,))


@pytest.fixture
def given(tmp_path: Path, api: BotApi, model: Path) -> Settings:
    speech = Speech(model=str(model), threads=1)
    return settings(tmp_path, telegram=api).model_copy(update={"speech": speech})


async def complains(caplog: pytest.LogCaptureFixture) -> None:
    """Wait until it is said once more that transcription is paused."""
    before = caplog.text.count("transcription paused (the database cannot be used")
    async with asyncio.timeout(60):
        while caplog.text.count("transcription paused (the database cannot be used") == before:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("hurried")
async def test_a_full_disk_ends_nothing_and_afterwards_recordings_are_written_out(
    worker: Callable[[str], Path],
    tmp_path: Path,
    api: BotApi,
    given: Settings,
    clip: Clip,
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk, go = Disk(), tmp_path / "go"
    worker(
        f"while number == 1 and not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)\n"
        "sys.exit(1) if number == 1 else says('Zij luisterde een uur.')"
    )
    with disk.mounted():
        async with running(tmp_path, api, given=given) as house:
            alice = house.phone("Alice")
            await speaks(alice, clip)
            await house.until("blob WHERE state = 'working'")
            disk.full = True
            go.touch()
            await complains(caplog)  # it cannot even be put back
            house.clock.move(seconds=transcription_queue.LEASE.total_seconds() + 1)
            await complains(caplog)  # nor taken again
            disk.full = False
            await does(alice, Tap("Klaar"), *AFTER_IT)
            await says(alice, "Zij luisterde een uur.")


@pytest.mark.usefixtures("hurried")
async def test_it_stops_on_a_full_disk_too(
    worker: Callable[[str], Path], tmp_path: Path, api: BotApi, given: Settings, clip: Clip
) -> None:
    disk = Disk()
    worker("time.sleep(60)")
    with disk.mounted():
        async with asyncio.timeout(60), running(tmp_path, api, given=given) as house:
            await speaks(house.phone("Alice"), clip)
            await house.until("blob WHERE state = 'working'")
            disk.full = True


async def test_where_no_low_priority_is_allowed_it_writes_out_all_the_same(
    house: House, alice: Phone, clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "refused.py"
    script.write_text(REFUSED)
    monkeypatch.setattr(transcription_queue, "WORKER", (str(script),))
    await speaks(alice, clip)
    await settled(house)
    await does(alice, Tap("Klaar"), *AFTER_IT)
    await says(alice, SENTENCE)
