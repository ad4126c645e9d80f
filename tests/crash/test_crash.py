"""The same story, killed at every write and every send, ends as if nothing had happened.

Here and there by default; everywhere with `pytest --torture`.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from storage.engine.database import Database
from storage.lifecycle.unlock import unlock
from tests.crash.kit import Kill, missing, nursery, told
from tests.crash.nursery import POINTS
from tests.end_to_end.scripts import BRIEF, Deed, Say, Tap

WITHDRAWN: tuple[Deed, ...] = (
    *BRIEF,
    Say("/mijnverhalen"),
    Tap("De stoel bij het raam"),
    Tap("Weghalen"),
    Tap("Ja, haal het weg"),
)
AROUND_A_COMMIT = ("before a commit", "after a commit")
ERASED: tuple[Deed, ...] = (*BRIEF, Say("/wissen"), Tap("Ja, wis alles"))


async def seed(folder: Path) -> Path:
    """A new database with its key, to be copied: making the tables takes long."""
    database = Database(f"sqlite:///{folder}/vertelbot.db")
    database.start()
    await unlock(database, folder / "vertelbot.key")
    database.close()
    return folder


def points(folder: Path, after: Path | None = None) -> list[Kill]:
    """Everywhere a run could have been killed, as it counted itself; after what an earlier run
    came by."""
    passed: dict[str, int] = json.loads((folder / "tally.json").read_text())
    before: dict[str, int] = json.loads((after / "tally.json").read_text()) if after else {}
    return [
        (point, number + 1)
        for point, count in passed.items()
        for number in range(before.get(point, 0), count)
    ]


def some(kills: list[Kill], torture: bool, points: Collection[str] = POINTS) -> list[Kill]:
    """All, or one moment of each of these points, drawn with a seed."""
    draw = random.Random(2026)
    one_each = [
        draw.choice(moments) for p in points if (moments := [k for k in kills if k[0] == p])
    ]
    return kills if torture else one_each


async def test_a_killed_bot_loses_nothing_and_keeps_nothing_twice(
    tmp_path: Path, torture: bool
) -> None:
    template, began = await seed(tmp_path / "seed"), time.monotonic()
    found: Counter[str] = Counter()
    async with nursery() as bots:
        calm = Path(shutil.copytree(template, tmp_path / "calm"))
        expected, _ = await told(bots, calm, None)
        assert len(expected.stories) == 1
        for number, kill in enumerate(some(points(calm), torture)):
            folder = Path(shutil.copytree(template, tmp_path / str(number)))
            ending, died = await told(bots, folder, kill)
            found["kills"] += died
            found["lost"] += not ending.stories
            found["twice"] += len(ending.stories) > 1
            found["missing"] += len(missing(expected.chat, ending.chat))
            found["again"] += len(ending.chat) - len(expected.chat)
            assert ending.stories == expected.stories, kill
            assert ending.consents == expected.consents, kill
            assert missing(expected.chat, ending.chat) == [], kill
            shutil.rmtree(folder)
    print(dict(found), f"{time.monotonic() - began:.0f} s")
    assert found["kills"] >= 0.9 * (number + 1)


async def test_what_is_withdrawn_or_erased_is_gone_wherever_it_was_killed(
    tmp_path: Path, torture: bool
) -> None:
    template, killed = await seed(tmp_path / "seed"), 0
    async with nursery() as bots:
        calm = Path(shutil.copytree(template, tmp_path / "calm"))
        await told(bots, calm, None)
        for script, says in ((WITHDRAWN, "Het verhaal is weg"), (ERASED, "Alles is gewist")):
            whole = Path(shutil.copytree(template, tmp_path / says))
            await told(bots, whole, None, script)
            for number, kill in enumerate(some(points(whole, calm), torture, AROUND_A_COMMIT)):
                folder = Path(shutil.copytree(template, tmp_path / f"{says}{number}"))
                ending, died = await told(bots, folder, kill, script)
                killed += died
                assert ending.stories == [], kill
                assert any(says in text for text, _ in ending.chat), kill
                assert _left(folder, script is ERASED) == [], kill
    print(f"{killed} kills around erasing, nothing stayed")


def _left(folder: Path, everything: bool) -> list[str]:
    """The tables that still hold something they should not."""
    tables = ["story", "consent WHERE sealed IS NOT NULL"]
    if everything:
        tables += ["person", "conversation", "outbox", "inbox WHERE sealed IS NOT NULL"]
    with closing(sqlite3.connect(folder / "vertelbot.db")) as database:
        return [t for t in tables if database.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()]
