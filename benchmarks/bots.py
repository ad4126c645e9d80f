"""Bots as processes of their own, before a Bot API server in this one."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.botapi import BotApi
from tests.end_to_end.kit import free_port

ROOT = Path(__file__).parents[1]
UNPACED = """
import sys
from bot.__main__ import main
from bot.delivery.pacer import Pacer
from bot.guides import GuideStore
from conversations.guide.dwell_times import DwellTimes
Pacer.wait = Pacer.turn = Pacer.chat = lambda *_: 0.0
GuideStore.dwell = DwellTimes(0, 0)
sys.exit(main(["run"]))
"""
"""Vertelbot without Telegram's limit of 30 messages a second: that is all there would be to see."""


@asynccontextmanager
async def python(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process in a folder, killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def vertelbot(api: BotApi, folder: Path, url: str, **more: str) -> asyncio.subprocess.Process:
    """Vertelbot on a database, with its key in a folder; whoever starts it ends it. `more` is added
    to the environment."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        stdout=asyncio.subprocess.DEVNULL,
        env={
            **os.environ,
            "VERTELBOT_TELEGRAM__TOKEN": api.token,
            "VERTELBOT_TELEGRAM__BASE_URL": api.url,
            "VERTELBOT_STORAGE__URL": url,
            "VERTELBOT_PRIVACY__KEY_FILE": str(folder / "vertelbot.key"),
            "VERTELBOT_WEB__PORT": str(free_port()),
            **more,
        },
    )


def configure(folder: Path, api: BotApi) -> None:
    """Write a configuration that talks with this server."""
    (folder / "config.toml").write_text(
        f'[telegram]\ntoken = "{api.token}"\nbase_url = "{api.url}"\n[web]\nport = {free_port()}\n'
    )
