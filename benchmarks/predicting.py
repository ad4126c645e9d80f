"""Forty people of a session predict at the same moment, beside people who tell:
`python -m benchmarks.predicting [--people 40] [--tellers 20] [--rounds 10]`.

A Vertelbot in a process of its own, with the invented stories, before a Bot API server in this one;
without Telegram's limit of 30 messages a second, which is not ours. People tell all the while, with
half a second to read between. Again and again everybody who sits in the session taps at once: how
long each waits for the answer, how long those wait who tell meanwhile, and those who tell in the
seconds between, when nobody predicts: so other work on the machine is in both.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.bots import UNPACED, configure, python
from benchmarks.coordinator_pages import used
from benchmarks.night import beside
from bot.app import App
from bot.clock import Clock
from bot.demo.fill import fill
from bot.sensemaking.sessions.story_pick import proposed, stories_of
from bot.settings import load
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Transaction
from storage.sensemaking import patterns, session_cards, sessions
from tests.botapi import BotApi, User
from tests.end_to_end.scripts import BRIEF, Say, Tap

QUESTION = "resident.movement_problems_strengths"
STORIES = 400
UNTIL_THE_TEAM = BRIEF[: BRIEF.index(Tap("Nee")) + 1]
"""A story up to the question which team it was: the invented teams have names of their own."""
PAUSE = 0.5
BETWEEN = 3.0
WARM = 8.0
"""Seconds: between what people of a session and tellers do, and until all of them are at it."""
SOMEBODY = Coordinator("", "association", "", "")


async def prepared(folder: Path) -> str:
    """A store with a session in which everybody predicts; its code."""
    async with App.opened(load(folder / "config.toml"), Clock()) as app:
        now = app.clock.now()
        await fill(app, STORIES)

        def make(connection: Transaction) -> str:
            drafted = sessions.draft(
                SOMEBODY, now, title="Druk", question=QUESTION, query="", sits="network"
            )
            sessions.add(connection, drafted)
            told = stories_of(connection, SOMEBODY, drafted)
            session_cards.put(connection, drafted, proposed(told, None))
            readings = [("Het team luistert", "een teamlid"), ("Wie boos is zwijgt", "een bewoner")]
            made = patterns.add(connection, drafted.id, QUESTION, "", "Rechts.", readings)
            return sessions.go_to(connection, drafted, "predicting", now, made).code

        return await app.database.write(make)


async def predicted(user: User, place: int) -> float:
    """Seconds until somebody who taps on a place is answered."""
    began = time.monotonic()
    await user.tap(str(place), timeout=60)
    await user.wait_for("", timeout=60)
    return time.monotonic() - began


async def measure(folder: Path, many: int, tellers: int, rounds: int) -> None:
    async with BotApi() as api:
        configure(folder, api)
        code = await prepared(folder)
        async with python(folder, "-c", UNPACED) as process:
            tells, numbers = list[tuple[float, float]](), itertools.count(1)

            async def tell() -> None:
                while True:
                    user = api.user(f"T{next(numbers)}")
                    for deed in UNTIL_THE_TEAM:
                        began = time.monotonic()
                        if isinstance(deed, Say):
                            await user.send(deed.text)
                        else:
                            await user.tap(deed.label, timeout=60)
                        await user.wait_for("", timeout=60)
                        tells.append((began, time.monotonic()))
                        await asyncio.sleep(PAUSE)

            people = [api.user(f"S{number}") for number in range(many)]
            for number, user in enumerate(people):
                role = ("resident", "professional")[number % 2]
                await user.send(f"/start s-{code}-{role}")
                await user.wait_for("0", timeout=120)
            server, waits, busy = psutil.Process(process.pid), list[float](), []
            async with beside(*(tell() for _ in range(tellers))):
                await asyncio.sleep(WARM)
                took = 0.0
                for number in range(rounds):
                    began, before, place = time.monotonic(), used(server), number % 11
                    waits += await asyncio.gather(*(predicted(each, place) for each in people))
                    busy.append((began, time.monotonic()))
                    took += used(server) - before
                    await asyncio.sleep(BETWEEN)
    among = [some for some in tells if any(a < some[1] and some[0] < b for a, b in busy)]
    others = [some for some in tells if some not in among and some[0] > busy[0][0]]
    print(f"{many} people predict at once, {rounds} times, beside {tellers} who tell")
    print(f"  who predicts waits        {told(waits)}")
    print(f"  who tells waits, among it {told([b - a for a, b in among])}")
    print(f"  who tells waits, between  {told([b - a for a, b in others])}")
    print(f"  processor of the server   {took / rounds:.2f} s for each time, with the tellers")


def told(waits: Sequence[float]) -> str:
    inside = sorted(waits)
    late = inside[int(0.95 * len(inside))]
    return (
        f"{1000 * statistics.median(inside):5.0f} ms, 95 % {1000 * late:.0f}, "
        f"longest {1000 * inside[-1]:.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--tellers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), given.people, given.tellers, given.rounds))


if __name__ == "__main__":
    main()
