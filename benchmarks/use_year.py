"""A year of simulated use, drawn on the diagram: `python -m benchmarks.use_year [--guide ID]
[--database FILE]`.

Conversations by lot, a few or many a day, are counted as they are in the process, written once a
day in sums of enough, and drawn. What is drawn stands beside what really was; exit code 1 when a
sum is more than was counted. With `--database` the sums go into that SQLite file too, to be looked
at on its dashboard.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date, timedelta
from random import Random

from sqlalchemy import create_engine

from bot.authoring.learning.flow import flow_of
from bot.authoring.step_names import names_told
from bot.coordinators.phrases import words
from bot.use_tally import UseTally, Version
from conversations.checks.walk.probes import FACTS
from conversations.engine.way import trail
from conversations.guide.loading import load_guides
from storage.guides.use_counts import USE, UseCount, VersionUse
from tests.authoring.walks import walk

DAYS = 365
FIRST = date(2025, 12, 1)
SMALL = 5
A_DAY = (0, 0, 1, 3, 6, 12, 25)
"""Conversations a day: by lot one of these."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guide", default="resident")
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    began, lot = time.process_time(), Random(given.guide)
    guide = load_guides().get(given.guide, "nl")
    version, tally = Version(guide.id, guide.fingerprint), UseTally()
    really: Counter[str] = Counter()
    rows: list[UseCount] = []
    days: list[str] = []
    for day in range(DAYS):
        today = FIRST + timedelta(day)
        for n in range(lot.choice(A_DAY)):
            over, expired = walk(guide, lot)
            marks = trail.counted_marks(guide, over, expired=expired)
            really.update(marks)
            if marks:
                tally.add((f"{day} {n}", ""), version, today.isoformat(), marks)
        for of, sums in tally.take(SMALL, (today + timedelta(1)).isoformat()).items():
            for (_, mark), count in sums.items():
                step, how = mark.split(" ")
                rows.append(UseCount(guide.id, guide.fingerprint, step, how, count))
                days.append(of)
    drawn: dict[str, dict[str, int]] = {}
    for each in rows:
        of_step = drawn.setdefault(each.step, {})
        of_step[each.how] = of_step.get(each.how, 0) + each.conversations
    use = VersionUse(guide.fingerprint, days[0], days[-1], drawn)
    flow = flow_of(guide, use, names_told(words("nl"), guide, FACTS))
    fine = True
    print(f"{'':27}{'came':>7}{'answered':>10}{'skipped':>9}{'stopped':>9}   really came")
    for row in flow.rows:
        came = really[f"{row.id} came"]
        fine &= all(drawn.get(row.id, {}).get(how, 0) <= really[f"{row.id} {how}"]
                    for how in ("came", "answered", "skipped", "stopped"))  # fmt: skip
        print(f"{row.label:27}{row.came:>7}{row.answered:>10}{row.skipped:>9}{row.stopped:>9}"
              f"   {came}")  # fmt: skip
    for arc in flow.arcs:
        print(f"{arc.start} to {arc.end}, by {arc.label[:40]}: {arc.conversations}")
    print(f"{len(rows)} sums, {time.process_time() - began:.1f} s of processor")
    if given.database:
        with create_engine(f"sqlite:///{given.database}").begin() as connection:
            for of, each in zip(days, rows, strict=True):
                made = {name: getattr(each, name) for name in each.__slots__}
                connection.execute(USE.insert().prefix_with("OR IGNORE"), {**made, "day": of})
    sys.exit(not fine)


if __name__ == "__main__":
    main()
