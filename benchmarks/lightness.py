"""Parts of the table of results: what is asked of the product besides its turns. Processor time is
that of the process and its children, so that what else the machine does counts little."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from benchmarks.coordinator_pages import PAGES, look, served
from benchmarks.measure import HOME, ROUNDS, compare
from benchmarks.parts import Row, postgres_server, row
from conversations.redaction.find import find
from storage.weeks import week_of, weeks_before

BARE = ("-c", "import argparse; argparse.ArgumentParser().parse_args([])")
COMMANDS = ("--help", "team list", "check --help")
STORIES = 20_000
OPENED = ("overview", "list", "search", "digest", "patterns")
STORY = (
    "Vorige week kwam er een mevrouw bij ons aan het loket, Fatima El Idrissi, met haar zoon Yusuf "
    "van zes. Ze woont sinds maart in de Kerkstraat en kreeg een brief van de gemeente over haar "
    "toeslag. Ze begreep er niets van en was bang dat ze alles terug moest betalen. Ik heb samen "
    "met haar gebeld, en daarna met mijn collega Jan de Vries van het wijkteam in Deventer. We "
    "maakten een afspraak bij haar thuis, omdat ze niet graag met de bus gaat. Toen bleek dat ze "
    "ook al maanden slecht sliep. De huisarts dacht mee, en de school van Yusuf regelde dat hij "
    "kon overblijven. Na twee weken belde ze op om te zeggen dat het nu rustiger was. Dat vond ik "
    "mooi om te horen."
)


def names() -> Iterator[Row]:
    """Identifying words in a story of 120 words."""
    find(STORY)
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(50):
            find(STORY)
        taken.append((time.process_time() - began) / 50 * 1e3)
    took, words = statistics.median(taken), len(STORY.split())
    what = f"identifying words in a story of {words} words"
    yield row(what, "", f"{took:.2f} ms", "at most 0.4 ms", took <= 0.4)


def postgres_beside() -> Iterator[Row]:
    """PostgreSQL against SQLite: one process on each, before the same people."""
    with postgres_server() as fresh:
        light, heavy = compare(["vertelbot typed", f"vertelbot typed 64 0 {fresh()}"], 5).values()
    times = heavy["per_second"] / light["per_second"]
    measured = (
        f"{heavy['per_second']:.0f} against {light['per_second']:.0f} a second: {times:.2f} ×"
    )
    what = "PostgreSQL, one process: durable turns, 64 in flight"
    yield row(what, "SQLite", measured, "at least 0.7 ×", times >= 0.7)


def commands() -> Iterator[Row]:
    """Commands that should answer at once."""
    asked = {name: ("-m", "bot", *name.split()) for name in COMMANDS}
    taken: dict[str, list[float]] = {name: [] for name in ("", *asked)}
    with tempfile.TemporaryDirectory() as folder:
        _processor(asked["team list"], Path(folder))  # makes the store
        for _ in range(ROUNDS):
            for name, arguments in {"": BARE, **asked}.items():
                taken[name].append(_processor(arguments, Path(folder)))
    bare = statistics.median(taken[""])
    for name in asked:
        took = statistics.median(taken[name])
        measured = f"{took:.2f} against {bare:.2f} s: + {took - bare:.2f} s"
        what = f"`vertelbot {name}`, processor time"
        yield row(what, "bare Python", measured, "at most + 0.25 s", took - bare <= 0.25)


def scrape() -> Iterator[Row]:
    """Outbox counts at a scrape of the metrics."""
    (found,) = compare(["due 1000000"], 5).values()
    took = found["scrape_ms"]
    what = "outbox counts at a scrape, a million rows"
    yield row(what, "", f"{took:.2f} ms", "at most 1 ms", took <= 1)


def pages() -> Iterator[Row]:
    """Pages of a coordinator, and how long the slowest answer beside them took."""
    for name, milliseconds in asyncio.run(_beside()).items():
        what = f"a dashboard page while people tell ({STORIES:,} stories): {name}"
        measured = f"+ {milliseconds:.0f} ms at most"
        yield row(what, "telling alone", measured, "at most + 50 ms", milliseconds <= 50)


def suite() -> Iterator[Row]:
    """All tests of this repository."""
    command = ("-m", "pytest", "-q", "-n", "logical", "--dist", "loadfile")
    took = _processor(command, HOME) / 60
    what = "the test suite, processor time"
    yield row(what, "", f"{took:.1f} minutes", "at most 10 minutes", took <= 10)


async def _beside() -> dict[str, float]:
    week = weeks_before(week_of(datetime.now(UTC)), 1)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        async with served(Path(name), STORIES) as server:
            cookies = {"vertelbot_coordinator": server.sessions["association"]}
            async with aiohttp.ClientSession(cookies=cookies) as session:
                for page in OPENED:
                    address = PAGES[page].format(week=week)
                    found[page] = (await look(server, session, address)).beside
    return found


def _processor(arguments: Sequence[str], folder: Path) -> float:
    """Seconds of processor time of a Python process and its children."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": ""},
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0  # it was waited for
    return used.ru_utime + used.ru_stime
