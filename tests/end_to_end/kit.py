"""A whole Vertelbot on loopback, a clock that can be moved, and a person with a phone."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from bot.app import App
from bot.clock import Clock
from bot.settings import Organisation, Privacy, Settings, Storage, TelegramSettings, WebSettings
from storage.coordinators import teams
from storage.coordinators.teams import Team
from storage.engine.transaction import Transaction
from storage.stories import stories
from storage.stories.stories import Story
from tests.botapi import BotApi, Message, User
from tests.end_to_end.undelivered import Undelivered, undelivered
from tests.forks import Fork

BEGIN = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


class MovableClock(Clock):
    """Begins on a Wednesday in November, and can be moved."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        super().__init__()
        self._begin = begin - timedelta(seconds=time.monotonic())

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=time.monotonic())

    def move(self, **period: float) -> None:
        """Let time pass: `days=2`, `hours=1`."""
        self._begin += timedelta(**period)


@dataclass
class House:
    """A Vertelbot that runs, with the Bot API server that it talks to."""

    app: App
    api: BotApi
    clock: MovableClock
    folder: Path
    undelivered: Undelivered
    _phones: dict[str, Phone] = field(default_factory=dict)

    def phone(self, name: str, language: str = "nl") -> Phone:
        """The phone of a person; the same one for the same name."""
        if name not in self._phones:
            user_id = 5_511_000_000 + sum(name.encode())  # the same after a restart
            self._phones[name] = Phone(self, self.api.user(name, language, user_id))
        return self._phones[name]

    @property
    def url(self) -> str:
        """Where the web chat is."""
        return self.app.settings.public_url

    async def settle(self) -> None:
        """Wait until every update is taken and every answer delivered."""
        pause = 0.002
        async with asyncio.timeout(60):
            while await self._busy(pause):
                pause = min(0.02, 1.5 * pause)

    async def due(self) -> None:
        """Let the clockwork tick once."""
        await self.app.runner.take_due()
        await self.settle()

    async def stories(self) -> list[Story]:
        """Everything that is kept, by name."""

        def kept(connection: Transaction) -> list[Story]:
            ids = connection.execute(text("SELECT id FROM story")).scalars().all()
            found = [stories.read(connection, story_id) for story_id in ids]
            return sorted((s for s in found if s), key=lambda s: s.telling.headline)

        return await self.app.database.write(kept)

    async def story(self) -> Story:
        """The one story there is."""
        (story,) = await self.stories()
        return story

    async def count(self, table: str) -> int:
        """How many rows a table has (`table WHERE …`)."""
        return len(await self.rows(table))

    async def until(self, table: str) -> None:
        """Wait until a table has a row (`table WHERE …`)."""
        async with asyncio.timeout(60):
            while not await self.count(table):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Everything that stands in a table."""
        query = text(f"SELECT * FROM {table}")
        return await self.app.database.write(
            lambda connection: [tuple(row) for row in connection.execute(query)]
        )

    async def team(self, name: str, municipality: str) -> Team:
        """Add a team that people can choose at once."""
        added = await self.app.database.write(lambda c: teams.add(c, name, municipality))
        await self.app.refresh()
        return added

    async def _busy(self, pause: float) -> bool:
        await asyncio.sleep(pause)
        if self.api.world.updates.waiting:  # looked at first: what is taken later is in the outbox
            return True
        return await self.undelivered.any()


class Phone:
    """What a person does in Telegram and reads there. Each deed waits for the answer."""

    def __init__(self, house: House, user: User) -> None:
        self.house = house
        self.user = user

    async def say(self, *texts: str) -> None:
        """Send messages, one right after the other."""
        for each in texts:
            await self.user.send(each)
        await self.house.settle()

    async def tap(self, *labels: str) -> None:
        """Press buttons, one after the other."""
        for label in labels:
            try:
                await self.user.tap(label)
            except TimeoutError:
                shown = [(m.text, m.labels) for m in self.user.messages[-3:]]
                raise AssertionError(f"there is no button {label!r}, but {shown}") from None
            await self.house.settle()

    async def edit(self, old: str, new: str) -> None:
        """Change the newest own message that reads `old`."""
        message = next(m for m in reversed(self.user.written) if m.text == old)
        await self.user.edit(message.id, new)
        await self.house.settle()

    async def act(self, deed: str, **how: Any) -> None:
        """Any other deed: `sticker`, `photo`, `block`…"""
        await getattr(self.user, deed)(**how)
        await self.house.settle()

    @property
    def last(self) -> Message:
        return self.user.last

    @property
    def read(self) -> str:
        """The newest message of the bot."""
        return self.user.last.text

    @property
    def sentences(self) -> list[str]:
        """Everything the bot said here, as it was sent."""
        sent = self.house.api.called("sendMessage")
        return [str(call.params["text"]) for call in sent if call.chat_id == self.user.id]

    def since(self, count: int) -> list[str]:
        """What the bot said after the first `count` messages."""
        return self.sentences[count:]


def settings(folder: Path, url: str = "", *, telegram: BotApi | None = None) -> Settings:
    """A configuration of which everything lies in one folder."""
    return Settings(
        telegram=TelegramSettings(token=SecretStr(telegram.token), base_url=telegram.url)
        if telegram
        else TelegramSettings(),
        web=WebSettings(port=free_port()),
        storage=Storage(url=url or f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
        organisation=Organisation(name="De Vereniging", contact="privacy@example.nl"),
    )


@asynccontextmanager
async def running(
    folder: Path,
    api: BotApi,
    url: str = "",
    clock: MovableClock | None = None,
    given: Settings | None = None,
) -> AsyncIterator[House]:
    """A Vertelbot that runs until the end of the block; without the even pace, which is slow."""
    clock = clock or MovableClock()
    given = given or settings(folder, url, telegram=api)
    async with served(given, clock) as app:
        with undelivered(app.database) as waits:
            yield House(app, api, clock, folder, waits)


@asynccontextmanager
async def served(given: Settings, clock: MovableClock) -> AsyncIterator[App]:
    """A Vertelbot that talks with whatever its settings name, until the end of the block."""
    async with App.opened(given, clock) as app:
        app.outbox.delivery.pacers = {}
        ready = asyncio.Event()
        serving = asyncio.create_task(app.run(ready))
        waiting = asyncio.create_task(ready.wait())
        try:
            await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
            yield app
        finally:
            waiting.cancel()
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def it_runs(process: asyncio.subprocess.Process | Fork) -> None:
    """Wait until a Vertelbot that was started as a command says that it runs."""
    assert process.stdout is not None
    while not (line := await process.stdout.readline()).startswith(b"Vertelbot runs"):
        assert line, "it ended"
