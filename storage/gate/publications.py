"""Published numbers: for an audience, a week or a quarter at a time, once, then frozen.

A number counts stories that its whole audience may read at that moment, and no others
(`permissions.readable_by`). So whatever someone subtracts, also from the exact numbers of the
pages, is about stories that they could read themselves. Who came to an audience after a story went
out of it could not: they see no numbers of that week that left before (`narrowings`).

A week that is not over can be looked at too. It then leaves in parts: each part counts only what
came since the part before, so that two looks tell nothing about the few stories in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, func, insert, select

from storage import narrowings, tables
from storage.engine.statements import upsert
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core
from storage.gate import cells, counts
from storage.gate.cells import Asked
from storage.gate.counts import Count
from storage.gate.rules import ALL, ShownCount, in_steps
from storage.stories.permissions import NOBODY
from storage.weeks import weeks_of_quarter

PUBLISHED = core(tables.Published)
NUMBER = core(tables.PublishedNumber)

MEETINGS = "meetings"
"""The audience of how many were asked after meetings: all coordinators. No story is counted."""
PUBLIC = "public"
"""The audience of public pages: anybody. Its numbers count what everyone who reads may read, by the
place of the team, and are told in steps: some who see them came later than they left."""
Figures = dict[tuple[str, str], int]
"""Numbers that left, by dimension and value; what is hidden is not there."""


@dataclass(frozen=True, slots=True)
class Publishable:
    """What of a week or a quarter may leave now. `seen` are the counts so far, if more follows;
    `narrowings` is the newest narrowing before the stories were counted."""

    audience: str
    period: str
    number: int
    final: bool
    threshold: int
    numbers: cells.Numbers
    seen: Mapping[str, int] = field(default_factory=dict)
    narrowings: int = 0


def week_part(reads: Reads, audience: str, week: str, k: int, *, final: bool) -> Publishable | None:
    """What a week lets out, if it did not before. `final`: the week is over, and this is the last
    of it; before that a part leaves when at least `k` stories are new."""
    last = _last(reads, audience, week)
    if last is not None and last.final:
        return None
    newest = narrowings.newest(reads)
    before: Mapping[str, int] = {} if last is None else last.seen
    found = counts.of_week(reads, audience, week)
    numbers = cells.numbers(_since(found, before) if before else found, k)
    if not final and (ALL, "story", "") not in numbers:
        return None
    seen = {} if final else {_key(each): each.count for each in found}
    return Publishable(audience, week, _next(last), final, k, numbers, seen, newest)


def meetings_part(
    reads: Reads, week: str, k: int, asked: Asked, *, final: bool
) -> Publishable | None:
    """The same of who was asked after meetings. Before the week is over a part leaves when `k` more
    were asked, or went on to tell."""
    last = _last(reads, MEETINGS, week)
    if last is not None and last.final:
        return None
    before: Mapping[str, int] = {} if last is None else last.seen
    seen = {value: before.get(value, 0) for value in ("sent", "answered")}
    numbers = cells.responses(asked, k, final=final, seen=(seen["sent"], seen["answered"]))
    if not final and not numbers:
        return None
    if not final:
        for (_, _, value), cell in numbers.items():
            seen[value] += cell.count
    return Publishable(MEETINGS, week, _next(last), final, k, numbers, {} if final else seen)


def quarter_part(reads: Reads, audience: str, quarter: str, k: int) -> Publishable | None:
    """What a quarter that is over lets out, if it did not before: its totals, once all its weeks
    left."""
    weeks = weeks_of_quarter(quarter)
    if to_publish(reads, audience, weeks) or not to_publish(reads, audience, [quarter]):
        return None
    newest = narrowings.newest(reads)
    found, spoken = counts.of_quarter(reads, audience, weeks)
    totals = cells.totals(found, _released(reads, audience, weeks), k)
    numbers = totals | cells.voices(spoken, k)
    return Publishable(audience, quarter, 1, True, k, numbers, narrowings=newest)


def unread_part(reads: Reads, quarter: str, k: int) -> Publishable | None:
    """How many stories of a quarter that is over nobody reads, in steps of `k`: some of them may be
    shared later, and the few that are left must not be found by subtraction."""
    if not to_publish(reads, NOBODY, [quarter]):
        return None
    weeks = weeks_of_quarter(quarter)
    count = in_steps(counts.unread(reads, weeks[0], weeks[-1]), k)
    numbers = {(ALL, "story", ""): ShownCount(count, count)} if count else {}
    return Publishable(NOBODY, quarter, 1, True, k, numbers)


def public_part(
    reads: Reads, quarter: str, places: Mapping[str, str], k: int
) -> Publishable | None:
    """What a quarter that is over lets out to anybody, if it did not before: by place (`places`: of
    each team) and of all together."""
    if not to_publish(reads, PUBLIC, [quarter]):
        return None
    newest = narrowings.newest(reads)
    found = counts.of_places(reads, weeks_of_quarter(quarter), places)
    return Publishable(PUBLIC, quarter, 1, True, k, cells.numbers(found, k), narrowings=newest)


def public_numbers(
    reads: Reads, quarters: Iterable[str], place: str, k: int, parts: Iterable[Publishable] = ()
) -> Figures:
    """What these quarters let out to anybody about a place (`ALL`: together), each number down to a
    step of `k`; with the parts that would leave now. What is hidden is not there."""
    coming = {part.period: part.numbers for part in parts}
    found: Figures = {}
    for quarter in quarters:
        if quarter in coming:
            told = {key[1:]: cell.count for key, cell in coming[quarter].items() if key[0] == place}
        else:
            told = figures(reads, PUBLIC, [quarter], place)
        for key, count in told.items():
            found[key] = found.get(key, 0) + in_steps(count, k)
    return found


def let_out(connection: Transaction, part: Publishable) -> None:
    """The numbers of a part leave, unless another process let out the same part first."""
    key = {"period": part.period, "audience": part.audience, "part": part.number}
    header = {
        **key,
        "final": part.final,
        "threshold": part.threshold,
        "narrowings": part.narrowings,
        "seen": dict(part.seen),
    }
    if not upsert(connection, PUBLISHED, header, list(key), change=()):
        return
    rows = [
        {
            **key,
            "scope": scope,
            "dimension": dimension,
            "value": value,
            "count": cell.count,
            "base": cell.base,
        }
        for (scope, dimension, value), cell in part.numbers.items()
    ]
    if rows:
        connection.execute(insert(NUMBER), rows)


def to_publish(reads: Reads, audience: str, periods: Iterable[str]) -> list[str]:
    """The periods that did not leave for good."""
    wanted = list(periods)
    query = select(PUBLISHED.c.period).where(
        PUBLISHED.c.audience == audience, PUBLISHED.c.period.in_(wanted), PUBLISHED.c.final
    )
    out = set(reads.execute(query).scalars())
    return [period for period in wanted if period not in out]


def withheld(reads: Reads, audience: str, periods: Sequence[str], joined: int | None) -> set[str]:
    """The periods whose numbers someone does not see: a story went out of the audience after they
    left, and before this one came (`joined`, a number of a narrowing; None: was always there)."""
    if not joined:
        return set()
    weeks = {period: _weeks(period) for period in periods}
    every = [week for some in weeks.values() for week in some]
    query = (
        select(PUBLISHED.c.period, func.min(PUBLISHED.c.narrowings))
        .where(PUBLISHED.c.audience == audience, PUBLISHED.c.period.in_({*periods, *every}))
        .group_by(PUBLISHED.c.period)
    )
    left = {row[0]: int(row[1]) for row in reads.execute(query)}
    gone = narrowings.until(reads, audience, every, joined)
    return {
        period
        for period, some in weeks.items()
        if (known := [left[each] for each in (period, *some) if each in left])
        and any(week in some and number > min(known) for week, number in gone)
    }


def figures(reads: Reads, audience: str, periods: Iterable[str], scope: str) -> Figures:
    """What left about these weeks (or this quarter), for a team or (`ALL`) all together. Leave out
    what is `withheld`."""
    query = (
        select(NUMBER.c.dimension, NUMBER.c.value, func.sum(NUMBER.c.count))
        .where(
            NUMBER.c.audience == audience,
            NUMBER.c.period.in_(list(periods)),
            NUMBER.c.scope == scope,
        )
        .group_by(NUMBER.c.dimension, NUMBER.c.value)
    )
    return {(row[0], row[1]): int(row[2]) for row in reads.execute(query)}


def by_week(reads: Reads, audience: str, weeks: Iterable[str], scope: str) -> dict[str, int]:
    """The number of stories of each of these weeks, where it left. Leave out what is `withheld`."""
    query = (
        select(NUMBER.c.period, func.sum(NUMBER.c.count))
        .where(
            NUMBER.c.audience == audience,
            NUMBER.c.period.in_(list(weeks)),
            NUMBER.c.scope == scope,
            NUMBER.c.dimension == "story",
        )
        .group_by(NUMBER.c.period)
    )
    return {row[0]: int(row[1]) for row in reads.execute(query)}


# -- inside


def _last(reads: Reads, audience: str, period: str) -> Row[Any] | None:
    query = select(PUBLISHED).where(PUBLISHED.c.audience == audience, PUBLISHED.c.period == period)
    return reads.execute(query.order_by(PUBLISHED.c.part.desc()).limit(1)).one_or_none()


def _next(last: Row[Any] | None) -> int:
    return 1 if last is None else int(last.part) + 1


def _weeks(period: str) -> list[str]:
    return weeks_of_quarter(period) if "Q" in period else [period]


def _since(found: Iterable[Count], seen: Mapping[str, int]) -> list[Count]:
    """What came since the part before; what went since then does not count."""
    more = [replace(each, count=each.count - seen.get(_key(each), 0)) for each in found]
    return [each for each in more if each.count > 0]


def _key(count: Count) -> str:
    return f"{count.team}|{count.guide}|{count.dimension}|{count.value}"


def _released(
    reads: Reads, audience: str, weeks: Iterable[str]
) -> dict[tuple[str, str, str], ShownCount]:
    """What left of these weeks, all together: by week, dimension and value."""
    query = (
        select(
            NUMBER.c.period,
            NUMBER.c.dimension,
            NUMBER.c.value,
            func.sum(NUMBER.c.count),
            func.sum(NUMBER.c.base),
        )
        .where(NUMBER.c.audience == audience, NUMBER.c.period.in_(list(weeks)))
        .where(NUMBER.c.scope == ALL)
        .group_by(NUMBER.c.period, NUMBER.c.dimension, NUMBER.c.value)
    )
    return {
        (row[0], row[1], row[2]): ShownCount(int(row[3]), int(row[4]))
        for row in reads.execute(query)
    }
