"""`vertelbot run`: the web chat, and Telegram when there is a token."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from bot.app import App
from bot.cli.common import Commands, as_typed, command, with_app
from bot.operations.server import spare_collector, take_turns


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    command(commands, common, "run", "start Vertelbot", _run)


def _run(options: argparse.Namespace) -> int:
    with_app(options, _serve, exclusive=True, serving=True)
    return 0


async def _serve(app: App) -> None:
    """Until a signal asks to stop, or something breaks. A second signal does not wait."""
    ready = asyncio.Event()
    serving = asyncio.create_task(app.run(ready))
    greeting = asyncio.create_task(_greet(app, ready))

    def stop() -> None:
        serving.cancel() if app.leaving.is_set() else app.leaving.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop)
    await asyncio.wait([serving])
    greeting.cancel()
    await asyncio.gather(greeting, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    print("Vertelbot stops. Nothing is lost.", flush=True)


async def _greet(app: App, ready: asyncio.Event) -> None:
    await ready.wait()
    spare_collector()
    take_turns()
    url = app.settings.public_url
    lines = [
        "Vertelbot runs. Stop it with Ctrl+C.",
        f"  Tell a story:   {url}/",
        *await _door(app),
    ]
    if app.telegram is None:
        lines.append("  Telegram:       off; put a token in config.toml to turn it on")
    else:
        lines.append("  Telegram:       on")
    if app.database.upgraded:
        lines.append(f"  Upgraded:       {app.database.upgraded}.")
    print(as_typed("\n".join(lines)), flush=True)


async def _door(app: App) -> list[str]:
    """How a coordinator comes in. A link opens everything for who reads it, so it is for eyes at a
    terminal and for no journal."""
    if not sys.stdout.isatty():
        return ["  Coordinator:    `vertelbot coordinator add NAME` prints a link that logs in"]
    return [
        f"  Coordinator:    {await app.login_link()}",
        "                  (logs in once, within 15 minutes)",
    ]
