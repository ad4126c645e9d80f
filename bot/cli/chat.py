"""`vertelbot chat`: tell a story in the terminal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.cli.common import Commands, command, with_app

if TYPE_CHECKING:
    from bot.app import App


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    command(commands, common, "chat", "tell a story here, in the terminal (or from a pipe)", _chat)


def _chat(options: argparse.Namespace) -> int:
    async def work(app: App) -> None:
        await app.run_terminal()

    with_app(options, work)
    return 0
