"""The privacy gate: which aggregate numbers may be published.

Everything that leaves is a sum of groups that could leave by themselves. So whoever subtracts what
left from what left finds such groups again, never a small one. Three rules make it true:

1. A number is shown when it counts at least `k` stories, and at least `k` stories of those that
   were asked are not in it: "nearly everybody" says as much about people as "nearly nobody".
2. What is not shown is nobody at all, or at least `k` together, along every sum that can be made:
   over the answers to a question, over the teams, over the weeks. Where it is not, one more number
   is hidden.
3. Numbers count stories that no earlier number counted, and never change once they were shown.

A hidden number is shown as "below k": it is, or what is left beside it is.

These rules hold for who sees numbers only. Who also reads stories has exact numbers over those;
therefore a number counts nothing but what all who see it may read (`publications`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

FLOOR = 3
"""The lowest threshold that can be set."""
ALL = ""
"""The scope of all teams together."""
MOST_VALUES = 10
"""Totals of one question that are checked in every combination; smaller ones are hidden."""

Cell = tuple[str, str]
"""A row (a team or a week; `ALL`: together) and an answer."""


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """The answers of one team, or in one week. `asked` stories could have answered (their guide
    has the question), of `stories` there are."""

    counts: Mapping[str, int]
    asked: int
    stories: int


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A number that may leave: `count` of the `base` stories that were asked."""

    count: int
    base: int


def stories(counts: Mapping[str, int], k: int) -> dict[str, int]:
    """How many stories there are in each row and, under `ALL`, together: those that may be shown.
    Those under the empty name (without a team) are only counted together."""
    _check(k)
    shown = {name: n for name, n in counts.items() if name and n >= k}
    total = sum(counts.values())
    hidden = total - sum(shown.values())
    for name in sorted(shown, key=lambda name: (shown[name], name)):
        if empty_or_big(hidden, k):
            break
        hidden += shown.pop(name)
    return {**shown, **({ALL: total} if total >= k else {})}


def release(
    rows: Mapping[str, AnswerCounts], k: int, visible: Iterable[str], *, several: bool = False
) -> dict[Cell, ShownCount]:
    """The answers that may be shown, by row and together. `visible` are the rows whose number of
    stories is shown; the others only count together. With `several`, a story can have more than
    one of the answers."""
    _check(k)
    rows = _merged(rows, set(visible))
    shown = {
        (name, value): ShownCount(count, row.asked)
        for name, row in rows.items()
        if name
        for value, count in row.counts.items()
        if _big(count, row.asked - count, k)
    }
    for value in _values(rows):
        _make_total_safe(rows, shown, value, k)
    if not several:
        for name, row in rows.items():
            _make_row_safe(name, row, shown, k)
    total = together(rows, shown, k, several=several)
    return {**shown, **{(ALL, value): cell for value, cell in total.items()}}


def together(
    rows: Mapping[str, AnswerCounts],
    shown: Mapping[Cell, ShownCount],
    k: int,
    *,
    several: bool = False,
) -> dict[str, ShownCount]:
    """The answers over all rows that may be shown, when `shown` of single rows is known already."""
    asked = sum(row.asked for row in rows.values())
    totals = {
        value: sum(row.counts.get(value, 0) for row in rows.values()) for value in _values(rows)
    }
    safe = {
        value: count
        for value, count in totals.items()
        if _big(count, asked - count, k) and _total_is_safe(rows, shown, value, k)
    }
    if not several:
        for value in sorted(safe, key=lambda v: (-safe[v], v))[MOST_VALUES:]:
            del safe[value]
        while bad := _bad_choice(rows, shown, safe, k):
            del safe[_smallest({value: safe[value] for value in bad})]
    return {value: ShownCount(count, asked) for value, count in safe.items()}


def in_steps(count: int, k: int) -> int:
    """A number of stories that nobody reads, down to the step below: whatever is known to have gone
    from it since, what is left may be nobody, or many."""
    _check(k)
    return count // k * k


def empty_or_big(count: int, k: int) -> bool:
    """Whether a group that is not shown is nobody, or many."""
    return count <= 0 or count >= k


def _big(inside: int, outside: int, k: int) -> bool:
    return inside >= k and outside >= k


