"""Rollups: how many stories of a week gave an answer, counted when a story comes or goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, select

from storage.database import Reads
from storage.hot import Hot
from storage.tables import Rollup, core

ROLLUP = core(Rollup)
VOICE = "voice"
"""The dimension of promise, role (or kind of story) and language in one: who speaks of what."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The closed part of a story: all that is ever counted."""

    week: str
    guide: str
    team: str
    municipality: str
    language: str
    kind: str
    channel: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    week: str
    guide: str
    team: str
    dimension: str
    value: str
    count: int


def marks(story: Counted) -> Iterator[tuple[str, str]]:
    """What a story counts for: (dimension, value). An answer's dimension is its step; a scale is
    counted in five bands, a triad by the pole that weighs most, if one does; see also `VOICE`."""
    yield "story", ""
    yield "language", story.language
    yield "kind", story.kind
    yield "channel", story.channel
    if story.municipality:
        yield "municipality", story.municipality
    role = next(iter(story.answers.get("role", ())), story.kind)
    for promise in dict.fromkeys(story.answers.get("promise", ())):
        yield VOICE, f"{promise} {role} {story.language}"
    for step, answer in story.answers.items():
        if isinstance(answer, int):
            yield f"answer:{step}", str(round(answer / 25))
        elif answer and isinstance(answer[0], int):
            heaviest = max(answer)
            if answer.count(heaviest) == 1:
                yield f"answer:{step}", str(answer.index(heaviest))
        else:
            for option in dict.fromkeys(answer):
                yield f"answer:{step}", str(option)


def _counted(insert: Any) -> Any:
    statement = insert(ROLLUP).values({each.name: bindparam(each.name) for each in ROLLUP.c})
    raised = ROLLUP.c.count + statement.excluded.count
    return statement.on_conflict_do_update(
        index_elements=["week", "guide", "team_id", "dimension", "value"],
        set_={"count": case((raised < 0, 0), else_=raised)},
    )


_COUNT = Hot(_counted, shared=True)


def add(connection: Connection, story: Counted, times: int = 1) -> None:
    """Count a story; with `times` -1 it is taken out again."""
    of = {"week": story.week, "guide": story.guide, "team_id": story.team, "count": times}
    for dimension, value in marks(story):
        _COUNT.later(connection, **of, dimension=dimension, value=value)
    if times < 0:
        connection.execute(
            delete(ROLLUP).where(
                ROLLUP.c.week == story.week, ROLLUP.c.guide == story.guide, ROLLUP.c.count <= 0
            )
        )


def between(
    reads: Reads,
    first: str,
    last: str,
    dimensions: Sequence[str] = (),
) -> list[Count]:
    """The counts of the weeks `first` to `last`, both included, of some dimensions (none: all).
    Raw: whatever leaves the house in aggregate passes the gate first."""
    query = select(
        ROLLUP.c.week,
        ROLLUP.c.guide,
        ROLLUP.c.team_id,
        ROLLUP.c.dimension,
        ROLLUP.c.value,
        ROLLUP.c.count,
    ).where(ROLLUP.c.week >= first, ROLLUP.c.week <= last)
    if dimensions:
        query = query.where(ROLLUP.c.dimension.in_(dimensions))
    return [Count(*row) for row in reads.execute(query)]


def together(reads: Reads, first: str, last: str, dimensions: Sequence[str]) -> list[Count]:
    """The same over all teams, as of a team without a name. Raw too."""
    keys = (ROLLUP.c.week, ROLLUP.c.guide, ROLLUP.c.dimension, ROLLUP.c.value)
    query = (
        select(*keys, func.sum(ROLLUP.c.count))
        .where(ROLLUP.c.week >= first, ROLLUP.c.week <= last, ROLLUP.c.dimension.in_(dimensions))
        .group_by(*keys)
    )
    return [
        Count(week, guide, "", dimension, value, int(count))
        for week, guide, dimension, value, count in reads.execute(query)
    ]


def voices(reads: Reads, first: str, last: str) -> list[tuple[str, str, int]]:
    """Who spoke of what: (team, voice, count). Raw too."""
    query = (
        select(ROLLUP.c.team_id, ROLLUP.c.value, func.sum(ROLLUP.c.count))
        .where(ROLLUP.c.week >= first, ROLLUP.c.week <= last, ROLLUP.c.dimension == VOICE)
        .group_by(ROLLUP.c.team_id, ROLLUP.c.value)
    )
    return [(row[0], row[1], int(row[2])) for row in reads.execute(query)]
