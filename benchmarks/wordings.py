"""Whether two wordings are compared honestly: 1,000 simulated comparisons, looked at every week of
half a year, without a difference and with one. `python -m benchmarks.wordings`; exit code 1 when
more than 5 % are false alarms."""

from __future__ import annotations

import sys
import time
from random import Random

from conversations.authoring.wording_comparison import FALSE_ALARMS, Wording, compare

COMPARISONS = 1000
WEEKS = 26
SMALL = 5
PLANS = ((10, 0.8, 0.8), (40, 0.8, 0.8), (40, 0.95, 0.95), (40, 0.5, 0.5), (40, 0.65, 0.85),
         (40, 0.75, 0.85))  # fmt: skip
"""Conversations a week, and which share answers each of the wordings."""


def main() -> None:
    worst = 0.0
    for weekly, first, other in PLANS:
        began = time.process_time()
        found = [_verdict(Random(seed), weekly, (first, other)) for seed in range(COMPARISONS)]
        told = sum(bool(week) for _, week in found) / COMPARISONS
        right = sum(verdict == "other" for verdict, _ in found) / COMPARISONS
        weeks = sorted(week for _, week in found if week)
        line = f"{weekly} a week, {first:.0%} and {other:.0%}: a difference is told in {told:.1%}"
        if first == other:
            worst = max(worst, told)
        else:
            half = weeks[len(weeks) // 2] if weeks else 0
            line += f", the right one in {right:.1%}, half of them within {half} weeks"
        print(f"{line} ({time.process_time() - began:.1f} s of processor)")
    print(f"at most {worst:.1%} false alarms, of {FALSE_ALARMS:.0%} allowed")
    sys.exit(worst > FALSE_ALARMS)


def _verdict(lot: Random, weekly: int, shares: tuple[float, float]) -> tuple[str, int]:
    """The first verdict that tells a difference, and in which week; 0 when none does. Counts are
    rounded down as they are when they are written."""
    came, answered = [0, 0], [0, 0]
    for week in range(1, WEEKS + 1):
        for _ in range(weekly):
            wording = lot.randrange(2)
            came[wording] += 1
            answered[wording] += lot.random() < shares[wording]
        one, two = (
            Wording(came[each] // SMALL * SMALL, answered[each] // SMALL * SMALL) for each in (0, 1)
        )
        found = compare(one, two, SMALL).verdict
        if found in ("first", "other"):
            return found, week
    return "no_difference", 0


if __name__ == "__main__":
    main()
