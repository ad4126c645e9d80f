"""How many days 10,000 prompts take over mixed bells, where one of them may ring for so many new
people in 24 hours: `python -m benchmarks.bells [PEOPLE] [BUDGET]`. The clock is moved; what is sent
goes nowhere."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.bells.bell_lane import WINDOW
from bot.bells.forecast import BellForecast
from storage.bells.rings import ATTEMPT
from storage.engine.transaction import Reads
from tests.bells.kit import Bench, bench

MIXED = (("push",), ("whatsapp",), ("sms",), ("mail",))
MOST_ROUNDS = 400


@dataclass
class Rung:
    """What came of it."""

    rung: int = 0
    twice: int = 0
    never: int = 0
    days: dict[str, int] = field(default_factory=dict)
    most_in_a_day: dict[str, int] = field(default_factory=dict)
    foretold: datetime | None = None
    done: datetime | None = None


async def ring_everybody(house: Bench, people: int) -> Rung:
    """A prompt for everybody, sent until nothing waits."""
    names = [f"p{number}" for number in range(people)]
    await house.tellers([(name, MIXED[at % len(MIXED)]) for at, name in enumerate(names)])
    found = Rung()
    for _ in range(MOST_ROUNDS):
        while await house.prompt_some():
            await house.deliver()
        await house.deliver()
        now = house.clock.now()
        if found.foretold is None:
            told = await BellForecast(house.store.database, house.lane, house.clock).tell()
            found.foretold = told.get("whatsapp")
        due = await house.store.database.read(_next)
        if due is None:
            break
        house.clock.move(seconds=max(60.0, (due - now).total_seconds() + 1))
    return await _judged(house, names, found)


def _next(reads: Reads) -> datetime | None:
    query = select(func.min(ATTEMPT.c.at)).where(ATTEMPT.c.state == "waiting")
    at: datetime | None = reads.execute(query).scalar()
    return at


async def _judged(house: Bench, names: list[str], found: Rung) -> Rung:
    counts = Counter(
        each.address.partition(":")[2]
        for channel, belfry in house.channels.items()
        if channel != "web"
        for each in belfry.sent
    )
    found.rung = len(counts)
    found.twice = sum(count > 1 for count in counts.values())
    found.never = len(set(names) - counts.keys())
    moments: defaultdict[str, list[datetime]] = defaultdict(list)
    rows = await house.store.database.read(
        lambda s: s.execute(select(ATTEMPT.c.channel, ATTEMPT.c.at).order_by(ATTEMPT.c.at)).all()
    )
    for row in rows:
        moments[row.channel].append(row.at)
    for channel, ats in moments.items():
        found.days[channel] = len({at.date() for at in ats})
        found.most_in_a_day[channel] = max(
            sum(timedelta() <= later - at < WINDOW for later in ats) for at in ats
        )
    found.done = max(ats[-1] for ats in moments.values())
    return found


async def main(people: int, budget: int) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        async with bench(Path(folder), {"whatsapp": budget}) as house:
            first = house.clock.now()
            found = await ring_everybody(house, people)
    took = time.perf_counter() - began
    print(f"{people} prompts, {budget} new people a day: {found.rung} rung, {found.twice} twice,")
    print(f"{found.never} never, in {took:.0f} s. Days with a bell: {found.days}.")
    print(f"Most in 24 hours: {found.most_in_a_day}.")
    print(f"Begun {first:%a %d %b}, foretold {found.foretold}, done {found.done}.")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    asyncio.run(main(*(given or (10_000, 250))))