def _make_total_safe(
    rows: Mapping[str, AnswerCounts], shown: dict[Cell, ShownCount], value: str, k: int
) -> None:
    """Hide the smallest of an answer until those hidden are nobody or many, in and out of it."""
    smallest_first = sorted(
        (row.counts.get(value, 0), name) for name, row in rows.items() if (name, value) in shown
    )
    count, outside = _hidden(rows, shown, value)
    for mine, name in smallest_first:
        if count == 0 or _big(count, outside, k):
            return
        count, outside = count + mine, outside + rows[name].asked - mine
        del shown[name, value]


def _make_row_safe(name: str, row: AnswerCounts, shown: dict[Cell, ShownCount], k: int) -> None:
    """Hide the smallest of a row until what it hides is nobody or many."""
    smallest_first = sorted((n, value) for value, n in row.counts.items() if (name, value) in shown)
    total = sum(count for count, _ in smallest_first)
    for count, value in smallest_first:
        if _rest_is_safe(row, total, k):
            return
        total -= count
        del shown[name, value]


def _rest_is_safe(row: AnswerCounts, shown: int, k: int) -> bool:
    return empty_or_big(row.asked - shown, k) and empty_or_big(row.stories - shown, k)


def _total_is_safe(
    rows: Mapping[str, AnswerCounts], shown: Mapping[Cell, ShownCount], value: str, k: int
) -> bool:
    """Whether the total of an answer tells nothing about a small group in the rows that hide it."""
    count, outside = _hidden(rows, shown, value)
    return count == 0 or _big(count, outside, k)


def _hidden(
    rows: Mapping[str, AnswerCounts], shown: Mapping[Cell, ShownCount], value: str
) -> tuple[int, int]:
    """How many stories in the rows that hide an answer gave it, and how many did not."""
    count = outside = 0
    for name, row in rows.items():
        cell = shown.get((name, value), ShownCount(0, 0))
        hidden = max(0, row.counts.get(value, 0) - cell.count)
        count += hidden
        outside += max(0, row.asked - cell.base - hidden)
    return count, outside


def _bad_choice(
    rows: Mapping[str, AnswerCounts],
    shown: Mapping[Cell, ShownCount],
    safe: Mapping[str, int],
    k: int,
) -> tuple[str, ...]:
    """A choice of totals that would leave a small rest beside what single rows show."""
    hidden = {
        value: {
            name: count
            for name, row in rows.items()
            if (count := row.counts.get(value, 0) - _count(shown, name, value)) > 0
        }
        for value in safe
    }
    visible = dict.fromkeys(rows, 0)
    for (name, _), cell in shown.items():
        visible[name] = visible.get(name, 0) + cell.count
    for size in range(1, len(safe) + 1):
        for choice in combinations(sorted(safe), size):
            taken = sum(sum(hidden[value].values()) for value in choice)
            where = {name for value in choice for name in hidden[value]}
            for names in (where, set(rows)):
                asked = sum(rows[name].asked - visible[name] for name in names) - taken
                there = sum(rows[name].stories - visible[name] for name in names) - taken
                if not (empty_or_big(asked, k) and empty_or_big(there, k)):
                    return choice
    return ()


def _merged(rows: Mapping[str, AnswerCounts], visible: set[str]) -> dict[str, AnswerCounts]:
    """The rows that may be seen, and all others as one without a name."""
    hidden = [row for name, row in rows.items() if name not in visible or not name]
    kept = {name: row for name, row in rows.items() if name in visible and name}
    if not hidden:
        return kept
    counts: dict[str, int] = {}
    for row in hidden:
        for value, count in row.counts.items():
            counts[value] = counts.get(value, 0) + count
    asked, there = sum(row.asked for row in hidden), sum(row.stories for row in hidden)
    return {**kept, "": AnswerCounts(counts, asked, there)}


def _values(rows: Mapping[str, AnswerCounts]) -> list[str]:
    return sorted({value for row in rows.values() for value in row.counts})


def _count(shown: Mapping[Cell, ShownCount], name: str, value: str) -> int:
    cell = shown.get((name, value))
    return 0 if cell is None else cell.count


def _smallest(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda name: (counts[name], name))


def _check(k: int) -> None:
    if k < FLOOR:
        raise ValueError(f"the threshold must be {FLOOR} or more")
