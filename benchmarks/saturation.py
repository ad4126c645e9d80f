"""How often the interval of the share heard holds the true share: stories drawn from towns whose
kinds of story are equally common, a few common and many rare, or a role and a promise each.
`python -m benchmarks.saturation [rounds]`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence

from conversations.sensemaking.saturation import heard

ROUNDS = 1_000
STORIES = (20, 30, 60, 120)
ALL = 0.02
"""Where less is unheard, an interval up to everything cannot but hold the truth."""


def towns(seed: int = 1) -> dict[str, list[float]]:
    """How common each kind is, by the name of a town."""
    rng = random.Random(seed)
    found: dict[str, list[float]] = {}
    for kinds in (15, 40, 100):
        found[f"equal {kinds}"] = [1.0] * kinds
        found[f"one over rank {kinds}"] = [1 / (at + 1) for at in range(kinds)]
        found[f"broken stick {kinds}"] = [rng.expovariate(1) for _ in range(kinds)]
        found[f"lognormal {kinds}"] = [rng.lognormvariate(0, 1.2) for _ in range(kinds)]
        found[f"geometric {kinds}"] = [0.9**at for at in range(kinds)]
        found[f"a few common {kinds}"] = [8.0 if at < kinds // 5 else 1.0 for at in range(kinds)]
        roles, promises = ([rng.gammavariate(1.5, 1) for _ in range(n)] for n in (5, kinds // 5))
        found[f"roles by promises {kinds}"] = [a * b for a in roles for b in promises]
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


def unheard(common: Sequence[float], stories: int) -> float:
    """The share that is expected to be unheard."""
    return sum(each * (1 - each) ** stories for each in common)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    every, able = [], []
    for name, common in towns().items():
        shares = [covered(common, stories, rounds) for stories in STORIES]
        every += shares
        able += [
            share for n, share in zip(STORIES, shares, strict=True) if unheard(common, n) >= ALL
        ]
        told = ", ".join(f"{n}: {share:.1%}" for n, share in zip(STORIES, shares, strict=True))
        print(f"{name:20} {told}")
    for title, shares in (("all", every), (f"where {ALL:.0%} or more is unheard", able)):
        within = sum(0.86 <= share <= 0.94 for share in shares) / len(shares)
        print(
            f"{title}: {len(shares)}, mean {sum(shares) / len(shares):.1%}; within 90 ± 4 %: "
            f"{within:.0%}; from {min(shares):.1%} to {max(shares):.1%}"
        )


if __name__ == "__main__":
    main()
