"""How long a pack of 24 cards and 6 patterns takes: `python -m benchmarks.pack [TIMES]`.

The invented stories, a session of all of them, and the process that draws: from the tap until the
PDF is there, in seconds of waiting and of processor.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import psutil
from pydantic import SecretStr

from benchmarks.coordinator_pages import used
from bot.app import App
from bot.clock import Clock
from bot.coordinators.phrases import words
from bot.coordinators.questions import questions
from bot.demo.fill import fill
from bot.sensemaking.packs.pack_data import assemble, print_cards
from bot.sensemaking.sessions.story_pick import proposed, stories_of
from bot.settings import Privacy, Settings, Storage, TelegramSettings
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.sensemaking import patterns, session_cards, sessions

CARDS, PATTERNS, STORIES = 24, 6, 400
SOMEBODY = Coordinator("", "association", "", "")


async def measure(folder: Path, times: int) -> None:
    given = Settings(
        telegram=TelegramSettings(token=SecretStr("")),
        storage=Storage(url=f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
    )
    async with App.opened(given, Clock()) as app:
        await fill(app, STORIES)
        now, services = app.clock.now(), app.services
        asked = [each for each in questions(services.shelf.library, "nl").values() if each.answers]
        drafted = sessions.draft(
            SOMEBODY, now, title="Druk", question=asked[0].key, query="", sits="network"
        )

        def make(connection: Transaction) -> None:
            sessions.add(connection, drafted)
            told = stories_of(connection, SOMEBODY, drafted)
            session_cards.put(connection, drafted, proposed(told, None, many=CARDS))
            for each in asked[:PATTERNS]:
                readings = [(f"Lezing {n} van dit patroon", "een teamlid") for n in range(3)]
                patterns.add(connection, drafted.id, each.key, "", "Wat er is.", readings)

        await app.database.write(make)
        process = psutil.Process()
        for _ in range(times):
            began, before = time.perf_counter(), used(process)
            may = await app.database.write(lambda c: print_cards(c, SOMEBODY, drafted, now))
            pack = await app.database.read(
                partial(
                    assemble, services=services, who=SOMEBODY, session=drafted,
                    words=words("nl"), may=may, now=now,
                )
            )  # fmt: skip
            made = base64.b64decode(await app.studio.once(pack))
            took, busy = time.perf_counter() - began, used(process) - before
            print(
                f"{len(may)} cards, {PATTERNS} patterns, {len(made) // 1000} kB: {took:.2f} s, "
                f"processor {busy:.2f} s, with the process that draws"
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 3))
