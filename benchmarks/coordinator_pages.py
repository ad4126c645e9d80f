"""What the pages of coordinators cost, and how long tellers wait beside them:
`python -m benchmarks.coordinator_pages [--stories N …] [--folder PATH]`.

A Vertelbot with invented stories, in a process of its own. Every page is asked for as each role,
twice; processor time is that of the server and all its helpers together, until nothing runs. Beside
it `/health`, which is answered by the same loop as every chat, is asked every 5 milliseconds: how
long its slowest answer took is how long somebody who tells would have waited; beside it stands the
slowest in the second before, without a page.

With `--again SECONDS` the pages of patterns are asked for one after the other instead, each with
another filter, so that nothing is remembered: in turn so long with them and without.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import psutil

from benchmarks.bots import python
from bot.app import App
from bot.clock import Clock
from bot.demo.fill import fill
from bot.settings import Privacy, Settings, Storage, WebSettings
from storage.coordinators import coordinators, logins, teams
from storage.coordinators.coordinators import Role
from storage.engine.transaction import Transaction
from storage.weeks import week_of, weeks_before
from tests.end_to_end.kit import free_port

ROLES: tuple[Role, ...] = ("association", "team", "reader")
PAGES = {
    "overview": "",
    "list": "/stories",
    "list, filtered": "/stories?guide=resident",
    "list, by answer": "/stories?answer=promise:together",
    "search": "/stories?q=keuken",
    "digest": "/digest?week={week}",
    "patterns": "/patterns",
    "one question": "/patterns?a=promise",
    "two questions": "/patterns?a=promise&b=feeling",
    "two scales": "/patterns?a=movement_problems_strengths&b=movement_individual_collective",
    "files": "/files",
    "meetings": "/meetings",
    "teams": "/teams",
}
FILES = {"file, CSV": "csv", "file, XLSX": "xlsx"}
"""What is asked for with the form of the page of files: every story that may leave."""
LONG = aiohttp.ClientTimeout(total=3600)
"""A file of 200,000 stories, on a busy machine."""
CSRF = re.compile(r'name="csrf" value="([^"]*)"')
QUIET = 0.02
"""Seconds of processor time in a second below which a server is at rest."""


@dataclass(frozen=True)
class Look:
    """One page, once: milliseconds of processor and of waiting, and the slowest answer beside, and
    in the second before."""

    cpu: float
    wall: float
    beside: float
    alone: float


@dataclass(frozen=True)
class Server:
    """A Vertelbot that runs, and the token of a session for each role."""

    process: psutil.Process
    url: str
    sessions: dict[Role, str]


@asynccontextmanager
async def served(folder: Path, stories: int) -> AsyncIterator[Server]:
    """A server on a store that is filled when it is empty; its address and a session per role."""
    port = free_port()
    given = Settings(
        web=WebSettings(port=port),
        storage=Storage(url=f"sqlite:///{folder}/vertelbot.db"),
        privacy=Privacy(key_file=folder / "vertelbot.key"),
    )
    async with App.opened(given, Clock()) as app:
        if not await app.database.read(teams.all_teams):
            await fill(app, stories)
        team = (await app.database.read(teams.all_teams))[0].id
        login = partial(_session, team)
        sessions = {role: await app.database.write(partial(login, role)) for role in ROLES}
    os.environ |= {
        "VERTELBOT_WEB__PORT": str(port),
        "VERTELBOT_STORAGE__URL": given.storage.url,
        "VERTELBOT_PRIVACY__KEY_FILE": str(folder / "vertelbot.key"),
    }
    async with python(folder, "-m", "bot", "run") as process:
        url = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"{url}/ready") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
        yield Server(psutil.Process(process.pid), url, sessions)


def _session(team: str, role: Role, connection: Transaction) -> str:
    mine = "" if role == "association" else team
    who = coordinators.add(connection, role, role, team=mine)
    now, lasts = datetime.now(UTC), timedelta(hours=9)
    return logins.open_session(connection, who.id, now, lasts)


def used(process: psutil.Process) -> float:
    """Seconds of processor of a process and all that it started."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


async def at_rest(process: psutil.Process) -> None:
    """Wait until the server does nothing."""
    while True:
        before = used(process)
        await asyncio.sleep(0.5)
        if used(process) - before <= QUIET / 2:
            return


class Beside:
    """Who waits beside what a server does: the `slowest` answer of /health since `begin`, and the
    slowest while the server was left `alone`, in seconds."""

    def __init__(self, process: psutil.Process) -> None:
        self.slowest = self.alone = self.rate = 0.0
        self._process = process
        self._base, self._moment = used(process), time.perf_counter()

    def begin(self) -> None:
        """What is to be measured begins."""
        self.alone, self.slowest = self.slowest, 0.0
        self._base, self._moment = used(self._process), time.perf_counter()

    def spent(self) -> tuple[float, float]:
        """Seconds of processor and of waiting since then; what /health costs is taken off."""
        wall = time.perf_counter() - self._moment
        return used(self._process) - self._base - self.rate * wall, wall


