"""The numbers that left through the gate: a week or a quarter at a time, once, then frozen.

A week that is not over can be looked at too. It then leaves in parts: each part counts only what
came since the part before, so that two looks tell nothing about the few stories in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, insert, select

from storage import leaving, rollups, tables
from storage.database import Reads
from storage.gate import ALL, Shown
from storage.leaving import Asked
from storage.rollups import Count
from storage.sql import upsert
from storage.tables import core
from storage.weeks import weeks_of_quarter

PUBLICATION = core(tables.Publication)
RELEASED = core(tables.Released)

PROMPTS = "||prompt|"
"""How the keys begin of what was seen of prompts."""
Figures = dict[tuple[str, str], int]
"""Numbers that left, by dimension and value; what is hidden is not there."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a week or a quarter may leave now. `seen` are the counts so far, if more follows."""

    period: str
    number: int
    final: bool
    threshold: int
    numbers: leaving.Numbers
    seen: Mapping[str, int] = field(default_factory=dict)


def week_part(
    reads: Reads, week: str, k: int, *, final: bool, asked: Asked | None = None
) -> Part | None:
    """What a week lets out, if it did not before. `final`: the week is over, and this is the last
    of it; before that a part leaves when at least `k` stories are new, or `k` more were `asked`
    after meetings or went on to tell."""
    query = select(PUBLICATION).where(PUBLICATION.c.period == week)
    last = reads.execute(query.order_by(PUBLICATION.c.part.desc()).limit(1)).one_or_none()
    if last is not None and last.final:
        return None
    before: Mapping[str, int] = {} if last is None else last.seen
    counts = rollups.between(reads, week, week, leaving.DIMENSIONS)
    new = _since(counts, before) if before else counts
    numbers = leaving.numbers(new, k)
    seen = {value: before.get(f"{PROMPTS}{value}", 0) for value in ("sent", "answered")}
    told = leaving.responses(asked or {}, k, final=final, seen=(seen["sent"], seen["answered"]))
    number = 1 if last is None else last.part + 1
    if final:
        return Part(week, number, final, k, numbers | told)
    fresh = any(each.dimension == "story" for each in new)
    if fresh and (ALL, "story", "") not in numbers:
        numbers = {}
    if not numbers and not told:
        return None
    stories = {key: n for key, n in before.items() if not key.startswith(PROMPTS)}
    if numbers:
        stories = {_key(each): each.count for each in counts}
    for (_, _, value), cell in told.items():
        seen[value] += cell.count
    prompts = {f"{PROMPTS}{value}": count for value, count in seen.items() if count}
    return Part(week, number, final, k, numbers | told, stories | prompts)


def quarter_part(reads: Reads, quarter: str, k: int) -> Part | None:
    """What a quarter that is over lets out, if it did not before: its totals, once all its weeks
    left."""
    weeks = weeks_of_quarter(quarter)
    if to_publish(reads, weeks) or not to_publish(reads, [quarter]):
        return None
    raw = rollups.together(reads, weeks[0], weeks[-1], leaving.DIMENSIONS)
    spoken = rollups.voices(reads, weeks[0], weeks[-1])
    totals = leaving.totals(raw, _released(reads, weeks, ALL), k)
    return Part(quarter, 1, True, k, totals | leaving.voices(spoken, k))


def let_out(connection: Connection, part: Part) -> None:
    """The numbers of a part leave, unless another process let out the same part first."""
    header = {
        "period": part.period,
        "part": part.number,
        "final": part.final,
        "threshold": part.threshold,
        "seen": dict(part.seen),
    }
    if not upsert(connection, PUBLICATION, header, ["period", "part"], change=()):
        return
    rows = [
        {
            "period": part.period,
            "part": part.number,
            "scope": scope,
            "dimension": dimension,
            "value": value,
            "count": cell.count,
            "base": cell.base,
        }
        for (scope, dimension, value), cell in part.numbers.items()
    ]
    if rows:
        connection.execute(insert(RELEASED), rows)


def to_publish(reads: Reads, periods: Iterable[str]) -> list[str]:
    """The periods that did not leave for good."""
    wanted = list(periods)
    query = select(PUBLICATION.c.period).where(
        PUBLICATION.c.period.in_(wanted), PUBLICATION.c.final
    )
    out = set(reads.execute(query).scalars())
    return [period for period in wanted if period not in out]


def figures(reads: Reads, periods: Iterable[str], scope: str) -> Figures:
    """What left about these weeks (or this quarter), for a team or (`ALL`) all together."""
    query = (
        select(RELEASED.c.dimension, RELEASED.c.value, func.sum(RELEASED.c.count))
        .where(RELEASED.c.period.in_(list(periods)), RELEASED.c.scope == scope)
        .group_by(RELEASED.c.dimension, RELEASED.c.value)
    )
    return {(row[0], row[1]): int(row[2]) for row in reads.execute(query)}


def by_week(reads: Reads, weeks: Iterable[str], scope: str) -> dict[str, int]:
    """The number of stories of each of these weeks, where it left."""
    query = (
        select(RELEASED.c.period, func.sum(RELEASED.c.count))
        .where(
            RELEASED.c.period.in_(list(weeks)),
            RELEASED.c.scope == scope,
            RELEASED.c.dimension == "story",
        )
        .group_by(RELEASED.c.period)
    )
    return {row[0]: int(row[1]) for row in reads.execute(query)}


# -- inside


def _since(counts: Iterable[Count], seen: Mapping[str, int]) -> list[Count]:
    """What came since the part before; what went since then does not count."""
    more = [replace(each, count=each.count - seen.get(_key(each), 0)) for each in counts]
    return [each for each in more if each.count > 0]


def _key(count: Count) -> str:
    return f"{count.team}|{count.guide}|{count.dimension}|{count.value}"


def _released(reads: Reads, weeks: Iterable[str], scope: str) -> dict[tuple[str, str, str], Shown]:
    query = (
        select(
            RELEASED.c.period,
            RELEASED.c.dimension,
            RELEASED.c.value,
            func.sum(RELEASED.c.count),
            func.sum(RELEASED.c.base),
        )
        .where(RELEASED.c.period.in_(list(weeks)), RELEASED.c.scope == scope)
        .group_by(RELEASED.c.period, RELEASED.c.dimension, RELEASED.c.value)
    )
    return {
        (row[0], row[1], row[2]): Shown(int(row[3]), int(row[4])) for row in reads.execute(query)
    }
