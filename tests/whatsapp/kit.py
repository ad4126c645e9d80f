"""A whole Vertelbot that talks over the strict Cloud API server, and a person with WhatsApp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp
from pydantic import SecretStr
from sqlalchemy import text

from bot.app import App
from bot.settings import Settings, WebSettings, WhatsAppSettings
from tests.end_to_end.kit import MovableClock, free_port, served, settings
from tests.end_to_end.undelivered import Undelivered, undelivered
from tests.whatsapp.phones import Phone
from tests.whatsapp.server import CloudApi

PUBLIC = "https://vertel.example"


def whatsapp_settings(
    api: CloudApi, mode: Literal["doorbell", "conversation"] = "conversation"
) -> WhatsAppSettings:
    return WhatsAppSettings(
        base_url=api.url,
        token=SecretStr(api.token),
        phone_number_id=api.number_id,
        business_account_id=api.account_id,
        app_secret=SecretStr(api.app_secret),
        verify_token=SecretStr(api.verify_token),
        mode=mode,
    )


@dataclass
class WhatsAppHouse:
    """A Vertelbot that runs, and the server that it talks to."""

    app: App
    api: CloudApi
    clock: MovableClock
    undelivered: Undelivered

    def teller(self, name: str = "Alice") -> WhatsAppTeller:
        return WhatsAppTeller(self, self.api.phone(name))

    async def settle(self) -> None:
        """Wait until everything that was posted is taken, and every answer is on a phone."""
        async with asyncio.timeout(60):
            while True:
                await self.api.settled()
                if not await self.undelivered.any() and self.api.idle:
                    return

    async def rows(self, table: str) -> list[Any]:
        """Everything that stands in a table."""
        query = text(f"SELECT * FROM {table}")
        return await self.app.database.read(lambda s: list(s.execute(query)))

    async def due(self) -> None:
        """Let the clockwork tick once."""
        await self.app.runner.take_due()
        self.app.outbox.wake()


@dataclass
class WhatsAppTeller:
    """What a person does in WhatsApp and reads there. Each deed waits for the answer."""

    house: WhatsAppHouse
    phone: Phone

    async def say(self, text: str) -> None:
        await self.phone.send(text)
        await self.house.settle()

    async def tap(self, label: str) -> None:
        try:
            await self.phone.tap(label)
        except TimeoutError:
            shown = [(m.text, m.labels) for m in self.phone.shown[-3:]]
            raise AssertionError(f"there is no button {label!r}, but {shown}") from None
        await self.house.settle()

    async def until_shown(self, minutes: int = 0) -> None:
        """Wait for the first message on the phone; so many minutes pass at every look."""
        async with asyncio.timeout(60):
            while not self.phone.shown:
                if minutes:
                    self.house.clock.move(minutes=minutes)
                    self.house.app.outbox.wake()
                await self.house.api.settled()

    @property
    def sentences(self) -> list[str]:
        return self.phone.sentences

    @property
    def read(self) -> str:
        return self.phone.last.text


@asynccontextmanager
async def whatsapp_running(
    folder: Path,
    api: CloudApi,
    mode: Literal["doorbell", "conversation"] = "conversation",
    *,
    clock: MovableClock | None = None,
    given: Settings | None = None,
) -> AsyncIterator[WhatsAppHouse]:
    """A Vertelbot that runs until the end of the block, without the even pace, which is slow."""
    clock = clock or MovableClock()
    api.now = lambda: clock.now().timestamp()
    port = free_port()
    plain = given or settings(folder)
    web = WebSettings(port=port, public_url=PUBLIC)
    whole = plain.model_copy(update={"web": web, "whatsapp": whatsapp_settings(api, mode)})
    async with served(whole, clock) as app:
        api.callback = f"http://127.0.0.1:{port}/whatsapp"
        try:
            with undelivered(app.database) as waits:
                yield WhatsAppHouse(app, api, clock, waits)
        finally:
            api.callback = ""


async def ready(house: WhatsAppHouse) -> Any:
    """What it says of itself to a watcher."""
    port = house.app.settings.web.port
    url = f"http://127.0.0.1:{port}/ready"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.json()
