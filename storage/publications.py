"""The numbers that left through the gate: a week or a quarter at a time, once, then frozen.

A week that is not over can be looked at too. It then leaves in parts: each part counts only what
came since the part before, so that two looks tell nothing about the few stories in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, insert, select

from storage import rollups, tables
from storage.database import Reads
from storage.gate import ALL, Row, Shown, release, stories, together
from storage.rollups import Count
from storage.sql import upsert
from storage.tables import core
from storage.weeks import weeks_of_quarter

PUBLICATION = core(tables.Publication)
RELEASED = core(tables.Released)

ANSWERS: Mapping[str, bool] = {
    "promise": True,
    "movement_youth_0_100": False,
    "movement_problems_strengths": False,
    "movement_individual_collective": False,
    "movement_chains_networks": False,
    "role": False,
}
"""The questions whose answers leave, and whether a story can give several."""
SIDES = {"0": "left", "1": "left", "2": "middle", "3": "right", "4": "right"}
"""The five bands of a scale leave as three."""
PLAIN = ("channel", "language")

Asked = Mapping[str, tuple[int, int]]
"""How many were asked after meetings and how many of them went on to tell, by the ids of the teams
that met, with a space between (empty: not known). Nobody counts twice."""
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
    numbers = _numbers({key: count for key, count in new.items() if count > 0}, k)
    if final:
        numbers |= responses(asked or {}, k)
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
        _keep(connection, quarter, 1, {**_totals(raw, shown, k), **_voices(spoken, k)})


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


def responses(asked: Asked, k: int) -> dict[tuple[str, str, str], Shown]:
    """How many were asked after meetings and how many went on to tell. The number of a team is the
    sum over the groups with that team that may leave by themselves; how many told leaves only if it
    does for each of those."""
    sent = stories({group: count for group, (count, _) in asked.items()}, k)
    rows = {group: Row({"answered": told}, count, count) for group, (count, told) in asked.items()}
    told = release(rows, k, sent)
    groups: dict[str, list[str]] = {ALL: [ALL]} if ALL in sent else {}
    for group in sent:
        for team in group.split():
            groups.setdefault(team, []).append(group)
    out: dict[tuple[str, str, str], Shown] = {}
    for scope, mine in groups.items():
        base = sum(sent[group] for group in mine)
        out[scope, "prompt", "sent"] = Shown(base, base)
        cells = [told[group, "answered"] for group in mine if (group, "answered") in told]
        if len(cells) == len(mine):
            out[scope, "prompt", "answered"] = Shown(sum(cell.count for cell in cells), base)
    return out


# -- inside


def _numbers(counts: Mapping[str, int], k: int) -> dict[tuple[str, str, str], Shown]:
    """What a table of counts lets out: by scope, dimension and value."""
    tables_ = _tables(_counts("", counts))
    out: dict[tuple[str, str, str], Shown] = {}
    there = {team: row.counts.get("", 0) for team, row in tables_.pop("story", {}).items()}
    for scope, count in stories(there, k).items():
        out[scope, "story", ""] = Shown(count, count)
    visible = {scope for scope, _, _ in out if scope}
    for dimension, rows in tables_.items():
        several = ANSWERS.get(dimension.removeprefix("answer:"), False)
        for (scope, value), cell in release(rows, k, visible, several=several).items():
            out[scope, dimension, value] = cell
    return out


def _totals(
    raw: Iterable[Count], shown: Mapping[tuple[str, str, str], Shown], k: int
) -> dict[tuple[str, str, str], Shown]:
    """The totals of a quarter: its weeks are the rows."""
    counts = [Count(c.week, c.guide, c.week, c.dimension, c.value, c.count) for c in raw]
    tables_ = _tables(counts)
    out: dict[tuple[str, str, str], Shown] = {}
    weekly = {week: row.counts[""] for week, row in tables_.pop("story", {}).items()}
    known = {week: shown.get((week, "story", ""), Shown(0, 0)).count for week in weekly}
    hidden = sum(weekly.values()) - sum(known.values())
    if hidden <= 0 or hidden >= k:
        total = sum(weekly.values())
        if total >= k:
            out[ALL, "story", ""] = Shown(total, total)
    for dimension, rows in tables_.items():
        several = ANSWERS.get(dimension.removeprefix("answer:"), False)
        mine = {(week, v): cell for (week, name, v), cell in shown.items() if name == dimension}
        if (ALL, "story", "") in out:
            for value, cell in together(rows, mine, k, several=several).items():
                out[ALL, dimension, value] = cell
    return out


def _voices(raw: Iterable[tuple[str, str, int]], k: int) -> dict[tuple[str, str, str], Shown]:
    """Who was heard about what, by team and together. No number leaves, only that there were `k` or
    more, and only where so many spoke of the promise, in the role and in the language that the
    others among them stay many. A story can have two promises: it counts twice for its role."""
    heard: dict[tuple[str, str], int] = defaultdict(int)
    among: dict[tuple[str, int, str], int] = defaultdict(int)
    for team, voice, count in raw:
        for scope in {ALL, team}:
            heard[scope, voice] += count
            for place, part in enumerate(voice.split(" ")):
                among[scope, place, part] += count
    least = (2 * k, 4 * k, 4 * k)
    return {
        (scope, rollups.VOICE, value): Shown(k, k)
        for (scope, value), count in heard.items()
        if count >= k
        and all(
            among[scope, place, part] >= least[place] for place, part in enumerate(value.split(" "))
        )
    }


def _tables(counts: Iterable[Count]) -> dict[str, dict[str, Row]]:
    """A table for each dimension that leaves; its rows are teams."""
    cells: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    there: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asking: dict[str, set[str]] = defaultdict(set)
    for count in counts:
        dimension, value = _leaves(count)
        if not dimension:
            continue
        row = cells[dimension][count.team]
        row[value] = row.get(value, 0) + count.count
        asking[dimension].add(count.guide)
        if dimension == "story":
            there[count.team][count.guide] += count.count
            guides = cells["guide"][count.team]
            guides[count.guide] = guides.get(count.guide, 0) + count.count
    return {
        dimension: {
            team: Row(
                counts=dict(rows.get(team, {})),
                asked=sum(
                    n
                    for guide, n in there[team].items()
                    if not dimension.startswith("answer:") or guide in asking[dimension]
                ),
                stories=sum(there[team].values()),
            )
            for team in {*there, *rows}
        }
        for dimension, rows in cells.items()
    }


def _leaves(count: Count) -> tuple[str, str]:
    """Under which dimension and value a count leaves; an empty dimension when it does not."""
    if count.dimension in ("story", *PLAIN):
        return count.dimension, count.value
    step = count.dimension.removeprefix("answer:")
    if step == count.dimension or step not in ANSWERS:
        return "", ""
    return count.dimension, SIDES[count.value] if step.startswith("movement_") else count.value


def _keyed(counts: Iterable[Count]) -> dict[str, int]:
    return {f"{c.team}|{c.guide}|{c.dimension}|{c.value}": c.count for c in counts}


def _counts(week: str, keyed: Mapping[str, int]) -> Iterable[Count]:
    for key, count in keyed.items():
        team, guide, dimension, value = key.split("|", 3)
        yield Count(week, guide, team, dimension, value, count)


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
