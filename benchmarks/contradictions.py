"""How often a contradiction is found, and how often one is seen that is none: figures and answers
over twelve areas with a known correlation. `python -m benchmarks.contradictions [rounds]`."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from math import sqrt

from conversations.sensemaking.contradiction import PairOfSeries, PointPair, examine

AREAS = 12
ROUNDS = 4_000
SPREAD = 12.0
"""How much the mean places of areas on a scale differ (standard deviation)."""
WITHIN = 28.0
"""How much the places of stories in one area differ."""


def pair(
    rng: random.Random, correlation: float, name: str, stories: int = 0, areas: int = AREAS
) -> PairOfSeries:
    """An indicator and an answer over areas. With `stories` the answer is the mean place of so many
    in each area, and known no better than that; without, it is known as it is."""
    points = []
    for _ in range(areas):
        figure = rng.gauss(0, 1)
        rest = sqrt(1 - correlation**2) * rng.gauss(0, 1)
        answer, error = 50 + SPREAD * (correlation * figure + rest), None
        if stories:
            error = WITHIN / sqrt(stories)
            answer += rng.gauss(0, error)
        points.append(PointPair(figure, answer, None, error))
    return PairOfSeries((name, ""), "areas", points)


def family(
    rng: random.Random, correlations: Sequence[float], stories: int = 0
) -> list[PairOfSeries]:
    return [pair(rng, r, str(at), stories) for at, r in enumerate(correlations)]


def share(rounds: int, correlations: Sequence[float], stories: int = 0, seed: int = 1) -> float:
    """Of how many rounds the first pair is said to contradict, when it does (a correlation below
    0); else of how many any pair is said to."""
    rng = random.Random(seed)
    hits = 0
    for _ in range(rounds):
        verdicts = examine(family(rng, correlations, stories))
        looked = verdicts[:1] if correlations[0] < 0 else verdicts
        hits += any(each.said == "contradiction" for each in looked)
    return hits / rounds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print(f"{rounds} rounds, {AREAS} areas")
    for others in (0, 2, 4, 9):
        found = share(rounds, [-0.7, *[0.0] * others])
        false = share(rounds, [0.0] * (others + 1))
        wrong = share(rounds, [0.7] * (others + 1))
        print(
            f"{others + 1:2} pairs: r=-0.7 found {found:.1%}, false alarms {false:.1%}, "
            f"where all point the expected way {wrong:.1%}"
        )
    for stories in (10, 20, 40, 80):
        found = share(rounds, [-0.7], stories)
        false = share(rounds, [0.0], stories)
        print(f"{stories:2} stories an area: found {found:.1%}, false alarms {false:.1%}")


if __name__ == "__main__":
    main()
