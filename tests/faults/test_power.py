"""The power is cut in the middle of writing: whatever was confirmed is there when it is back.

Images of the disk at random moments, sixty by default, three thousand with `pytest --torture`.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.app import App
from bot.channels.base import Account, Arrival
from bot.clock import Clock
from conversations.engine.events import Event, Said
from tests.end_to_end.kit import settings
from tests.faults.disk import Disk, Op, after_a_power_cut

PEOPLE = 5


async def told(folder: Path, disk: Disk) -> None:
    """Some people write, at the same time; every confirmation is marked on the disk."""
    async with App.opened(settings(folder), Clock()) as app:

        async def write(person: int) -> None:
            events: list[Event | Account] = [Account("start")]
            events += [Said(f"zin {number}", ref=f"{number}") for number in range(12)]
            for number, event in enumerate(events):
                name = f"{person}-{number}"
                await app.runner.accept([Arrival("telegram", name, f"{person}", event, "nl")])
                disk.mark(name)

        await asyncio.gather(*(write(person) for person in range(PEOPLE)))
        await app.database.scrub()
        await asyncio.gather(*(write(person) for person in range(PEOPLE, 2 * PEOPLE)))


def found(folder: Path, files: dict[str, bytes]) -> set[str] | None:
    """The updates that are known after the power is back; None when the database is damaged."""
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    with closing(sqlite3.connect(folder / "vertelbot.db")) as database:
        try:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            query = "SELECT external_id FROM inbox WHERE state = 'done'"
            return {row[0] for row in database.execute(query)}
        except sqlite3.OperationalError as error:
            return set() if "no such table" in str(error) else None
        except sqlite3.DatabaseError:
            return None


def cut(log: Sequence[Op], folder: Path, count: int, *, synced: bool) -> Counter[str]:
    """So many power cuts; what they cost."""
    dice, costs = random.Random(2026), Counter[str]()
    first = next(number for number, op in enumerate(log) if op.kind == "mark")
    for number in range(count):
        moment = dice.randrange(first, len(log))
        confirmed = {op.mark for op in log[:moment] if op.kind == "mark"}
        image = folder / str(number)
        image.mkdir(parents=True)
        known = found(image, after_a_power_cut(log[:moment], dice, synced=synced))
        costs["images"] += 1
        costs["confirmed"] += len(confirmed)
        costs["damaged"] += known is None
        costs["lost"] += len(confirmed - (known or set()))
    return costs


async def test_nothing_that_was_confirmed_is_lost_when_the_power_goes(
    tmp_path: Path, torture: bool
) -> None:
    disk = Disk()
    with disk.mounted():
        await told(tmp_path, disk)
    kinds = Counter(op.kind for op in disk.log)
    assert kinds["sync"] > 20
    kept = await asyncio.to_thread(
        cut, disk.log, tmp_path / "kept", 3000 if torture else 60, synced=True
    )
    lazy = await asyncio.to_thread(cut, disk.log, tmp_path / "lazy", 20, synced=False)
    print(f"{dict(kinds)}; power cuts: {dict(kept)}; without syncs: {dict(lazy)}")
    assert (kept["lost"], kept["damaged"]) == (0, 0)
    assert lazy["lost"] > 0, "this test would not notice"
