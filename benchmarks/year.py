"""A year of meetings, 200 teams and 5,000 people, on a moved clock: `python -m benchmarks.year`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.meetings.prompts.year import Year


async def report(teams: int, persons: int, seed: int) -> str:
    """Live through the year; the table of counts."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        year = Year(Path(folder), teams, persons, seed=seed)
        await year.live()
        counts = await year.table()
    lines = [f"a year of {teams} teams and {persons} people in {time.monotonic() - began:.0f} s"]
    lines += [f"  {name:22}{count:9,}" for name, count in sorted(counts.items())]
    return "\n".join([*lines, *(f"  wrong: {one}" for one in sorted(set(year.judge.wrong))[:20])])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(asyncio.run(report(asked.teams, asked.people, asked.seed)))


if __name__ == "__main__":
    main()
