"""What leaves a round when it closes: together when enough people answered, by role where each
shown role has enough, and never so that the rest is a small group.

Predictions leave as median and spread in steps of ten; votes as shares in steps of ten percent,
the lowest and highest of which say "at most" and "at least". In a small group these are further
from the ends: nobody sees whether all said the same, or all but one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, prod, sqrt
from statistics import median, quantiles
from typing import Literal

STEP = 10
SURE = 1.645
"""Standard deviations of an interval of 90 %."""
HALF = 0.5

Agreement = Literal["shared", "splitting", "open"]
"""`shared`, `splitting`, or `open`: too little to say."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Predictions of a group: the middle, and where at least half of them lie."""

    middle: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Bridge:
    """How much several roles agree with an interpretation: the product over the roles of
    (A+1)/(N+2), with an interval, and the word for it."""

    product: float
    low: float
    high: float
    word: Agreement


def shown_roles(sizes: Mapping[str, int], k: int) -> list[str]:
    """The roles that may be shown apart: none smaller than k, and all others together none or at
    least k. One role alone is shown only together."""
    shown = sorted(role for role, size in sizes.items() if size >= k)
    rest = sum(size for role, size in sizes.items() if role not in shown)
    if len(shown) + bool(rest) < 2 or 0 < rest < k:
        return []
    return shown


def predicted(by_role: Mapping[str, Sequence[int]], k: int) -> dict[str, Spread]:
    """The predictions that leave a round, by role; `all`: together."""
    every = [value for values in by_role.values() for value in values]
    if len(every) < k:
        return {}
    found = {"all": _spread(every)}
    for role in shown_roles({role: len(values) for role, values in by_role.items()}, k):
        found[role] = _spread(by_role[role])
    return found


def edge_of(many: int) -> int:
    """How far from none and from all a share of so many stays, so that neither is told."""
    return min(STEP * ceil(100 / (STEP * many)), 50)


def in_tens(count: int, of: int, edge: int) -> int:
    """A share in percent, in steps of ten, between the edges."""
    return min(100 - edge, max(edge, _step(100 * count / of)))


def agreed(by_role: Mapping[str, Sequence[str]], k: int) -> dict[str, dict[str, int]]:
    """The shares of each answer that leave a round, by role; `all`: together. With each its `edge`:
    a share up to it says "at most", one as far from the other end "at least"."""
    every = [answer for answers in by_role.values() for answer in answers]
    if len(every) < k:
        return {}
    found = {"all": _shares(every)}
    for role in shown_roles({role: len(answers) for role, answers in by_role.items()}, k):
        found[role] = _shares(by_role[role])
    return found


def bridging(counts: Sequence[tuple[int, int]]) -> Bridge | None:
    """How far several groups agree, each given as (how many agree, of how many). None: there is
    only one group, or none."""
    if len(counts) < 2:
        return None
    sides = [_wilson(agree, of) for agree, of in counts]
    product, variance = 1.0, 0.0
    for agree, of in counts:
        share = (agree + 1) / (of + 2)
        product *= share
        variance += (1 - share) / (share * (of + 3))
    wide = SURE * sqrt(variance)
    low, high = exp(log(product) - wide), min(1.0, exp(log(product) + wide))
    word: Agreement = "open"
    if max(each[0] for each in sides) > min(each[1] for each in sides):
        word = "splitting"
    elif all(each[0] > HALF for each in sides):
        word = "shared"
    return Bridge(product, low, high, word)


def bridging_rank(shares: Mapping[str, Mapping[str, int]]) -> float:
    """The higher, the more all roles hold an interpretation possible: the product over the roles
    of their shares, in which the weakest counts twice. It rests on what left the round, and so
    tells no more than that."""
    held = [share["holds"] / 100 for role, share in shares.items() if role != "all"]
    return prod(held) * min(held, default=0)


def veiled(agree: int, of: int) -> tuple[int, int]:
    """How many agree, so that what is made of it never tells whether all or none do."""
    return max(min(agree, of - 1), min(1, of)), of


def gap(spread: Spread, observed: float) -> int:
    """How far a prediction was from what is so."""
    return _step(abs(spread.middle - observed))


def _spread(values: Sequence[int]) -> Spread:
    """Never narrower than a step on both sides: nobody sees that all said the same."""
    low, _, high = quantiles(values, n=4, method="inclusive")
    middle = _step(median(values))
    return Spread(
        middle,
        max(0, min(_step(low), middle - STEP)),
        min(100, max(_step(high), middle + STEP)),
    )


def _shares(answers: Sequence[str]) -> dict[str, int]:
    edge = edge_of(len(answers))
    shares = {
        answer: in_tens(answers.count(answer), len(answers), edge)
        for answer in ("holds", "fails", "unsure")
    }
    return {**shares, "edge": edge}


def _step(value: float) -> int:
    return STEP * int(value / STEP + HALF)


def _wilson(agree: int, of: int) -> tuple[float, float]:
    """An interval for a share."""
    share, z = agree / of, SURE
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    wide = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - wide, middle + wide
