"""`vertelbot run`: the web chat, and Telegram when there is a token."""

from __future__ import annotations

import argparse
import asyncio
import signal

from bot.app import App
from bot.cli.common import Commands, command, with_app


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    command(commands, common, "run", "start Vertelbot", _run)


def _run(options: argparse.Namespace) -> int:
    with_app(options, _serve, exclusive=True)
    return 0


async def _serve(app: App) -> None:
    serving = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if serving is not None:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, serving.cancel)
    ready = asyncio.Event()
    greeting = asyncio.create_task(_greet(app, ready))
    try:
        await app.run(ready)
    except asyncio.CancelledError:
        print("Vertelbot stops. Nothing is lost.", flush=True)
    finally:
        greeting.cancel()


async def _greet(app: App, ready: asyncio.Event) -> None:
    await ready.wait()
    url = app.settings.public_url
    lines = [
        "Vertelbot runs. Stop it with Ctrl+C.",
        f"  Tell a story:   {url}/",
        f"  Coordinator:    {await app.login_link()}",
        "                  (logs in once, within 15 minutes)",
    ]
    if app.telegram is None:
        lines.append("  Telegram:       off; put a token in config.toml to turn it on")
    else:
        lines.append("  Telegram:       on")
    print("\n".join(lines), flush=True)
