"""Tells a story to a Vertelbot that is killed somewhere on the way, and looks what came of it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from storage.engine.database import Database
from storage.lifecycle.unlock import unlock
from storage.stories import stories
from tests.botapi import BotApi, Message
from tests.end_to_end.kit import free_port
from tests.end_to_end.scripts import BRIEF, Deed, Say
from tests.forks import Fork, forked

Kill = tuple[str, int]
Channel = Mapping[str, Mapping[str, str]]
"""The settings of the channel that is talked over, by their section."""


@dataclass(frozen=True)
class Ending:
    """What came of a conversation: the kept stories with their purposes, the consents, and the chat
    as it stands, message by message."""

    stories: list[Any]
    consents: list[tuple[str, str]]
    chat: list[tuple[str, tuple[str, ...]]]


def telegram(api: BotApi) -> Channel:
    """Telegram is talked over."""
    return {"telegram": {"token": api.token, "base_url": api.url}}


LIVES = """
import json, sys
from tests.crash.nursery import live
live(json.loads(sys.argv[1]))
"""


class Nursery:
    """Vertelbots, one at a time, each a process of its own."""

    def __init__(self) -> None:
        self._living: Fork | None = None

    async def start(self, folder: Path, channel: Channel, kill: Kill | None) -> int:
        """The port at which it listens."""
        port = free_port()
        order = {
            "folder": str(folder),
            "channel": channel,
            "port": port,
            "public_url": "https://vertel.example" if "whatsapp" in channel else "",
            "kill": kill,
        }
        self._living = await forked("-c", LIVES, json.dumps(order))
        return port

    @property
    def dead(self) -> bool:
        """Whether it was killed; it must not end by itself."""
        if self._living is None or self._living.returncode is None:
            return False
        assert self._living.returncode in (-signal.SIGKILL, 0)
        return True

    async def stop(self) -> None:
        """End the process that lives, and let it write how many points it passed."""
        if self._living is not None:
            with suppress(ProcessLookupError):  # it may have died at its point
                self._living.terminate()
            await self._living.wait()
            assert self.dead

    async def end(self) -> None:
        """Leave none behind when a test failed in the middle."""
        if self._living is not None:
            with suppress(ProcessLookupError):
                self._living.kill()
            await self._living.wait()


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    bots = Nursery()
    try:
        yield bots
    finally:
        await bots.end()


async def told(
    bots: Nursery, folder: Path, kill: Kill | None, script: Sequence[Deed] = BRIEF
) -> tuple[Ending, bool]:
    """Tell the story to a Vertelbot that dies at `kill` and is started again; what came of it, and
    whether it died."""
    async with BotApi() as api:
        alice = api.user("Alice")
        await bots.start(folder, telegram(api), kill)
        died = False
        for deed in script:
            if isinstance(deed, Say):
                await alice.send(deed.text)
            else:
                await _tap(alice, deed.label)
            pause = 0.003
            while await _busy(api, folder, pause):
                pause = min(0.03, 1.5 * pause)
                if bots.dead:
                    assert not died, "it died twice"
                    died = True
                    await bots.start(folder, telegram(api), None)
        await bots.stop()
        chat = [_shown(message) for message in alice.messages]
    return Ending(*await kept(folder), chat), died


async def _tap(alice: Any, label: str) -> None:
    try:
        await alice.tap(label)
    except TimeoutError:
        seen = [_shown(message) for message in alice.messages[-3:]]
        raise AssertionError(f"there is no button {label!r}; there is {seen}") from None


async def _busy(api: BotApi, folder: Path, pause: float) -> bool:
    """Whether an update was not taken yet, or an answer not delivered, after a pause."""
    await asyncio.sleep(pause)
    if api.world.updates.waiting:
        return True
    with closing(sqlite3.connect(folder / "vertelbot.db", timeout=5.0)) as database:
        query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') "
        query += "OR (state = 'sent' AND owed IS NOT NULL)"
        return bool(database.execute(query).fetchone()[0])


async def kept(folder: Path) -> tuple[list[Any], list[tuple[str, str]]]:
    database = Database(f"sqlite:///{folder}/vertelbot.db", exclusive=False)
    database.start()
    try:
        await unlock(database, folder / "vertelbot.key")

        def look(session: Any) -> tuple[list[Any], list[tuple[str, str]]]:
            ids = session.execute(text("SELECT id FROM story")).scalars().all()
            found = [stories.read(session, story_id) for story_id in ids]
            query = text("SELECT purpose, event FROM consent ORDER BY purpose, event")
            consents = [tuple(row) for row in session.execute(query)]
            return [(s.telling, s.purposes, s.coordinator_only) for s in found if s], consents

        return await database.read(look)
    finally:
        database.close()


def _shown(message: Message) -> tuple[str, tuple[str, ...]]:
    """A message as it reads, without the words of a code, which are never the same."""
    text = re.sub(r"code:\n[a-z ]+\n", "code:\n", message.text)
    text = re.sub(r"http://\S+", "", text)
    return text, tuple(message.labels)


def missing(expected: Sequence[Any], got: Sequence[Any]) -> list[Any]:
    """What of `expected` does not come in `got` in that order; others may come in between."""
    rest = iter(got)
    return [each for each in expected if each not in rest]
