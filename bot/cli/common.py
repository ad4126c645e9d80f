"""What the commands share."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.clock import Clock

if TYPE_CHECKING:
    from bot.app import App
    from bot.wiring.open_services import OpenServices
    from bot.wiring.opening import OpenStore

T = TypeVar("T")
Commands = Any
"""What `argparse` gives to add commands to."""
CONFIG = "VERTELBOT_CONFIG"
"""Names the configuration in the environment, for every command."""


class Failure(Exception):
    """The command cannot be done. The text says why and names the mend."""


def as_typed(text: str) -> str:
    """A text in which every `vertelbot ...` is written as it can be typed here: by the way this
    command was called itself."""
    return re.sub(r"(?<![\w/.-])vertelbot (?=[a-z])", lambda _: f"{program()} ", text)


def program() -> str:
    """How this command was called: by name where it is on the path, else by its file."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("bot", "__main__.py"):
        return "python -m bot"
    found = shutil.which("vertelbot")
    if called.stem != "vertelbot" or (found and Path(found).resolve() == called.resolve()):
        return "vertelbot"
    return os.path.relpath(called)


def command(
    commands: Commands,
    common: argparse.ArgumentParser,
    name: str,
    about: str,
    go: Callable[[argparse.Namespace], int] | None = None,
) -> argparse.ArgumentParser:
    """Add a command; without `go` it only holds others."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, parents=[common], help=about, description=about
    )
    if go is not None:
        made.set_defaults(go=go)
    return made


def with_store(
    options: argparse.Namespace,
    work: Callable[[OpenStore], Awaitable[T]],
    *,
    exclusive: bool = False,
) -> T:
    """Do something with the store open; by default beside a Vertelbot that runs. What needs no
    store does not wait for what comes with one."""
    from bot.settings import load
    from bot.wiring.opening import open_store

    async def opened() -> T:
        settings = load(options.config)
        async with open_store(settings, Clock.from_environment(), exclusive=exclusive) as store:
            return await work(store)

    return asyncio.run(opened())


def with_services(options: argparse.Namespace, work: Callable[[OpenServices], Awaitable[T]]) -> T:
    """Do something with the store, its guides and its teams, beside a Vertelbot that runs: for what
    talks with nobody, and does not wait for channels and pages."""
    from bot.settings import load
    from bot.wiring.open_services import open_services

    async def opened() -> T:
        async with open_services(load(options.config), Clock.from_environment()) as found:
            return await work(found)

    return asyncio.run(opened())


def draft_option(parser: argparse.ArgumentParser) -> None:
    """What may be said where a command names a guide."""
    about = "as it is being written on the dashboard, not as people begin it today"
    parser.add_argument("--draft", action="store_true", help=about)


def with_app(
    options: argparse.Namespace,
    work: Callable[[App], Awaitable[T]],
    *,
    exclusive: bool = False,
    serving: bool = False,
) -> T:
    """Do something with all of Vertelbot, for what needs more than its services: reading all of
    it takes a second."""
    from bot.app import App
    from bot.settings import load

    async def opened() -> T:
        settings = load(options.config)
        clock = Clock.from_environment()
        async with App.opened(settings, clock, exclusive=exclusive, serving=serving) as app:
            return await work(app)

    return asyncio.run(opened())


def show(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif not rows:
        print(empty)
    else:
        lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            print("  ".join(cells).rstrip())
