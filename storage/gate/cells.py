"""Cells: counts of a week or a quarter by team and answer, each offered to the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from storage.gate.counts import ANSWERS, VOICE, Count
from storage.gate.rules import (
    ALL,
    AnswerCounts,
    ShownCount,
    empty_or_big,
    release,
    stories,
    together,
)

MOVEMENT = "answer:movement_"
SIDES = {"0": "left", "1": "left", "2": "middle", "3": "right", "4": "right"}
"""The five bands of a scale leave as three."""
PROMPT = "prompt"
"""The dimension of who was `sent` a prompt, and who `answered` it."""

Asked = Mapping[str, tuple[int, int]]
"""How many were asked after meetings and how many of them went on to tell, by the ids of the teams
that met, with a space between (empty: not known). Nobody counts twice."""
Numbers = dict[tuple[str, str, str], ShownCount]
"""What leaves, by scope (a team, or `ALL`), dimension and value."""


def numbers(counts: Iterable[Count], k: int) -> Numbers:
    """What a table of counts lets out: by scope, dimension and value."""
    tables_ = _tables(counts)
    out: Numbers = {}
    there = {team: row.counts.get("", 0) for team, row in tables_.pop("story", {}).items()}
    for scope, count in stories(there, k).items():
        out[scope, "story", ""] = ShownCount(count, count)
    visible = {scope for scope, _, _ in out if scope}
    for dimension, rows in tables_.items():
        several = ANSWERS.get(dimension.removeprefix("answer:"), False)
        for (scope, value), cell in release(rows, k, visible, several=several).items():
            out[scope, dimension, value] = cell
    return out


def totals(
    raw: Iterable[Count], shown: Mapping[tuple[str, str, str], ShownCount], k: int
) -> Numbers:
    """The totals of a quarter, whose weeks (`shown`) left before: they are the rows."""
    counts = [Count(c.week, c.guide, c.week, c.dimension, c.value, c.count) for c in raw]
    now = _tables(counts)
    names = {*now, *(name for _, name, _ in shown)} - {PROMPT}
    tables_ = {name: _frozen(name, now.get(name, {}), shown) for name in names}
    out: Numbers = {}
    weekly = {week: row.counts.get("", 0) for week, row in tables_.pop("story", {}).items()}
    known = {week: shown.get((week, "story", ""), ShownCount(0, 0)).count for week in weekly}
    total = sum(weekly.values())
    if total < k or not empty_or_big(total - sum(known.values()), k):
        return out
    out[ALL, "story", ""] = ShownCount(total, total)
    for dimension, rows in tables_.items():
        several = ANSWERS.get(dimension.removeprefix("answer:"), False)
        mine = {(week, v): cell for (week, name, v), cell in shown.items() if name == dimension}
        for value, cell in together(rows, mine, k, several=several).items():
            out[ALL, dimension, value] = cell
    return out


def voices(raw: Iterable[Count], k: int) -> Numbers:
    """Who was heard about what, by team and together. No number leaves, only that there were `k` or
    more, and only where so many spoke of the promise, in the role and in the language that the
    others among them stay many. A story can have two promises: it counts twice for its role."""
    heard: dict[tuple[str, str], int] = defaultdict(int)
    among: dict[tuple[str, int, str], int] = defaultdict(int)
    for each in raw:
        for scope in {ALL, each.team}:
            heard[scope, each.value] += each.count
            for place, part in enumerate(each.value.split(" ")):
                among[scope, place, part] += each.count
    least = (2 * k, 4 * k, 4 * k)
    return {
        (scope, VOICE, value): ShownCount(k, k)
        for (scope, value), count in heard.items()
        if count >= k
        and all(
            among[scope, place, part] >= least[place] for place, part in enumerate(value.split(" "))
        )
    }


def responses(
    asked: Asked, k: int, *, final: bool = True, seen: tuple[int, int] = (0, 0)
) -> Numbers:
    """How many were asked after meetings and how many went on to tell. The number of a team is the
    sum over the groups with that team that may leave by themselves; how many told leaves only if it
    does for each of those.

    Before the week is over (`final`) only the numbers of all teams together leave; of those, what
    is new since so many asked and told were `seen`.
    """
    out = _responses(asked, k)
    every = zip(("sent", "answered"), _sums(asked), seen, strict=True)
    for value, count, before in every:
        cell = out.pop((ALL, PROMPT, value), None)
        if cell is not None and count - before >= k:
            out[ALL, PROMPT, value] = ShownCount(count - before, cell.base)
    return {key: cell for key, cell in out.items() if final or key[0] == ALL}


# -- inside


def _sums(asked: Asked) -> tuple[int, int]:
    return sum(sent for sent, _ in asked.values()), sum(told for _, told in asked.values())


def _responses(asked: Asked, k: int) -> Numbers:
    """The numbers of a whole week."""
    sent = stories({group: count for group, (count, _) in asked.items()}, k)
    rows = {
        group: AnswerCounts({"answered": told}, count, count)
        for group, (count, told) in asked.items()
    }
    told = release(rows, k, sent)
    groups: dict[str, list[str]] = {ALL: [ALL]} if ALL in sent else {}
    for group in sent:
        for team in group.split():
            groups.setdefault(team, []).append(group)
    out: Numbers = {}
    for scope, mine in groups.items():
        base = sum(sent[group] for group in mine)
        out[scope, PROMPT, "sent"] = ShownCount(base, base)
        cells = [told[group, "answered"] for group in mine if (group, "answered") in told]
        if len(cells) == len(mine):
            out[scope, PROMPT, "answered"] = ShownCount(sum(cell.count for cell in cells), base)
    return out


def _tables(counts: Iterable[Count]) -> dict[str, dict[str, AnswerCounts]]:
    """A table for each dimension; its rows are teams."""
    cells: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    there: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asking: dict[str, set[str]] = defaultdict(set)
    for count in counts:
        dimension, value = count.dimension, _value(count)
        row = cells[dimension][count.team]
        row[value] = row.get(value, 0) + count.count
        asking[dimension].add(count.guide)
        if dimension == "story":
            there[count.team][count.guide] += count.count
            guides = cells["guide"][count.team]
            guides[count.guide] = guides.get(count.guide, 0) + count.count
    return {
        dimension: {
            team: AnswerCounts(
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


def _frozen(
    dimension: str,
    rows: Mapping[str, AnswerCounts],
    shown: Mapping[tuple[str, str, str], ShownCount],
) -> dict[str, AnswerCounts]:
    """The rows of weeks, nowhere below what left of them. A story that was withdrawn since stays in
    the total as it stays in its week: the difference would tell what it answered."""
    made = {}
    for week in {*rows, *(week for week, name, _ in shown if name == dimension)}:
        row = rows.get(week, AnswerCounts({}, 0, 0))
        left = {v: cell for (w, name, v), cell in shown.items() if (w, name) == (week, dimension)}
        values = {*row.counts, *left}
        there = shown.get((week, "story", ""), ShownCount(0, 0)).count
        made[week] = AnswerCounts(
            {v: max(row.counts.get(v, 0), left[v].count if v in left else 0) for v in values},
            asked=max([row.asked, *(cell.base for cell in left.values())]),
            stories=max(row.stories, there),
        )
    return made


def _value(count: Count) -> str:
    """The value under which a count leaves."""
    return SIDES[count.value] if count.dimension.startswith(MOVEMENT) else count.value
