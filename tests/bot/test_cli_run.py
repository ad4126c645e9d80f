"""What `vertelbot run` says at the start, to a terminal and to a journal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.house.kit import free_port

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def started(folder: Path, out: int) -> AsyncIterator[None]:
    """A Vertelbot that prints to this file, until the end of the block."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "VERTELBOT_WEB__PORT": str(free_port())}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), cwd=folder, env=env, stdout=out
    )
    os.close(out)
    try:
        yield
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()


async def greeting(source: int) -> str:
    """What is printed, up to the last line of the greeting."""
    said = b""
    async with asyncio.timeout(60):
        while b"Telegram:" not in said:
            said += await asyncio.to_thread(os.read, source, 4096)
    return said.decode()


async def test_a_login_link_is_for_eyes_at_a_terminal(tmp_path: Path) -> None:
    source, out = os.openpty()
    async with started(tmp_path, out):
        assert "/coordinator/login/" in await greeting(source)
    os.close(source)


async def test_a_journal_gets_no_login_link_but_the_command_that_makes_one(tmp_path: Path) -> None:
    source, out = os.pipe()
    async with started(tmp_path, out):
        said = await greeting(source)
    os.close(source)
    assert "/coordinator/login" not in said
    assert "`vertelbot coordinator add NAME`" in said
