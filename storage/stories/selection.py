"""A story in a selection: its place, and the ones before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Reads
from storage.stories.permissions import STORY, may_read
from storage.stories.reading import Filters, answered, matches, narrowed, newest
from storage.stories.rows import opened
from storage.stories.search import SCANNED, holds, wanted_in
from storage.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a story stands: `inside` a selection or not, between two others (ids, empty at an end).
    Of what waits for a moderator also that it is the `number`th of `total`; of all stories that
    would take long to count."""

    inside: bool
    before: str
    after: str
    number: int = 0
    total: int = 0


def spot(
    reads: Reads, vault: Vault, who: Coordinator, filters: Filters, week: str, story_id: str
) -> Spot:
    """Where a story of this week stands among those that someone may read."""
    parts = [may_read(who), *narrowed(who, filters)]
    row = reads.execute(select(STORY).where(*parts, STORY.c.id == story_id)).one_or_none()
    inside = row is not None and _fits(vault, row, filters)
    before, after = (
        _next(reads, vault, who, filters, (week, story_id), back) for back in (True, False)
    )
    if not filters.state or filters.words:
        return Spot(inside, before, after)
    number, total = _numbers(reads, who, filters, (week, story_id))
    return Spot(inside, before, after, number if inside else 0, total)


def first(reads: Reads, vault: Vault, who: Coordinator, filters: Filters) -> str:
    """The id of the first story of a selection; empty: there is none."""
    return _next(reads, vault, who, filters, None, False)


def _numbers(
    reads: Reads, who: Coordinator, filters: Filters, at: tuple[str, str]
) -> tuple[int, int]:
    """How many stories there are up to one, and in all."""
    if filters.answers:
        order = [(each.week, each.id) for each in answered(reads, who, filters)]
        return (order.index(at) + 1 if at in order else 0), len(order)
    week, story_id = at
    upto = or_(STORY.c.week > week, and_(STORY.c.week == week, STORY.c.id <= story_id))
    parts = [may_read(who), *narrowed(who, filters)]
    count = select(func.count()).select_from(STORY).where(*parts)
    number, total = (reads.execute(query).scalar_one() for query in (count.where(upto), count))
    return int(number), int(total)


def _next(
    reads: Reads,
    vault: Vault,
    who: Coordinator,
    filters: Filters,
    at: tuple[str, str] | None,
    back: bool,
) -> str:
    """The nearest story after `at` (or before it; none: the first of all) that is in the
    selection."""
    for row in _beyond(reads, who, filters, at, back):
        if _fits(vault, row, filters):
            return str(row.id)
    return ""


def _fits(vault: Vault, row: Row[Any], filters: Filters) -> bool:
    """Whether a story has the answers and the words of the filters, which the database cannot
    tell."""
    if not matches(row, filters.answers):
        return False
    return not filters.words or holds(opened(vault, row), wanted_in(filters.words))


def _beyond(
    reads: Reads, who: Coordinator, filters: Filters, at: tuple[str, str] | None, back: bool
) -> Iterator[Row[Any]]:
    """The stories beyond one, nearest first; at most as many as a search opens."""
    beyond: list[ColumnElement[bool]] = []
    if at is not None:
        week, story_id = at
        side = STORY.c.week > week if back else STORY.c.week < week
        same = STORY.c.id < story_id if back else STORY.c.id > story_id
        beyond.append(or_(side, and_(STORY.c.week == week, same)))
    query = select(STORY).where(may_read(who), *narrowed(who, filters), *beyond)
    query = query.order_by(STORY.c.week, STORY.c.id.desc()) if back else newest(query)
    seen, step = 0, 1 if not (filters.answers or filters.words) else 50
    while seen < SCANNED:
        rows = reads.execute(query.offset(seen).limit(step)).all()
        yield from rows
        if len(rows) < step:
            return
        seen, step = seen + step, step * 4
