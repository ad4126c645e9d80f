"""A whole story, told to a Vertelbot that is killed again and again: the person notices nothing.

Its first lives end somewhere, drawn with a seed (a resident skips what may be skipped). With
`pytest --torture` the longest stories are told again and again, and it is killed all along: so that
every write and every send there is was the last one of some life."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from tests.crash.kit import Channel, Kill, Nursery, kept, nursery
from tests.crash.nursery import POINTS
from tests.crash.test_crash import seed
from tests.end_to_end.scripts import BRIEF, PROFESSIONAL, RESIDENT, YES_TO_ALL, Deed, Say
from tests.whatsapp import CloudApi, Phone

SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "resident": (*RESIDENT, *YES_TO_ALL),
    "professional": (*PROFESSIONAL, *YES_TO_ALL),
}
LIVES = 3
LONGEST_LIFE = 6
"""The most writes (or sends) of one kind after which a life ends."""
STRIDE = 8
"""After so many of them a life ends, again and again, in the torture."""


@dataclass
class Mortal:
    """A Vertelbot that dies where it is told, once in every life, and the person it talks to."""

    bots: Nursery
    folder: Path
    api: CloudApi
    kills: Iterator[Kill | None]
    alice: Phone = field(init=False)
    died: int = 0
    _moved: float = 0.0

    def __post_init__(self) -> None:
        self.alice = self.api.phone("Alice")
        self.api.now = lambda: time.time() + self._moved

    async def live(self) -> None:
        self.api.callback = ""
        port = await self.bots.start(self.folder, self._channel(), next(self.kills))
        self.api.callback = f"http://127.0.0.1:{port}/whatsapp"

    async def do(self, deed: Deed) -> None:
        """Type or tap, and wait until everything is taken and answered, however often it dies."""
        if isinstance(deed, Say):
            await self.alice.send(deed.text)
        else:
            while (found := self.alice.button(deed.label)) is None:
                more = self.alice.more()
                assert more is not None, (deed, self.alice.last.text, self.alice.last.labels)
                await self.alice.tap_id(*more)
                await self._answered()
            await self.alice.tap_id(*found)
        await self._answered()

    async def _answered(self) -> None:
        pause = 0.003
        async with asyncio.timeout(60):
            while True:
                await asyncio.sleep(pause)
                pause = min(0.03, 1.5 * pause)
                if self.bots.dead:
                    self.died += 1
                    await self.live()
                if not self.api.idle:
                    continue
                waits, doubtful = self._waiting()
                if waits and waits == doubtful and self.api.idle:
                    self._pass_time()  # nothing will be told of it any more
                elif not waits and self.api.idle and not self.bots.dead:
                    return

    def _waiting(self) -> tuple[int, int]:
        """How many rows are not delivered yet, and of how many of those nobody knows whether they
        are."""
        query = (
            "SELECT count(*), coalesce(sum(state = 'pending' AND ref = '?'), 0) FROM outbox"
            " WHERE state IN ('pending', 'sending')"
        )
        with closing(sqlite3.connect(self.folder / "vertelbot.db", timeout=5.0)) as database:
            found: tuple[int, int] = database.execute(query).fetchone()
        return found

    def _pass_time(self) -> None:
        """Ten minutes, once for every row that is in doubt."""
        with closing(sqlite3.connect(self.folder / "vertelbot.db", timeout=5.0)) as database:
            query = (
                "SELECT max(unixepoch(due_at)) FROM outbox WHERE ref = '?' AND state = 'pending'"
            )
            due = database.execute(query).fetchone()[0] or 0.0
        if due >= self.api.now():
            self._moved += 600
            (self.folder / "clock").write_text(str(self._moved))

    def _channel(self) -> Channel:
        api = self.api
        return {
            "whatsapp": {
                "base_url": api.url,
                "token": api.token,
                "phone_number_id": api.number_id,
                "business_account_id": api.account_id,
                "app_secret": api.app_secret,
                "verify_token": api.verify_token,
                "mode": "conversation",
            }
        }


@dataclass(frozen=True)
class Told:
    """What came of a story: what is kept of it, and all that was read, in its order."""

    stories: list[Any]
    consents: list[tuple[str, str]]
    read: list[str]


async def tell(
    bots: Nursery, folder: Path, script: tuple[Deed, ...], kills: Iterator[Kill | None]
) -> tuple[Told, int]:
    """Tell it; what came of it, and how often it died on the way."""
    async with CloudApi() as api:
        mortal = Mortal(bots, folder, api, kills)
        await mortal.live()
        for deed in script:
            await mortal.do(deed)
        await bots.stop()
        came = [each.number for each in mortal.alice.shown]
        assert came == sorted(came), "out of order"
        assert api.outside == 0, "free words outside the window"
        assert api.refused == {}, "refused"
        read = [_plain(each) for each in mortal.alice.sentences]
    return Told(*await kept(folder), read), mortal.died


def _plain(text: str) -> str:
    """Without the words of a code and links, which are never the same."""
    return re.sub(r"http\S+", "", re.sub(r"code:\n[a-z ]+\n", "code:\n", text))


def lives(draw: random.Random) -> Iterator[Kill]:
    """Some lives that end soon, at another point each; and one that does not."""
    for point in draw.sample(POINTS, LIVES):
        yield point, draw.randint(1, LONGEST_LIFE)
    yield from repeat(None)


def everywhere() -> Iterator[Iterator[Kill | None]]:
    """For every kind of point, stories in which each life ends after `STRIDE` of them, and the
    first one after fewer: together they end at all of them."""
    for point in POINTS:
        for first in range(1, STRIDE + 1):
            yield chain([(point, first)], repeat((point, STRIDE)))


async def test_killed_on_the_way_a_story_reads_as_if_nothing_had_happened(
    tmp_path: Path, torture: bool
) -> None:
    template, draw, found = await seed(tmp_path / "seed"), random.Random(19), Counter[str]()
    async with nursery() as bots:
        for name, script in (SCRIPTS if torture else SCRIPTS | {"resident": BRIEF}).items():
            calm = Path(shutil.copytree(template, tmp_path / name))
            expected, _ = await tell(bots, calm, script, repeat(None))
            assert len(expected.stories) == 1
            for number, kills in enumerate(everywhere() if torture else [lives(draw)]):
                folder = Path(shutil.copytree(template, tmp_path / f"{name}{number}"))
                told, died = await tell(bots, folder, script, kills)
                found[name] += died
                assert told == expected, (name, number)
                shutil.rmtree(folder)
    print(f"killed {dict(found)}: nothing lost, nothing twice, all in order")
    assert torture or set(found.values()) == {LIVES}
    assert min(found.values()) >= LIVES
