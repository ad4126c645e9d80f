"""How often the interval of the share heard holds the true share: stories drawn from towns whose
kinds of story are equally common, or a few common and many rare.
`python -m benchmarks.saturation [rounds]`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence

from conversations.sensemaking.saturation import heard

ROUNDS = 1_000
STORIES = (20, 30, 60, 120)


def towns(seed: int = 1) -> dict[str, list[float]]:
    """How common each kind is, by the name of a town."""
    rng = random.Random(seed)
    found: dict[str, list[float]] = {}
    for kinds in (15, 40, 100):
        found[f"equal {kinds}"] = [1.0] * kinds
        found[f"one over rank {kinds}"] = [1 / (at + 1) for at in range(kinds)]
        found[f"broken stick {kinds}"] = [rng.expovariate(1) for _ in range(kinds)]
        found[f"lognormal {kinds}"] = [rng.lognormvariate(0, 1.2) for _ in range(kinds)]
    return {name: [each / sum(some) for each in some] for name, some in found.items()}


def covered(common: Sequence[float], stories: int, rounds: int, seed: int = 1) -> float:
    """Of how many rounds the interval holds the share that was heard in truth."""
    rng = random.Random(seed)
    hits = 0
    for _ in range(rounds):
        drawn = Counter(rng.choices(range(len(common)), common, k=stories))
        true = sum(common[kind] for kind in drawn)
        found = heard(drawn.elements())
        hits += found.low - 1e-9 <= true <= found.high + 1e-9
    return hits / rounds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    every = []
    for name, common in towns().items():
        shares = [covered(common, stories, rounds) for stories in STORIES]
        every += shares
        told = ", ".join(f"{n}: {share:.1%}" for n, share in zip(STORIES, shares, strict=True))
        print(f"{name:20} {told}")
    within = sum(0.86 <= share <= 0.94 for share in every) / len(every)
    print(
        f"mean {sum(every) / len(every):.1%}; within 90 ± 4 %: {within:.0%}; least {min(every):.1%}"
    )


if __name__ == "__main__":
    main()
