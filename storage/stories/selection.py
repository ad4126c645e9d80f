"""A story in a selection: its place, and the ones before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads
from storage.stories.permissions import STORY, may_read
from storage.stories.reading import Filters, answered, matches, narrowed
from storage.stories.search import SCANNED


@dataclass(frozen=True, slots=True)
class Position:
    """Where a story stands: `inside` a selection or not, between two others (ids, empty at an end).
    Of what waits for a moderator also that it is the `number`th of `total`; of all stories that
    would take long to count."""

    inside: bool
    before: str
    after: str
    number: int = 0
    total: int = 0


def position(
    reads: Reads,
    who: Coordinator,
    filters: Filters,
    week: str,
    story_id: str,
    found: Sequence[tuple[str, str]] | None = None,
) -> Position:
    """Where a story of this week stands among those that someone may read; or, when words were
    searched for, among those that were found (week and id)."""
    if found is not None:
        return _among(found, week, story_id)
    return _narrowed(reads, who, filters, week, story_id)


def first(
    reads: Reads,
    who: Coordinator,
    filters: Filters,
    found: Sequence[tuple[str, str]] | None = None,
) -> str:
    """The id of the first story of a selection; empty: there is none."""
    if found is not None:
        return found[0][1] if found else ""
    return SelectionCursor(reads, who, filters).next()


def _among(found: Sequence[tuple[str, str]], week: str, story_id: str) -> Position:
    before = [each for each in found if each[0] > week or (each[0] == week and each[1] < story_id)]
    inside = (week, story_id) in found
    at = len(before)
    after = found[at + inside : at + inside + 1]
    return Position(
        inside,
        before[-1][1] if before else "",
        after[0][1] if after else "",
        at + 1 if inside else 0,
        len(found),
    )


def _narrowed(
    reads: Reads, who: Coordinator, filters: Filters, week: str, story_id: str
) -> Position:
    parts = [may_read(who), *narrowed(who, filters)]
    row = reads.execute(select(STORY).where(*parts, STORY.c.id == story_id)).one_or_none()
    inside = row is not None and matches(row, filters.answers)
    cursor = SelectionCursor(reads, who, filters)
    before, after = (cursor.next(week, story_id, back=back) for back in (True, False))
    if not filters.state:
        return Position(inside, before, after)
    number, total = _numbers(reads, who, filters, (week, story_id))
    return Position(inside, before, after, number if inside else 0, total)


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


class SelectionCursor:
    """Goes through a selection week by week, from anywhere in it: none of it is sorted whole. In
    both directions together it looks at no more stories than a search opens."""

    def __init__(self, reads: Reads, who: Coordinator, filters: Filters) -> None:
        self._reads = reads
        self._filters = filters
        self._parts = [may_read(who), *narrowed(who, filters)]
        self._left = SCANNED

    def next(self, week: str = "", story_id: str = "", *, back: bool = False) -> str:
        """The id of the nearest story after this one, or before it; without one the first of all.
        Empty: there is none."""
        within = STORY.c.id < story_id if back else STORY.c.id > story_id
        this: str | None = week or self._week(back)
        while this is not None and self._left > 0:
            for row in self._of(this, back, *([within] if this == week else [])):
                self._left -= 1
                if matches(row, self._filters.answers):
                    return str(row.id)
            this = self._week(back, beyond=this)
        return ""

    def _week(self, back: bool, beyond: str = "") -> str | None:
        """The next week that has stories of the selection."""
        order = STORY.c.week.asc() if back else STORY.c.week.desc()
        query = select(STORY.c.week).where(*self._parts).order_by(order).limit(1)
        if beyond:
            query = query.where(STORY.c.week > beyond if back else STORY.c.week < beyond)
        found: str | None = self._reads.execute(query).scalar()
        return found

    def _of(self, week: str, back: bool, *within: ColumnElement[bool]) -> Iterator[Row[Any]]:
        """The stories of one week, in the order of the cursor."""
        order = STORY.c.id.desc() if back else STORY.c.id
        query = select(STORY).where(*self._parts, STORY.c.week == week, *within).order_by(order)
        plain = not self._filters.answers
        yield from self._reads.execute(query.limit(1 if plain else self._left))
