"""Ten thousand prompts that are due at once, against a Bot API server that keeps its limits:
`python -m benchmarks.prompts [--postgres]` (two replicas on PostgreSQL)."""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.bots import vertelbot
from bot.app import App
from bot.clock import Clock
from bot.meetings import agenda
from bot.meetings.model.meeting import Meeting
from bot.settings import Privacy, Settings, Storage
from storage.engine.transaction import Transaction
from storage.meetings import meetings, prompts
from storage.people import people
from storage.weeks import week_of
from tests.botapi import BotApi
from tests.botapi.faults import Limits
from tests.storage.stores import Postgres

FIRST = 100_000
"""The chat ids of those who are asked begin here."""
BETWEEN_REPLIES = 2.5
"""Seconds between two messages of the person who is talking meanwhile."""
RATE = 30


@dataclass
class Broadcast:
    """One run, and what was seen of it."""

    size: int
    replicas: int
    seconds: float = 0.0
    fastest_second: int = 0
    refused: int = 0
    lost: int = 0
    twice: int = 0
    processor: float = 0.0
    memory: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)

    def report(self) -> str:
        ideal = self.size / RATE
        quiet, busy = (_high(times) for times in (self.before, self.during))
        grown = max(self.memory) - self.memory[0]
        return "\n".join(
            [
                f"{self.size:,} prompts, {self.replicas} process(es)",
                f"  duration          {self.seconds:8.1f} s, ideal {ideal:.1f} s: "
                f"{ideal / self.seconds:.1%} of {RATE} a second",
                f"  fastest second    {self.fastest_second:8} messages, {self.refused} times 429",
                f"  lost, twice       {self.lost:8} lost, {self.twice} twice",
                f"  processor         {1000 * self.processor / self.size:8.1f} ms a prompt",
                f"  extra memory      {grown:8.1f} MB, from {self.memory[0]:.0f} MB; every tenth: "
                + " ".join(
                    f"{each:.0f}" for each in self.memory[:: max(1, len(self.memory) // 10)]
                ),
                f"  reply, 95 %       {1000 * busy:8.0f} ms, alone {1000 * quiet:.0f} ms: "
                f"{1000 * (busy - quiet):.0f} ms later ({len(self.during)} replies)",
            ]
        )


async def broadcast(size: int, folder: Path, url: str, replicas: int) -> Broadcast:
    """Fill a database, start the processes, and watch from the side of Telegram."""
    run = Broadcast(size, replicas)
    offset = _to_ten_in_the_morning()
    clock_file = folder / "clock"
    clock_file.write_text(str(offset.total_seconds()))
    settings = Settings(
        storage=Storage(url=url), privacy=Privacy(key_file=folder / "vertelbot.key")
    )
    async with BotApi(limits=Limits(), first_update=1000) as api:
        for number in range(size):
            api.user(f"P{number}", user_id=FIRST + number).chat.started = True
        clock = Clock(clock_file)
        async with App.opened(settings, clock) as app:
            await app.database.write(lambda c: _fill(c, app, size))
        clocked = {"VERTELBOT_CLOCK_FILE": str(clock_file)}
        processes = [await vertelbot(api, folder, url, **clocked) for _ in range(replicas)]
        try:
            later = str((offset + timedelta(hours=1)).total_seconds())
            pids = [process.pid for process in processes]
            await _watch(run, api, pids, lambda: clock_file.write_text(later))
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    process.terminate()
            await asyncio.gather(*(process.wait() for process in processes))
    return run


def _fill(connection: Transaction, app: App, size: int) -> None:
    """Everybody goes to one meeting; the prompts are due in half an hour."""
    now = app.clock.now()
    meeting = Meeting(
        uid="broadcast",
        kind="learning_group",
        title="Landelijke dag",
        start=now - timedelta(hours=4),
        end=now - timedelta(minutes=90),
        tz="Europe/Amsterdam",
    )
    made = agenda.add(connection, app.services, meeting, now)
    rows = []
    for number in range(size):
        person = people.find_or_make(
            connection, "telegram", str(FIRST + number), "nl", week_of(now)
        )
        meetings.join(connection, made.id, person.id, "member")
        due = made.end + timedelta(hours=2)
        rows.append(
            prompts.new_row(app.services.vault, person.id, made.id, "", "ask", made.end, due)
        )
    prompts.add(connection, rows)


async def _watch(
    run: Broadcast, api: BotApi, pids: Sequence[int], begin: Callable[[], object]
) -> None:
    """Talk before and during the broadcast, and look at memory, until all of it is there."""
    ada = api.user("Ada", user_id=7)

    async def talk(times: list[float]) -> None:
        seen, began = len(ada.messages), time.monotonic()
        await ada.send("/hulp")
        await api.world.wait(lambda: len(ada.messages) > seen or None, 60)
        times.append(time.monotonic() - began)

    await talk([])
    for _ in range(20):
        await asyncio.sleep(BETWEEN_REPLIES)
        await talk(run.before)
    begin()
    asked = await api.world.wait(lambda: _asked(api), 60)
    first, quiet = time.monotonic(), 0
    run.memory.append(_megabytes(pids))
    run.processor = -_seconds(pids)
    while len(asked) < run.size and quiet < 20:
        await talk(run.during)
        await asyncio.sleep(BETWEEN_REPLIES)
        run.memory.append(_megabytes(pids))
        before, asked = len(asked), _asked(api)
        quiet = quiet + 1 if len(asked) == before else 0
    run.processor += _seconds(pids)
    await asyncio.sleep(5)
    times = _asked(api)
    run.seconds = max(times) - min(times)
    sent = sorted(call.at for call in api.calls if call.done and call.method == "sendMessage")
    run.fastest_second = max(_in_a_second(sent))
    run.refused = api.limits.refused if api.limits else 0
    per_chat = Counter(
        call.chat_id
        for call in api.called("sendMessage")
        if call.done and (call.chat_id or 0) >= FIRST
    )
    run.lost = run.size - len(per_chat)
    run.twice = sum(count > 1 for count in per_chat.values())
    assert first <= max(times)


def _asked(api: BotApi) -> list[float]:
    """When each prompt was executed by the server."""
    return [
        call.at
        for call in api.calls
        if call.done and call.method == "sendMessage" and (call.chat_id or 0) >= FIRST
    ]


def _in_a_second(moments: Sequence[float]) -> list[int]:
    counts, begin = [], 0
    for end, moment in enumerate(moments):
        while moments[begin] <= moment - 1:
            begin += 1
        counts.append(end - begin + 1)
    return counts


def _megabytes(pids: Sequence[int]) -> float:
    """The resident memory of the largest process."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _seconds(pids: Sequence[int]) -> float:
    """The processor time of all processes."""
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in ticks) / os.sysconf("SC_CLK_TCK")


def _high(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _to_ten_in_the_morning() -> timedelta:
    """How far to move the clock, so that it is ten o'clock on a working day."""
    now = datetime.now(UTC)
    wanted = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    return wanted - now


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true", help="two replicas on PostgreSQL")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not asked.postgres:
            url = f"sqlite:///{folder}/vertelbot.db"
            print(asyncio.run(broadcast(asked.size, folder, url, 1)).report())
            return
        server = Postgres()
        try:
            print(asyncio.run(broadcast(asked.size, folder, server.fresh(), 2)).report())
        finally:
            server.close()


if __name__ == "__main__":
    main()
