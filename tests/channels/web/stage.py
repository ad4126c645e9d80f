"""The web chat on loopback with a memory instead of a store and a script instead of an engine."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.channels.base import Account, Arrival, Document, Echo, Outgoing
from bot.channels.web.channel import WebChat
from bot.channels.web.cookies import Cookies
from conversations.engine.effects import Mark, Say, Tick
from conversations.guide.dwell_times import DwellTimes
from conversations.guide.loading import load_guides

LANGUAGES = (("nl", "Nederlands"), ("en", "English"))
_LIBRARY = load_guides()

Shown = Say | Mark | Tick | Echo | Document
Script = Callable[[Arrival], Sequence[Shown]]


def labels(language: str) -> dict[str, str]:
    """The real texts; those in Dutch for a language that has none yet."""
    return dict(_LIBRARY.phrases(language if language in _LIBRARY.spoken else "nl").sentences)


def signature(address: str) -> str:
    return hashlib.sha256(f"secret {address}".encode()).hexdigest()


def silence(arrival: Arrival) -> Sequence[Shown]:
    return ()


class Stage:
    """Remembers what arrived, answers with the script, shows rows. `failing` lets accept raise,
    `gate` holds it up; with `strangers` nobody is known before the first answer. Taps count at
    once, unless `dwell` says otherwise. `takes`: recordings and photos, from the next start on."""

    def __init__(self, script: Script = silence) -> None:
        self.script = script
        self.arrivals: list[Arrival] = []
        self.rows: dict[str, list[Outgoing]] = {}
        self.language = "nl"
        self.failing = False
        self.strangers = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.languages: Sequence[tuple[str, str]] = LANGUAGES
        self.takes: dict[str, Any] = {}
        self.dwell = DwellTimes(0, 0)
        self.cookies = Cookies(signature, self.is_known, https=False)
        self.port = 0
        self._arrived = asyncio.Event()
        self._seen: set[str] = set()
        self._number = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def events(self) -> list[Any]:
        return [arrival.event for arrival in self.arrivals]

    @property
    def address(self) -> str:
        """The one person there is."""
        (address,) = {arrival.address for arrival in self.arrivals}
        return address

    async def until(self, event: Any) -> None:
        """Wait until this has arrived; fail after a minute."""
        async with asyncio.timeout(60):
            while event not in self.events:
                self._arrived.clear()
                await self._arrived.wait()

    async def is_known(self, address: str) -> bool:
        return address in self.rows

    async def accept(
        self, arrivals: Sequence[Arrival], *, offset: int | None = None, epoch: int = 0
    ) -> None:
        await self.gate.wait()
        if self.failing:
            raise OSError("the disk is full")
        for arrival in arrivals:
            if arrival.external_id in self._seen:
                continue
            self._seen.add(arrival.external_id)
            self.arrivals.append(arrival)
            self._arrived.set()
            if arrival.echo is not None:
                await self.show(arrival.address, arrival.echo)
            if isinstance(arrival.event, Account) and arrival.event.name == "erase":
                self.rows.pop(arrival.address, None)
            await self.show(arrival.address, *self.script(arrival))

    async def log(self, address: str, after: int) -> list[Outgoing]:
        return [row for row in self.rows.get(address, []) if row.id > after]

    async def opening(self, address: str, language: str) -> Sequence[Outgoing] | None:
        """As if everybody had been here before, so that coming is an arrival; or with `strangers`,
        what the script says to who comes."""
        if not self.strangers or address in self.rows:
            return None
        said = self.script(Arrival("web", "", address, Account("start"), language))
        return [
            Outgoing(number - len(said), address, effect, self.language)
            for number, effect in enumerate(said)
        ]

    async def show(self, address: str, *effects: Shown) -> None:
        for effect in effects:
            self._number += 1
            row = Outgoing(self._number, address, effect, self.language)
            self.rows.setdefault(address, []).append(row)
            await self.web.send(row)

    async def start(self) -> None:
        """Serve, on the same port as before when there was one."""
        self.web = WebChat(
            log=self.log,
            opening=self.opening,
            labels=labels,
            languages=self.languages,
            public_url="http://127.0.0.1",
            cookies=self.cookies,
            dwell=lambda: self.dwell,
            draft_days=3,
            privacy=lambda language: [("Wat ik bewaar", "Alleen wat mag.\n\nNiets <anders>.")],
            **self.takes,
        )
        app = web.Application()
        self.web.setup(app)
        self._receiving = asyncio.create_task(self.web.run(self.accept))
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self.cut()
        self._receiving.cancel()
        await self._runner.cleanup()

    def cut(self) -> None:
        """Break every open connection, without a word."""
        for connections in self.web._open.values():
            for connection in connections:
                connection.cut()


@asynccontextmanager
async def staged(script: Script = silence) -> AsyncIterator[Stage]:
    stage = Stage(script)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.stop()
