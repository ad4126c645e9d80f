"""What leaves a round when it closes: together when enough people answered, by role where each
shown role has enough, and never so that the rest is a small group.

Predictions leave as median and spread in steps of ten; votes as shares in steps of ten percent, or
wider where the group is small (`coarse`): no count can be read off. All that leaves a round is made
of one step for each group; so nothing comes out when the roles are taken off all together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, prod, sqrt
from statistics import median
from typing import Any, Literal, TypeVar

from conversations.sensemaking.coarse_shares import Bound, CountStep, two_of_three

STEP = 10
SURE = 1.645
"""Standard deviations of an interval of 90 %."""
HALF = 0.5
VOTES = ("holds", "fails", "unsure")
Given = TypeVar("Given")

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
    """The predictions that leave a round, by role; `all`: together. Where roles are shown, what is
    told of all is made of what is told of the roles: it tells no more than they do."""
    every = [value for values in by_role.values() for value in values]
    if len(every) < k:
        return {}
    groups = _groups(by_role, k)
    found = {role: _spread(values) for role, values in groups.items()}
    sizes = {role: len(values) for role, values in groups.items()}
    together = Spread(
        _step(median(found[role].middle for role, size in sizes.items() for _ in range(size))),
        min(each.low for each in found.values()),
        max(each.high for each in found.values()),
    )
    return {"all": together} | {role: each for role, each in found.items() if role}


def agreed(by_role: Mapping[str, Sequence[str]], k: int) -> dict[str, dict[str, Any]]:
    """The shares of each answer that leave a round, by role; `all`: together, made of those of the
    roles where these are shown. With each which answers are `most` so many, or `least`."""
    if sum(map(len, by_role.values())) < k:
        return {}
    steps = {role: _steps(answers) for role, answers in _groups(by_role, k).items()}
    every = zip(*steps.values(), strict=True)
    together = [
        CountStep(sum(s.first for s in some), sum(s.last for s in some), sum(s.of for s in some))
        for some in every
    ]
    shown = {role: _shares(each) for role, each in steps.items() if role}
    return {"all": _shares(together), **shown}


def held_by(by_role: Mapping[str, Sequence[str]], k: int) -> list[tuple[float, int]]:
    """How many of each shown role hold it possible, as near as what is told of it: for `bridging`,
    which so tells no more."""
    groups = _groups(by_role, k)
    return [(_steps(groups[role])[0].middle, len(groups[role])) for role in groups if role]


def bound_in(shares: Mapping[str, Any], answer: str) -> Bound:
    """Whether an answer that left has `most` so many, `least` so many, or about so many."""
    if "edge" in shares:  # as it left before
        share, edge = shares[answer], shares["edge"]
        return "most" if share <= edge else "least" if share >= 100 - edge else "line"
    return "most" if answer in shares["most"] else "least" if answer in shares["least"] else "line"


def bridging(counts: Sequence[tuple[float, int]]) -> Bridge | None:
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


def bridging_rank(shares: Mapping[str, Mapping[str, Any]]) -> float:
    """The higher, the more all roles hold an interpretation possible: the product over the roles
    of their shares, in which the weakest counts twice. It rests on what left the round, and so
    tells no more than that."""
    held: list[float] = [share["holds"] / 100 for role, share in shares.items() if role != "all"]
    return prod(held) * min(held, default=0)


def gap(spread: Spread, observed: float) -> int:
    """How far a prediction was from what is so."""
    return _step(abs(spread.middle - observed))


def _groups(by_role: Mapping[str, Sequence[Given]], k: int) -> dict[str, list[Given]]:
    """What was given by the roles that are shown and, under the empty name, by all others."""
    shown = shown_roles({role: len(given) for role, given in by_role.items()}, k)
    rest = [each for role, given in by_role.items() if role not in shown for each in given]
    return {role: list(by_role[role]) for role in shown} | ({"": rest} if rest else {})


def _spread(values: Sequence[int]) -> Spread:
    """As far to both sides as at least half of them lie, and no less than a step: two places in
    the order would tell how many lie between them."""
    middle = _step(median(values))
    distances = sorted(abs(value - middle) for value in values)
    wide = max(STEP, STEP * ceil(distances[(len(values) - 1) // 2] / STEP))
    return Spread(middle, max(0, middle - wide), min(100, middle + wide))


def _steps(answers: Sequence[str]) -> Sequence[CountStep]:
    """What is told of each answer: `VOTES`, in their order."""
    return two_of_three(answers.count("holds"), answers.count("fails"), len(answers))


def _shares(steps: Sequence[CountStep]) -> dict[str, Any]:
    told = dict(zip(VOTES, steps, strict=True))
    bounds = {
        bound: [answer for answer, step in told.items() if step.bound == bound]
        for bound in ("most", "least")
    }
    return {answer: step.percent for answer, step in told.items()} | bounds


def _step(value: float) -> int:
    return STEP * int(value / STEP + HALF)


def _wilson(agree: float, of: int) -> tuple[float, float]:
    """An interval for a share."""
    share, z = agree / of, SURE
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    wide = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - wide, middle + wide
