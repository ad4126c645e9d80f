"""Two processes on one PostgreSQL: a recording is transcribed once, whoever of them is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.media import transcription_queue
from bot.settings import Settings, Speech
from storage.stories import blobs
from tests.botapi import BotApi
from tests.end_to_end.kit import MovableClock, Phone, free_port, it_runs, running, settings
from tests.end_to_end.scripts import Tap
from tests.media.test_telegram import AFTER_IT, does, says
from tests.media.test_transcription_queue import BEGIN, settled, speaks

Clip = Callable[[str], bytes]
ROOT = Path(__file__).parents[2]

BOT = """
import sys
from bot.__main__ import main
from bot.media import transcription_queue
transcription_queue.POLL, transcription_queue.WORKER = 0.05, (sys.argv[1],)
sys.exit(main(sys.argv[2:]))
"""
"""Vertelbot with a worker that is not one."""


def worker(folder: Path, name: str, deed: str) -> Path:
    script = folder / f"{name}.py"
    script.write_text(BEGIN + "".join(f"    {line}\n" for line in deed.splitlines()))
    return script


@pytest.fixture
def given(tmp_path: Path, api: BotApi, url: str, model: Path) -> Settings:
    speech = Speech(model=str(model), threads=1)
    return settings(tmp_path, url, telegram=api).model_copy(update={"speech": speech})


@asynccontextmanager
async def process(folder: Path, given: Settings, script: Path) -> AsyncIterator[int]:
    """Vertelbot in a process of its own, on the same database; its pid."""
    (folder / "config.toml").write_text(
        f'[telegram]\ntoken = "{given.telegram.token.get_secret_value()}"\n'
        f'base_url = "{given.telegram.base_url}"\n[web]\nport = {free_port()}\n'
        f'[storage]\nurl = "{given.storage.url}"\n[privacy]\nkey_file = "vertelbot.key"\n'
        f'[speech]\nmodel = "{given.speech.model}"\n'
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BOT, str(script), "run"),
        cwd=folder,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        await it_runs(started)
        yield started.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        await started.wait()


async def test_what_one_process_began_another_ends(
    tmp_path: Path, api: BotApi, given: Settings, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = worker(tmp_path, "hangs", "time.sleep(60)")
    hears = worker(tmp_path, "hears", "says('Zij luisterde een uur.')")
    monkeypatch.setattr(transcription_queue, "WORKER", (str(hears),))
    monkeypatch.setattr(transcription_queue, "POLL", 0.05)
    claim = blobs.claim
    monkeypatch.setattr(blobs, "claim", lambda *_: None)  # here; the other process takes it
    clock = MovableClock(datetime.now(UTC))
    async with running(tmp_path, api, clock=clock, given=given) as house:
        alice = house.phone("Alice")
        async with process(tmp_path, given, hangs) as pid:
            await speaks(alice, clip)
            await house.until("blob WHERE state = 'working'")
            await does(alice, Tap("Klaar"), *AFTER_IT)
            assert "De kaart komt vanzelf" in alice.read
            os.killpg(pid, signal.SIGKILL)
        monkeypatch.setattr(blobs, "claim", claim)
        clock.move(seconds=transcription_queue.LEASE.total_seconds() + 1)
        await says(alice, "Zij luisterde een uur.")
        await settled(house)
        assert await house.count("blob WHERE attempts = 2") == 1
        assert sum("Zij luisterde een uur." in said for said in alice.sentences) == 1
        assert hears.with_suffix(".count").read_text() == "1"


async def test_a_process_that_comes_back_too_late_changes_nothing(
    tmp_path: Path, api: BotApi, given: Settings, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tmp_path / "late"
    script = worker(
        tmp_path,
        "both",
        f"while number == 1 and not pathlib.Path({str(late)!r}).exists():\n    time.sleep(0.05)\n"
        "says('Dit komt te laat.' if number == 1 else 'Zij luisterde een uur.')",
    )
    monkeypatch.setattr(transcription_queue, "WORKER", (str(script),))
    monkeypatch.setattr(transcription_queue, "POLL", 0.05)
    clock = MovableClock()
    other = given.model_copy(update={"web": given.web.model_copy(update={"port": free_port()})})
    async with (
        running(tmp_path, api, clock=clock, given=given) as house,
        running(tmp_path, api, clock=clock, given=other),
    ):
        alice: Phone = house.phone("Alice")
        await speaks(alice, clip)
        await house.until("blob WHERE state = 'working'")
        async with asyncio.timeout(60):
            # the first has it before a second may
            while not script.with_suffix(".count").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        clock.move(seconds=transcription_queue.LEASE.total_seconds() + 1)
        await settled(house)
        late.touch()
        await does(alice, Tap("Klaar"), *AFTER_IT)
        await says(alice, "Zij luisterde een uur.")
        await asyncio.sleep(0.5)
        await house.settle()
        assert "te laat" not in "".join(alice.sentences)
