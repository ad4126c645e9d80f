"""`python -m bot.demo`: fills an empty store with 400 invented stories of 12 invented teams."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.app import App
from bot.clock import Clock
from bot.demo.fill import Filled, fill
from bot.settings import load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.demo", description=__doc__)
    parser.add_argument("--config", type=Path, metavar="FILE")
    options = parser.parse_args()

    async def work() -> int:
        async with App.opened(load(options.config), Clock.from_environment()) as app:
            try:
                count = await fill(app)
            except Filled:
                print("There are stories already: nothing is added.")
                return 0
            print(f"{count} invented stories are kept.")
            return 0

    return asyncio.run(work())


if __name__ == "__main__":
    sys.exit(main())
