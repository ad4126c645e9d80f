"""How guides are used: sums, each of at least so many conversations, and nothing finer.

What is written of a day is a whole multiple of the small number. So every difference of two numbers
is such a multiple too, and none of them tells of fewer people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import func, select

from storage import tables
from storage.engine.statements import dialect_insert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

USE = core(tables.GuideUse)


@dataclass(frozen=True, slots=True)
class VersionUse:
    """How one version of a guide was used between two days (ISO): how often, by question and
    mark."""

    fingerprint: str
    first: str
    last: str
    marks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, step: str, how: str) -> int:
        return self.marks.get(step, {}).get(how, 0)


@dataclass(frozen=True, slots=True)
class UseCount:
    """So many conversations left this mark on a question of a version of a guide."""

    guide: str
    fingerprint: str
    step: str
    how: str
    conversations: int


def add(connection: Transaction, day: str, counts: Iterable[UseCount]) -> None:
    """Add sums to a day."""
    rows = [{**asdict(each), "day": day} for each in counts]
    if not rows:
        return
    new = dialect_insert(connection, USE).values(rows)
    both = {"conversations": USE.c.conversations + new.excluded.conversations}
    key = ["fingerprint", "day", "step", "how"]
    connection.execute(new.on_conflict_do_update(index_elements=key, set_=both))


def by_version(reads: Reads, guide: str) -> list[VersionUse]:
    """How the versions of a guide were used, the newest first."""
    days = (
        select(USE.c.fingerprint, func.min(USE.c.day), func.max(USE.c.day))
        .where(USE.c.guide == guide)
        .group_by(USE.c.fingerprint)
    )
    sums = (
        select(USE.c.fingerprint, USE.c.step, USE.c.how, func.sum(USE.c.conversations))
        .where(USE.c.guide == guide)
        .group_by(USE.c.fingerprint, USE.c.step, USE.c.how)
    )
    marks: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for fingerprint, step, how, n in reads.execute(sums):
        marks[fingerprint][step][how] = int(n)
    found = [
        VersionUse(fingerprint, first, last, marks[fingerprint])
        for fingerprint, first, last in reads.execute(days)
    ]
    return sorted(found, key=lambda each: (each.last, each.first, each.fingerprint), reverse=True)
