"""How often an interpretation that every role shares comes out first, on simulated sessions: by the
order of the page (what left the round), by the product over the roles of (A+1)/(N+2), and, as a
limit, by who knows which role disagrees. `python -m benchmarks.bridging [sessions]`."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence

from conversations.sensemaking.rounds import agreed, bridging, bridging_rank

SESSIONS = 2_000
PER_ROLE = 12
OTHERS = 5
SHARED = 0.8
ELSEWHERE = 0.5
ROLES = ("resident", "professional", "coordinator")
K = 5

Counts = Sequence[tuple[int, int]]
"""Of each role how many agree, of how many."""
Order = Callable[[Counts], float]


def by_page(counts: Counts) -> float:
    """As the page orders: by the shares in steps of ten, the weakest twice."""
    given = {
        role: ["holds"] * agree + ["fails"] * (of - agree)
        for role, (agree, of) in zip(ROLES, counts, strict=True)
    }
    return bridging_rank(agreed(given, K))


def by_product(counts: Counts) -> float:
    found = bridging(counts)
    if found is None:
        raise ValueError("there are several roles")
    return found.product


def by_who_knows(counts: Counts) -> float:
    """As nobody can: the last role is known to be the one that disagrees."""
    return counts[-1][0] + sum(agree for agree, _ in counts[:-1]) / 1000


ORDERS: dict[str, Order] = {
    "page": by_page,
    "product": by_product,
    "who knows the role": by_who_knows,
}
SCENES = {
    "at most 50 % in every role": (ELSEWHERE, ELSEWHERE, ELSEWHERE),
    "95 % in one role, 50 % in the others": (0.95, ELSEWHERE, ELSEWHERE),
    "80 % in two roles, 50 % in the third": (SHARED, SHARED, ELSEWHERE),
}


def first_rate(
    seed: int, others: Sequence[float], order: Order, sessions: int, many: int = PER_ROLE
) -> float:
    """The share of sessions in which the planted one is first, alone; `others`: how much each role
    agrees with every other one."""
    chance, first = random.Random(seed), 0
    for _ in range(sessions):
        planted = order(_simulated(chance, [SHARED] * len(ROLES), many))
        rest = [order(_simulated(chance, others, many)) for _ in range(OTHERS)]
        first += all(planted > each for each in rest)
    return first / sessions


def _simulated(chance: random.Random, shares: Sequence[float], many: int) -> Counts:
    return [(sum(chance.random() < s for _ in range(many)), many) for s in shares]


def main() -> None:
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    for scene, others in SCENES.items():
        for many in (PER_ROLE, 2 * PER_ROLE, 40):
            rates = ", ".join(
                f"{name} {first_rate(17, others, order, sessions, many):.1%}"
                for name, order in ORDERS.items()
            )
            print(f"{scene}, {many} a role: {rates}")


if __name__ == "__main__":
    main()
