"""`python -m tests.botapi --port 8081`: the server as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.botapi.faults import Limits
from tests.botapi.server import TOKEN, BotApi


async def _serve(port: int, token: str, limits: Limits | None) -> None:
    async with BotApi(port=port, token=token, limits=limits) as api:
        print(api.url, api.token, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", action="store_true", help="answer 429 as Telegram does")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.port, options.token, Limits() if options.limits else None))


if __name__ == "__main__":
    main()
