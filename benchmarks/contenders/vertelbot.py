"""Vertelbot as `vertelbot run` wires it, polling the people of the benchmark. Arguments: the
scenario and the URL of the database (empty: SQLite)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from benchmarks.contenders import Figures, Rounds, serve
from benchmarks.contenders.requests import ApiRequest
from benchmarks.people import INTERVIEW, TELLING, UNTIL_TELLING, Api
from bot.app import App
from bot.channels import telegram_client
from bot.clock import Clock
from bot.settings import Privacy, Settings, Storage, Telegram


@asynccontextmanager
async def running(folder: Path, api: Api, url: str = "") -> AsyncIterator[App]:
    """A Vertelbot behind `api`, without the limits of Telegram's pace."""
    ApiRequest.api = api
    setattr(telegram_client, "HTTPXRequest", ApiRequest)  # noqa: B010 - for mypy
    settings = Settings(
        telegram=Telegram(token=SecretStr("1:benchmark")),
        storage=Storage(url=url or f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
    )
    async with App.opened(settings, Clock()) as app:
        app.outbox.delivery.pacers = {}
        assert app.telegram is not None
        tasks = [
            asyncio.create_task(work)
            for work in (app.outbox.run(), app.telegram.run(app.runner.accept))
        ]
        try:
            yield app
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await app.telegram.close()


@asynccontextmanager
async def contender(scenario: str, people: str = "64", url: str = "") -> AsyncIterator[Rounds]:
    with tempfile.TemporaryDirectory() as folder:
        api = Api()
        async with running(Path(folder), api, url):

            async def one_round() -> Figures:
                if scenario == "typed":
                    done = await api.round(int(people), UNTIL_TELLING, TELLING)
                else:
                    done = await api.round(int(people), (), INTERVIEW)
                return done.figures()

            yield one_round


if __name__ == "__main__":
    serve(contender)
