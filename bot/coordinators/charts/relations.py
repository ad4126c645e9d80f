"""The relations between the questions of a page: one family of tests for the same filters, so that
a relation has one verdict, whatever page tells of it.

Every pair of questions is one member of the family. Where several answers may be chosen, each is a
test of its own (given or not), and the pair's p-value is that of Simes over them. The pairs are
corrected together for the false discovery rate (Benjamini and Hochberg); the answers within a pair
that stands out once more, for the pairs that did (Benjamini and Bogomolov, 2014).
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bot.coordinators.charts.picture_data import Relations
from bot.coordinators.charts.statistics import (
    FEWEST,
    RARE,
    REST,
    Made,
    Numbers,
    contingency,
    correlation,
    expected,
    groups,
    independence,
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
    p: float
    tell: Callable[[], tuple[Made, dict[str, Any]]]


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
        return _simes([test.p for test in self.tests])


@dataclass(frozen=True, slots=True)
class Variable:
    """A question as numbers: which stories answered it, and with what. A question of which several
    answers may be chosen has a column for each."""

    name: str
    shape: Literal["scale", "choice", "choices"]
    answered: NDArray[np.bool_]
    values: Numbers
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class OnScale:
    """Of each story its place on a scale."""

    places: Numbers


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of each story the place of its answer among `answers`."""

    places: Numbers
    answers: Sequence[str]


def draw(asked: Relations) -> dict[str, Any]:
    """What a page tells: of one pair every test, otherwise of each pair that stands out the
    strongest; how many pairs were tested, and which could not be."""
    pairs = family(asked)
    tested = [pair for pair in pairs if pair.tests]
    mine = [pair for pair in pairs if {pair.one, pair.other} >= set(asked.about)]
    out = sum(pair.q <= LEVEL for pair in tested)
    found: list[Relation] = []
    for pair in mine:
        if pair.tests and (len(asked.about) == 2 or pair.q <= LEVEL):
            every = _told(pair, len(tested), out)
            found += every if len(asked.about) == 2 else every[:1]
    found.sort(key=lambda r: (r.q > LEVEL, -_size(r)))
    return {
        "relations": [asdict(each) for each in found],
        "tested": len(tested),
        "untested": [(p.one, p.other, p.why) for p in mine if p.why and p.why != "apart"],
        "why": mine[0].why if len(asked.about) == 2 and len(mine) == 1 else None,
    }


def family(asked: Relations) -> list[Pair]:
    """All pairs of questions under some filters, tested and corrected together."""
    told = [asked.columns, asked.answers, sorted(asked.several)]
    mark = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    if mark not in _FAMILIES:
        variables = [_variable(name, asked) for name in asked.columns]
        pairs = [_pair(one, other) for one, other in combinations(variables, 2)]
        tested = [pair for pair in pairs if pair.tests]
        corrected: Any = stats.false_discovery_control([p.p for p in tested]) if tested else []
        for pair, q in zip(tested, corrected, strict=True):
            pair.q = float(q)
        _FAMILIES[mark] = pairs
        while len(_FAMILIES) > REMEMBERED:
            _FAMILIES.popitem(last=False)
    _FAMILIES.move_to_end(mark)
    return _FAMILIES[mark]


_FAMILIES: OrderedDict[str, list[Pair]] = OrderedDict()


# -- inside


def _variable(name: str, asked: Relations) -> Variable:
    column = np.array(asked.columns[name], dtype=np.int64)
    answers = asked.answers.get(name, ())
    if not answers:
        return Variable(name, "scale", column >= 0, column, ())
    if name not in asked.several:
        return Variable(name, "choice", column >= 0, column, answers)
    bits = np.arange(len(answers))
    given = (np.maximum(column, 0)[:, None] >> bits) & 1
    return Variable(name, "choices", column >= 0, given, answers)


def _pair(one: Variable, other: Variable) -> Pair:
    both = one.answered & other.answered
    n = int(both.sum())
    if n < FEWEST:
        return Pair(one.name, other.name, n, (), "few" if n else "apart")
    tests = list(_tests(one, other, both))
    return Pair(one.name, other.name, n, tests, None if tests else "alike")


def _tests(one: Variable, other: Variable, both: NDArray[np.bool_]) -> Iterator[PairTest]:
    for a, left in _columns(one, both):
        for b, right in _columns(other, both):
            test = _test(left, right, a, b)
            if test is not None:
                yield test


def _test(left: OnScale | Chosen, right: OnScale | Chosen, a: str, b: str) -> PairTest | None:
    if isinstance(left, OnScale):
        return _scales(left, right) if isinstance(right, OnScale) else _groups(left, right, a, b)
    return _groups(right, left, a, b) if isinstance(right, OnScale) else _table(left, right, a, b)


