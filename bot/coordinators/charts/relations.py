"""The relations between the questions of a page: one family of tests for the same filters, so that
a relation has one verdict, whatever page tells of it.

Every pair of questions is one member of the family. Where several answers may be chosen, each is a
test of its own (given or not), and the pair's p-value is that of Simes over them. The pairs are
corrected together for the false discovery rate (Benjamini and Hochberg); the answers within a pair
that stands out once more, for the pairs that did (Benjamini and Bogomolov, 2014).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, Literal

import numpy as np

from bot.coordinators.charts.counting import (
    Variable,
    counted_together,
    counts_on_scale,
    tested_sides,
    variables_of,
)
from bot.coordinators.charts.picture_data import TOLD, Relations
from bot.coordinators.charts.statistics import (
    FEWEST,
    RARE,
    REST,
    Measured,
    Numbers,
    contingencies,
    correlation,
    expected,
    false_discovery,
    groups,
)

LEVEL = 0.05
REMEMBERED = 4
"""Families that are remembered: the pages of the same filters ask for the same one."""

Untestable = Literal["apart", "few", "alike"]
"""Why a pair is not tested: no story can have both answers, too few have, or all are alike."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One test. `effect` is Cramér's V, epsilon squared, the rank-biserial or Spearman correlation,
    as `kind` says, with its 95 % interval; `q` is corrected over the family.

    `a` and `b` are the answers that were given or not, where several may be chosen. `groups` are
    (answer, stories, median), the highest first; `most` are two answers that go together more
    often than by chance, or less often (`more`).
    """

    one: str
    other: str
    a: str
    b: str
    kind: str
    n: int
    effect: float
    low: float
    high: float
    p: float
    q: float
    groups: Sequence[tuple[str, int, float]] = field(default=())
    most: Sequence[str] = field(default=())
    more: bool = True


@dataclass(frozen=True, slots=True)
class PairTest:
    """A test that was done; what is told of it is worked out when it is shown."""

    a: str
    b: str
    made: Measured
    tell: Callable[[], dict[str, Any]]

    @property
    def size(self) -> float:
        """How strong, on the scale of a correlation."""
        size = abs(self.made.effect)
        return float(size**0.5) if self.made.kind == "epsilon2" else size


@dataclass(slots=True)
class Pair:
    """Two questions, what was tested about them, or why nothing was."""

    one: str
    other: str
    n: int
    tests: Sequence[PairTest]
    why: Untestable | None = None
    q: float = 1.0

    @property
    def p(self) -> float:
        """Simes (1986)."""
        return _simes([test.made.p for test in self.tests])


def draw(asked: Relations) -> dict[str, Any]:
    """What a page tells: of one pair every test, otherwise of the pairs that stand out most the
    strongest; how many pairs were tested, and which could not be."""
    pairs = family(asked)
    tested = [pair for pair in pairs if pair.tests]
    mine = [pair for pair in pairs if {pair.one, pair.other} >= set(asked.about)]
    out, alone = sum(pair.q <= LEVEL for pair in tested), len(asked.about) == 2
    found: list[tuple[Pair, PairTest, float]] = []
    for pair in mine:
        if pair.tests and (alone or pair.q <= LEVEL):
            every = [(pair, test, q) for test, q in _ranked(pair, len(tested), out)]
            found += every if alone else every[:1]
    found.sort(key=lambda each: (each[2] > LEVEL, -each[1].size))
    told = found if alone else found[:TOLD]
    return {
        "relations": [asdict(_relation(*each)) for each in told],
        "tested": len(tested),
        "untested": [(p.one, p.other, p.why) for p in mine if p.why and p.why != "apart"],
        "why": mine[0].why if alone and len(mine) == 1 else None,
    }


def family(asked: Relations) -> list[Pair]:
    """All pairs of questions under some filters, tested and corrected together."""
    mark = _mark(asked)
    if mark not in _FAMILIES:
        pairs = _tested(variables_of(asked))
        tested = [pair for pair in pairs if pair.tests]
        corrected = false_discovery([pair.p for pair in tested])
        for pair, q in zip(tested, corrected, strict=True):
            pair.q = float(q)
        _FAMILIES[mark] = pairs
        while len(_FAMILIES) > REMEMBERED:
            _FAMILIES.popitem(last=False)
    _FAMILIES.move_to_end(mark)
    return _FAMILIES[mark]


_FAMILIES: OrderedDict[bytes, list[Pair]] = OrderedDict()


# -- inside


def _mark(asked: Relations) -> bytes:
    """Tells a family from others."""
    named = [(key, list(asked.answers.get(key, ())), key in asked.several) for key in asked.columns]
    mark = hashlib.sha256(repr(named).encode())
    for column in asked.columns.values():
        mark.update(np.asarray(column, dtype=np.int64).tobytes())
    return mark.digest()


def _tested(asked: Sequence[Variable]) -> list[Pair]:
    counts = counted_together(asked)
    return [_pair(one, other, counts) for one, other in combinations(asked, 2)]


def _pair(one: Variable, other: Variable, together: Numbers) -> Pair:
    n = int(together[one.any, other.any])
    if n < FEWEST:
        return Pair(one.name, other.name, n, (), "few" if n else "apart")
    tests = list(_tests(one, other, together))
    return Pair(one.name, other.name, n, tests, None if tests else "alike")


def _tests(one: Variable, other: Variable, together: Numbers) -> Iterator[PairTest]:
    if one.shape != "scale" and other.shape != "scale":
        yield from _tables(one, other, together)
        return
    both = np.flatnonzero(one.answered & other.answered)
    if one.shape == other.shape:
        made = correlation(one.values[both], other.values[both])
        if made is not None:
            yield PairTest("", "", made, dict)
        return
    scale, chosen = (one, other) if one.shape == "scale" else (other, one)
    for answer, side, counts in counts_on_scale(scale, chosen, both, together):
        test = _groups(counts, side)
        if test is not None:
            made, told = test
            yield PairTest(*((answer, "") if chosen is one else ("", answer)), made, told)


def _groups(
    counts: Numbers, answers: Sequence[str]
) -> tuple[Measured, Callable[[], dict[str, Any]]] | None:
    """A scale by answer, without rare answers."""
    enough = [
        at for at, answer in enumerate(answers) if answer != REST and counts[at].sum() >= RARE
    ]
    counts, names = counts[enough], [answers[at] for at in enough]
    made = groups(counts)
    if made is None:
        return None

    def tell() -> dict[str, Any]:
        told = [
            (name, int(row.sum()), float(np.median(np.repeat(np.arange(len(row)), row))))
            for name, row in zip(names, counts, strict=True)
        ]
        return {"groups": sorted(told, key=lambda each: -each[2])}

    return made, tell


def _tables(one: Variable, other: Variable, together: Numbers) -> Iterator[PairTest]:
    """The tables of two questions. Those of one shape are tested together."""
    rows, columns = (slice(each.at, each.any + 1) for each in (one, other))
    counts, n = together[rows, columns], int(together[one.any, other.any])
    tops = list(tested_sides(one, counts[:-1, -1], n))
    lefts = list(tested_sides(other, counts[-1, :-1], n))
    sides = [(a, top, b, left) for a, top in tops for b, left in lefts]
    if not sides:
        return
    tables = np.stack([top.parts @ counts @ left.parts.T for _, top, _, left in sides])
    for table, made, (a, top, b, left) in zip(tables, contingencies(tables), sides, strict=True):
        if made is not None:
            given = bool(a or b)
            tell = partial(_most, table, top.answers, left.answers, given=given)
            yield PairTest(a, b, made, tell)


def _most(
    table: Numbers, rows: Sequence[str], columns: Sequence[str], *, given: bool
) -> dict[str, Any]:
    """The two answers that go together most unlike chance: more often, unless one of them is an
    answer that was given or not."""
    apart = (table - expected(table)) / np.sqrt(expected(table))
    at = [
        (float(abs(apart[r, c]) if given else apart[r, c]), r, c)
        for r, row in enumerate(rows)
        for c, column in enumerate(columns)
        if row not in ("", REST) and column not in ("", REST)
    ]
    if not at:
        return {}
    _, r, c = max(at)
    return {"most": (rows[r], columns[c]), "more": bool(apart[r, c] > 0)}


def _ranked(pair: Pair, tested: int, out: int) -> list[tuple[PairTest, float]]:
    """The tests of a pair with their corrected p, those that stand out and are strongest first."""
    within = false_discovery([test.made.p for test in pair.tests])
    made = []
    for test, q in zip(pair.tests, within, strict=True):
        again = float(q) * tested / out if out else 1.0
        corrected = pair.q if len(pair.tests) == 1 else min(1.0, max(pair.q, again))
        made.append((test, corrected))
    return sorted(made, key=lambda each: (each[1] > LEVEL, -each[0].size, each[0].a, each[0].b))


def _relation(pair: Pair, test: PairTest, q: float) -> Relation:
    low, high = test.made.interval()
    kind, effect, p = test.made.kind, test.made.effect, test.made.p
    return Relation(
        pair.one, pair.other, test.a, test.b, kind, pair.n, effect, low, high, p, q, **test.tell()
    )


def _simes(p: Sequence[float]) -> float:
    return min(1.0, *(len(p) * each / (rank + 1) for rank, each in enumerate(sorted(p))))
