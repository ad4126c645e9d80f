"""How often an interpretation that every role shares comes out first, on simulated sessions."""

from __future__ import annotations

import random

from conversations.sensemaking.rounds import Bridge, bridging

SESSIONS = 2_000
PER_ROLE = 12
OTHERS = 5
SHARED = 0.8
ELSEWHERE = 0.5
ROLES = 3


def first_rate(seed: int, others: list[float], sessions: int = SESSIONS) -> float:
    """The share of sessions in which the planted one is first; `others`: how much each role agrees
    with every other one."""
    chance, first = random.Random(seed), 0
    for _ in range(sessions):
        planted = _simulated(chance, [SHARED] * ROLES)
        rest = [_simulated(chance, others) for _ in range(OTHERS)]
        first += all(planted.product > each.product for each in rest)
    return first / sessions


def _simulated(chance: random.Random, shares: list[float]) -> Bridge:
    counts = [(sum(chance.random() < s for _ in range(PER_ROLE)), PER_ROLE) for s in shares]
    found = bridging(counts)
    if found is None:
        raise ValueError("there are several roles")
    return found


def main() -> None:
    for name, others in (
        ("at most 50 % in every role", [ELSEWHERE] * ROLES),
        ("80 % in two roles, 50 % in the third", [SHARED, SHARED, ELSEWHERE]),
        ("95 % in one role, 50 % in the others", [0.95, ELSEWHERE, ELSEWHERE]),
    ):
        rate = first_rate(17, others)
        print(f"{name}: first in {rate:.1%} of {SESSIONS} sessions")


if __name__ == "__main__":
    main()
