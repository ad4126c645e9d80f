"""The attacker of the gate over a large simulated year: `python -m benchmarks.attack_year
[--scale N] [--weeks N] [--seed N]`.

Who remembers all exact views of a coordinator, and every number of digests and public pages that
left, subtracts the one from the other. `--scale 1` is the year of the tests, some 500 stories;
every other scale tells and changes so many times as many. Exit code 1 when a group of 1 to 4
stories comes out that this coordinator could never read.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Snapshot
from storage.stories import reading
from storage.stories.reading import Filters
from tests.coordinators.test_views import live
from tests.coordinators.year import View, Year, view_of
from tests.storage.stores import Store, open_store

ALL = 10_000_000
"""More stories than there are: patterns look at the newest 20,000, an attacker at all of them."""


class LargeYear(Year):
    """A year with many stories: exact views are read once a look, and packs, sessions and threads,
    which rest on nothing but those, are left to the tests."""

    def __init__(self, store: Store, seed: int, scale: int) -> None:
        super().__init__(store, seed, scale)
        self._known: View = {}

    async def _sense(self) -> None:
        known, now = set(self.exits.quarters), self.clock.now()
        await self.store.database.write(lambda c: self.exits.publish(c, now, self.teams))
        if self.exits.quarters != known:
            await self._remember_what_left()

    async def _view(self, who: Coordinator) -> View:
        def read(session: Snapshot) -> View:
            found = []
            for state in ("", "held", "serious"):
                found += reading.answered(session, who, Filters(state=state), ALL)
            return view_of(found, self._known)

        return await self.store.database.read(read)


async def report(scale: int, weeks: int, seed: int) -> int:
    """Live through it and attack; how many groups came out."""
    reading.COUNTED, reading.IN_PASSING = ALL, ALL
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/year.db", Path(folder))
        year = await live(LargeYear(store, seed, scale), weeks)
        found = year.attack()
        store.close()
    numbers = sum(len(seen.numbers) for seen in year.seen)
    print(
        f"{year.stories.told:,} stories in {weeks} weeks, {len(year.seen)} coordinators: "
        f"{numbers:,} numbers, {year.tries:,} tries, {len(found)} found; "
        f"{time.process_time() - began:.0f} s of processor"
    )
    for each in found[:20]:
        print("  ", *each)
    return len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(1 if asyncio.run(report(given.scale, given.weeks, given.seed)) else 0)


if __name__ == "__main__":
    main()
