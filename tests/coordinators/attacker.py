"""An attacker who knows every number that left, and subtracts everything from everything."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

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
    never by looking at the truth. A group is a number here, with one bit for each of its parts."""
    leaves = list({leaf: None for group in known for leaf in group})
    places = {leaf: 1 << place for place, leaf in enumerate(leaves)}
    counted = {sum(map(places.__getitem__, group)): count for group, count in known.items()}
    counted.pop(0, None)
    tries = 0
    fresh = list(counted)
    while fresh and len(counted) < MOST:
        made: dict[int, int] = {}
        for group in fresh:
            count = counted[group]
            for other, number in counted.items():
                both = group & other
                if both == other:
                    made[group - other] = count - number
                if both == group:
                    made[other - group] = number - count
                if not both:
                    made[group | other] = count + number
            tries += len(counted)
        made.pop(0, None)
        fresh = [group for group in made if group not in counted]
        counted |= made
    people = [truth.get(leaf, 0) for leaf in leaves]
    small = []
    for group, count in counted.items():
        inside = [place for place in range(len(leaves)) if group >> place & 1]
        if 0 < sum(people[place] for place in inside) < k:
            small.append((frozenset(leaves[place] for place in inside), count))
    return Attack(tries, small)


def certain(
    worlds: Iterable[tuple[int, ...]],
    told: Callable[[tuple[int, ...]], Hashable],
    k: int,
    groups: Sequence[tuple[int, ...]] = (),
) -> list[tuple[Hashable, tuple[int, ...], int]]:
    """The groups of 1 to k - 1 people that somebody is sure of who knows how what is told is made,
    and thinks of every world that would look so: what was told, which parts of a world, how many.
    `groups` are those that are looked for; without them all."""
    alike: dict[Hashable, list[tuple[int, ...]]] = {}
    for world in worlds:
        alike.setdefault(told(world), []).append(world)
    found = []
    for said, possible in alike.items():
        for parts in groups or _choices(len(possible[0])):
            counts = {sum(world[part] for part in parts) for world in possible}
            if len(counts) == 1 and 0 < min(counts) < k:
                found.append((said, parts, min(counts)))
    return found


@lru_cache
def _choices(parts: int) -> list[tuple[int, ...]]:
    return [some for size in range(1, parts + 1) for some in combinations(range(parts), size)]