def _columns(variable: Variable, both: NDArray[np.bool_]) -> Iterator[tuple[str, OnScale | Chosen]]:
    """What is tested of a question, of the stories that answered both: itself, or each of its
    answers (given or not), unless hardly anybody or almost everybody gave it."""
    values = variable.values[both]
    match variable.shape:
        case "scale":
            yield "", OnScale(values)
        case "choice":
            yield "", _merged(values, variable.answers)
        case "choices":
            for place, answer in enumerate(variable.answers):
                given = values[:, place]
                if RARE <= given.sum() <= len(given) - RARE:
                    yield answer, Chosen(given, ("", answer))


def _merged(values: Numbers, answers: Sequence[str]) -> Chosen:
    """The answers that were given; rare ones together, as the last."""
    counts = np.bincount(values, minlength=len(answers))
    alone = [place for place, count in enumerate(counts) if count >= RARE]
    at = np.full(len(counts), len(alone))
    at[alone] = range(len(alone))
    rest = [REST] if counts.sum() > counts[alone].sum() else []
    return Chosen(at[values], [*(answers[place] for place in alone), *rest])


def _scales(left: OnScale, right: OnScale) -> PairTest | None:
    made = correlation(left.places, right.places)
    return None if made is None else PairTest("", "", made[4], lambda: (made, {}))


def _groups(scale: OnScale, chosen: Chosen, a: str, b: str) -> PairTest | None:
    """A scale by answer. Of an answer that was given or not, those who gave it come first."""
    named = [
        (answer, scale.places[chosen.places == place])
        for place, answer in enumerate(chosen.answers)
        if answer != REST
    ]
    named = [(answer, group) for answer, group in named if len(group) >= RARE]
    named = named[::-1] if "" in chosen.answers else named
    made = groups([group for _, group in named])
    if made is None:
        return None
    told = [(answer, len(group), float(np.median(group))) for answer, group in named]
    told.sort(key=lambda each: -each[2])
    return PairTest(a, b, made[4], lambda: (made, {"groups": told}))


def _table(left: Chosen, right: Chosen, a: str, b: str) -> PairTest | None:
    rows, columns = len(left.answers), len(right.answers)
    table = np.bincount(left.places * columns + right.places, minlength=rows * columns)
    table = table.reshape(rows, columns)
    p = independence(table)
    if p is None:
        return None

    def tell() -> tuple[Made, dict[str, Any]]:
        made = contingency(table)
        if made is None:  # `independence` said that it can be told
            raise ValueError("a table without a test")
        return made, _most(table, left.answers, right.answers, given=(bool(a), bool(b)))

    return PairTest(a, b, p, tell)


def _most(
    table: Numbers, rows: Sequence[str], columns: Sequence[str], *, given: tuple[bool, bool]
) -> dict[str, Any]:
    """The two answers that go together most unlike chance: more often, unless one of them is an
    answer that was given or not."""
    apart = (table - expected(table)) / np.sqrt(expected(table))
    either = any(given)
    at = [
        (float(abs(apart[r, c]) if either else apart[r, c]), r, c)
        for r, row in enumerate(rows)
        for c, column in enumerate(columns)
        if row not in ("", REST) and column not in ("", REST)
    ]
    if not at:
        return {}
    _, r, c = max(at)
    return {"most": (rows[r], columns[c]), "more": bool(apart[r, c] > 0)}


def _told(pair: Pair, tested: int, out: int) -> list[Relation]:
    """The tests of a pair with what they say, those that stand out and are strongest first."""
    within = stats.false_discovery_control([test.p for test in pair.tests])
    made = []
    for test, q in zip(pair.tests, within, strict=True):
        again = float(q) * tested / out if out else 1.0
        corrected = pair.q if len(pair.tests) == 1 else min(1.0, max(pair.q, again))
        (kind, effect, low, high, _), more = test.tell()
        made.append(
            Relation(
                pair.one, pair.other, test.a, test.b, kind, pair.n, effect, low, high, test.p,
                corrected, **more,
            )
        )  # fmt: skip
    return sorted(made, key=lambda r: (r.q > LEVEL, -_size(r), r.a, r.b))


def _size(relation: Relation) -> float:
    """How strong, on the scale of a correlation."""
    size = abs(relation.effect)
    return float(size**0.5) if relation.kind == "epsilon2" else size


def _simes(p: Sequence[float]) -> float:
    return min(1.0, *(len(p) * each / (rank + 1) for rank, each in enumerate(sorted(p))))
