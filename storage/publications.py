"""The numbers that left through the gate: a week or a quarter at a time, once, then frozen.

A week that is not over can be looked at too. It then leaves in parts: each part counts only what
came since the part before, so that two looks tell nothing about the few stories in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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

Figures = dict[tuple[str, str], int]
"""Numbers that left, by dimension and value; what is hidden is not there."""


def publish(
    connection: Connection, week: str, k: int, *, final: bool, asked: Asked | None = None
) -> None:
    """Let the numbers of a week out. `final`: the week is over, and this is the last time; before
    that a part leaves when at least `k` stories are new. How many were `asked` after meetings only
    leaves when the week is over."""
    last = connection.execute(
        select(PUBLICATION)
        .where(PUBLICATION.c.period == week)
        .order_by(PUBLICATION.c.part.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.final:
        return
    now = _keyed(rollups.between(connection, week, week))
    before: Mapping[str, int] = {} if last is None else last.seen
    new = {key: count - before.get(key, 0) for key, count in now.items()}
    numbers = leaving.numbers(_counts({key: count for key, count in new.items() if count > 0}), k)
    if final:
        numbers |= leaving.responses(asked or {}, k)
    fresh = any("|story|" in key and count > 0 for key, count in new.items())
    if not final and (not numbers or (fresh and (ALL, "story", "") not in numbers)):
        return
    part = 1 if last is None else last.part + 1
    header = {
        "period": week,
        "part": part,
        "final": final,
        "threshold": k,
        "seen": {} if final else now,
    }
    if upsert(connection, PUBLICATION, header, ["period", "part"], change=()):
        _keep(connection, week, part, numbers)


def to_publish(reads: Reads, periods: Iterable[str]) -> list[str]:
    """The periods that did not leave for good."""
    wanted = list(periods)
    query = select(PUBLICATION.c.period).where(
        PUBLICATION.c.period.in_(wanted), PUBLICATION.c.final
    )
    out = set(reads.execute(query).scalars())
    return [period for period in wanted if period not in out]


def publish_quarter(connection: Connection, quarter: str, k: int) -> None:
    """Let the totals of a quarter that is over out, with all its weeks."""
    known = select(PUBLICATION.c.part).where(PUBLICATION.c.period == quarter)
    if connection.execute(known).first() is not None:
        return
    weeks = weeks_of_quarter(quarter)
    for week in weeks:
        publish(connection, week, k, final=True)
    raw = rollups.together(connection, weeks[0], weeks[-1])
    spoken = rollups.voices(connection, weeks[0], weeks[-1])
    shown = _released(connection, weeks, ALL)
    header = {"period": quarter, "part": 1, "final": True, "threshold": k, "seen": {}}
    if upsert(connection, PUBLICATION, header, ["period", "part"], change=()):
        _keep(
            connection, quarter, 1, {**leaving.totals(raw, shown, k), **leaving.voices(spoken, k)}
        )


def cells(reads: Reads, periods: Iterable[str], scope: str) -> dict[tuple[str, str], Shown]:
    """What left about these weeks (or this quarter), for a team or (`ALL`) all together, with the
    number of those that were asked."""
    query = (
        select(
            RELEASED.c.dimension,
            RELEASED.c.value,
            func.sum(RELEASED.c.count),
            func.sum(RELEASED.c.base),
        )
        .where(RELEASED.c.period.in_(list(periods)), RELEASED.c.scope == scope)
        .group_by(RELEASED.c.dimension, RELEASED.c.value)
    )
    return {(row[0], row[1]): Shown(int(row[2]), int(row[3])) for row in reads.execute(query)}


def figures(reads: Reads, periods: Iterable[str], scope: str) -> Figures:
    """The numbers of `cells` alone."""
    return {key: cell.count for key, cell in cells(reads, periods, scope).items()}


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


def _keyed(counts: Iterable[Count]) -> dict[str, int]:
    return {f"{c.team}|{c.guide}|{c.dimension}|{c.value}": c.count for c in counts}


def _counts(keyed: Mapping[str, int]) -> Iterable[Count]:
    for key, count in keyed.items():
        team, guide, dimension, value = key.split("|", 3)
        yield Count("", guide, team, dimension, value, count)


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


def _keep(
    connection: Connection,
    period: str,
    part: int,
    numbers: Mapping[tuple[str, str, str], Shown],
) -> None:
    rows = [
        {
            "period": period,
            "part": part,
            "scope": scope,
            "dimension": dimension,
            "value": value,
            "count": cell.count,
            "base": cell.base,
        }
        for (scope, dimension, value), cell in numbers.items()
    ]
    if rows:
        connection.execute(insert(RELEASED), rows)
