"""An attacker who knows every number that left, and subtracts everything from everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Group = frozenset[tuple[str, str]]
"""A group of stories, as the smallest groups it is made of: (row, answer)."""

MOST = 500
"""Groups that are looked at; a world of this size is small enough to find most of them."""


@dataclass
class Attack:
    """What was tried, and the groups of 1 to k - 1 stories that came out."""

    tries: int
    found: list[tuple[Group, int]]


def attack(known: Mapping[Group, int], truth: Mapping[tuple[str, str], int], k: int) -> Attack:
    """Subtract and add until nothing new comes; every group that is found is counted by what left,
    never by looking at the truth."""
    counted = {group: count for group, count in known.items() if group}
    tries = 0
    fresh = list(counted)
    while fresh and len(counted) < MOST:
        made: dict[Group, int] = {}
        for group in fresh:
            for other in list(counted):
                tries += 1
                for one, two in ((group, other), (other, group)):
                    if two < one:
                        made[one - two] = counted[one] - counted[two]
                if not group & other:
                    made[group | other] = counted[group] + counted[other]
        fresh = [group for group in made if group not in counted]
        counted |= made
    small = [
        (group, count)
        for group, count in counted.items()
        if 0 < sum(truth.get(leaf, 0) for leaf in group) < k
    ]
    return Attack(tries, small)
