"""Coarse shares: how many of a group gave an answer, told so that no count can be read off.

The counts that are possible are cut into steps, and what leaves is the step. Each holds at least
two counts, near ten percent apart where the group is large enough for that; so a group of one to
k-1 people is never told from a group of another size. What is told is true: a step at an end says
"at most" or "at least", one in between about how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import Literal

TEN = 10
FEWEST = 2
"""Counts that a step holds."""

Bound = Literal["most", "least", "line"]


@dataclass(frozen=True, slots=True)
class CountStep:
    """Some counts of a group of `of`, from `first` to `last`, which are told alike."""

    first: int
    last: int
    of: int

    @property
    def bound(self) -> Bound:
        """`most` where it may be nobody, `least` where it may be all of them, else `line`."""
        return "most" if self.first <= 0 else "least" if self.last >= self.of else "line"

    @property
    def percent(self) -> int:
        """What is told, in steps of ten percent."""
        if self.first <= 0:
            return min(100, TEN * ceil(TEN * self.last / self.of))
        if self.last >= self.of:
            return TEN * (TEN * self.first // self.of)
        edge = _edge(self.of)
        return min(90 - edge, max(edge + TEN, _nearest(self.middle, self.of)))

    @property
    def middle(self) -> float:
        return (self.first + self.last) / 2


@lru_cache(4_000)
def steps_of(of: int, first: int = 0, last: int = -1) -> Sequence[CountStep]:
    """The steps into which the counts of a group of `of` are cut; `first` and `last`: the least and
    the most that are possible. None where there is no more than one count."""
    last = of if last < 0 else min(last, of)
    if last - first + 1 < FEWEST:
        return ()
    runs = [list(run) for _, run in groupby(range(first, last + 1), lambda count: _at(count, of))]
    steps = [CountStep(run[0], run[-1], of) for run in _filled(runs, of)]
    while twice := next((n for n in range(1, len(steps)) if _alike(*steps[n - 1 : n + 1])), 0):
        steps[twice - 1 : twice + 1] = [CountStep(steps[twice - 1].first, steps[twice].last, of)]
    return tuple(steps)


def step_at(count: int, steps: Sequence[CountStep]) -> CountStep:
    """The step of a count; of one that was not possible the nearest."""
    inside = min(max(count, steps[0].first), steps[-1].last)
    return next(step for step in steps if inside <= step.last)


def two_of_three(holds: int, fails: int, of: int) -> tuple[CountStep, CountStep, CountStep]:
    """Of three answers the steps of two, and what they say about the third: everything that it can
    be. The second is cut as the mirror of the first: otherwise the two could fit in one way only,
    and the counts would be told."""
    one = step_at(holds, steps_of(of))
    other = mirrored(step_at(of - fails, steps_of(of)))
    most = of - one.first - other.first
    return one, other, CountStep(max(0, of - one.last - other.last), most, of)


def told_next(left: Sequence[tuple[int, int]], count: int, of: int) -> int:
    """What is told in percent of a group that grew, after what was told of it before (`left`: its
    size and the percentage, oldest first). Only counts that are possible after that are cut into
    steps: otherwise two shares, one taken off the other, would tell of who came in between."""
    first = last = before = 0
    for size, percent in left:
        steps = steps_of(size, first, last + size - before)
        told = [step for step in steps if step.percent == percent] or steps
        first, last, before = told[0].first, told[-1].last, size
    return step_at(count, steps_of(of, first, last + of - before)).percent


def bound_of(percent: int, of: int) -> Bound:
    """What a percentage that was told of a group means: see `CountStep.bound`."""
    steps = steps_of(of)
    return (
        "most" if percent <= steps[0].percent
        else "least" if percent >= steps[-1].percent
        else "line"
    )  # fmt: skip


def mirrored(step: CountStep) -> CountStep:
    """The step of who is left."""
    return CountStep(step.of - step.last, step.of - step.first, step.of)


# -- inside


def _alike(one: CountStep, other: CountStep) -> bool:
    return one.percent == other.percent


def _edge(of: int) -> int:
    """How far from none and from all a share stays, so that neither is told."""
    return min(TEN * ceil(100 / (TEN * of)), 50)


def _nearest(count: float, of: int) -> int:
    return TEN * int(TEN * count / of + 0.5)


def _at(count: int, of: int) -> int:
    """The ten percent in which a count falls; all at an end are one."""
    edge = _edge(of)
    if 100 * count <= edge * of:
        return 0
    if 100 * (of - count) <= edge * of:
        return 100
    return min(90 - edge, max(edge + TEN, _nearest(count, of)))


def _filled(runs: Sequence[list[int]], of: int) -> Iterator[list[int]]:
    """The runs, those that are too small put with the next one, or with the one before where the
    next one is the end."""
    made: list[list[int]] = []
    for run in runs:
        ends = _at(run[0], of) == 100 and len(run) >= FEWEST
        if made and len(made[-1]) < FEWEST and not (ends and len(made) > 1):
            made[-1] += run
        elif made and len(made[-1]) < FEWEST:
            short = made.pop()
            made[-1] += short
            made.append(run)
        else:
            made.append(run)
    if len(made) > 1 and len(made[-1]) < FEWEST:
        short = made.pop()
        made[-1] += short
    yield from made