@asynccontextmanager
async def waiting_beside(server: Server, seconds: float = 1.0) -> AsyncIterator[Beside]:
    """Ask for /health all the while, as somebody who tells would wait; first for so many seconds
    with nothing beside it."""
    beside, done = Beside(server.process), asyncio.Event()

    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            while not done.is_set():
                start = time.perf_counter()
                async with session.get(f"{server.url}/health"):
                    beside.slowest = max(beside.slowest, time.perf_counter() - start)
                await asyncio.sleep(0.005)

    asking = asyncio.create_task(ask())
    try:
        await asyncio.sleep(1)
        beside.begin()
        await asyncio.sleep(seconds)
        cpu, wall = beside.spent()
        beside.rate = cpu / wall
        yield beside
    finally:
        done.set()
        await asking


async def look(
    server: Server, session: aiohttp.ClientSession, address: str, kind: str = ""
) -> Look:
    """Open a page, or ask for a file of a `kind`, and ask for /health all the while."""
    process, url = server.process, server.url
    await at_rest(process)
    async with waiting_beside(server) as beside:
        form = await _form(session, f"{url}/coordinator{address}", kind) if kind else None
        beside.begin()
        async with session.request(
            "POST" if form else "GET",
            f"{url}/coordinator{address}",
            data=form,
            headers={"Origin": url} if form else {},
        ) as answer:
            text = await answer.read()
            assert answer.status in (200, 403), (address, answer.status, text[:200])
        cpu, wall = beside.spent()
    return Look(1000 * cpu, 1000 * wall, 1000 * beside.slowest, 1000 * beside.alone)


async def _form(session: aiohttp.ClientSession, url: str, kind: str) -> dict[str, str]:
    async with session.get(url) as answer:
        found = CSRF.search(await answer.text())
    return {
        "csrf": found[1] if found else "",
        "purpose": "network",
        "format": kind,
    }


async def measure(folder: Path, stories: int, only: Sequence[str]) -> None:
    async with served(folder, stories) as server:
        week = weeks_before(week_of(datetime.now(UTC)), 1)
        print(
            f"\n{stories} stories; milliseconds: processor first look, second look; "
            "slowest beside, and alone"
        )
        print(f"{'':16}" + "".join(f"{role:>32}" for role in ROLES))
        for name, address in {**PAGES, **dict.fromkeys(FILES, "/files")}.items():
            if only and name not in only:
                continue
            line = f"{name:16}"
            for role in ROLES:
                cookies = {"vertelbot_coordinator": server.sessions[role]}
                async with aiohttp.ClientSession(cookies=cookies, timeout=LONG) as session:
                    kind = "" if role == "reader" else FILES.get(name, "")
                    first = await look(server, session, address.format(week=week), kind)
                    second = await look(server, session, address.format(week=week), kind)
                beside, alone = (
                    max(getattr(each, what) for each in (first, second))
                    for what in ("beside", "alone")
                )
                line += f"{first.cpu:>12.0f}{second.cpu:>8.0f}{beside:>6.0f}{alone:>6.0f}"
            print(line, flush=True)


async def again(folder: Path, stories: int, seconds: float, rounds: int = 3) -> None:
    """How long /health takes while stories are read all the time, and while they are not."""
    async with served(folder, stories) as server:
        cookies = {"vertelbot_coordinator": server.sessions["association"]}
        week = week_of(datetime.now(UTC))
        weeks = (weeks_before(week, back) for back in range(20, 600))
        async with aiohttp.ClientSession(cookies=cookies) as session:
            await look(server, session, "/patterns")  # the first look makes ready
            found: dict[bool, list[float]] = {False: [], True: []}
            pages = 0
            for busy in (False, True) * rounds:
                asking = asyncio.create_task(_taken(server.url, seconds))
                while busy and not asking.done():
                    async with session.get(
                        f"{server.url}/coordinator/patterns?first={next(weeks)}"
                    ) as answer:
                        assert answer.status in (200, 429)
                        pages += 1
                found[busy] += await asking
        print(f"\n{stories} stories, {pages} pages one after the other; milliseconds of /health")
        for busy, name in ((False, "alone"), (True, "beside the pages")):
            taken = sorted(found[busy])
            middle, late = (taken[int(len(taken) * part)] for part in (0.5, 0.99))
            print(f"{name:20} median {middle:6.1f}, p99 {late:6.1f}, slowest {taken[-1]:6.1f}")


async def _taken(url: str, seconds: float) -> list[float]:
    """What each answer took, in milliseconds."""
    taken, end = [], time.perf_counter() + seconds
    async with aiohttp.ClientSession() as other:
        while (start := time.perf_counter()) < end:
            async with other.get(f"{url}/health"):
                taken.append(1000 * (time.perf_counter() - start))
            await asyncio.sleep(0.005)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, nargs="+", default=[400, 20_000])
    parser.add_argument("--folder", type=Path, help="where the stores are kept; default: nowhere")
    parser.add_argument("--only", nargs="+", default=[], help="names of pages")
    parser.add_argument("--again", type=float, default=0.0, metavar="SECONDS")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for stories in given.stories:
            folder = (given.folder or Path(temporary)) / str(stories)
            folder.mkdir(parents=True, exist_ok=True)
            if given.again:
                asyncio.run(again(folder, stories, given.again))
            else:
                asyncio.run(measure(folder, stories, given.only))


if __name__ == "__main__":
    main()
