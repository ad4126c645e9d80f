"""`python -m bot.demo`: fills an empty store with invented stories of 12 invented teams."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.app import App
from bot.cli.common import CONFIG
from bot.clock import Clock
from bot.demo.fill import Filled, fill
from bot.demo.invented import STORIES
from bot.settings import load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.demo", description=__doc__)
    named = os.environ.get(CONFIG)
    parser.add_argument(
        "--config", type=Path, default=Path(named) if named else None, metavar="FILE"
    )
    parser.add_argument(
        "--stories",
        type=_count,
        default=STORIES,
        metavar="N",
        help=f"how many stories (as it is: {STORIES})",
    )
    options = parser.parse_args()

    async def work() -> int:
        async with App.opened(load(options.config), Clock.from_environment()) as app:
            try:
                count = await fill(app, options.stories)
            except Filled:
                print("There are stories already: nothing is added.")
                return 0
            print(f"{count} invented stories are kept.")
            return 0

    return asyncio.run(work())


def _count(text: str) -> int:
    """As many as were asked, and at least one."""
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError("give a number of stories: 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
