"""A story in a selection: its place, and the ones before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from storage.coordinators.coordinators import Coordinator
from storage.engine.database import Reads
from storage.stories.permissions import STORY, may_read
from storage.stories.reading import Filters, answered, matches, narrowed
from storage.stories.rows import opened
from storage.stories.search import SCANNED, holds, wanted_in
from storage.vault.vault import Vault


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
    reads: Reads, vault: Vault, who: Coordinator, filters: Filters, week: str, story_id: str
) -> Position:
    """Where a story of this week stands among those that someone may read."""
    parts = [may_read(who), *narrowed(who, filters)]
    row = reads.execute(select(STORY).where(*parts, STORY.c.id == story_id)).one_or_none()
    inside = row is not None and _fits(vault, row, filters)
    cursor = SelectionCursor(reads, vault, who, filters)
    before, after = (cursor.next(week, story_id, back=back) for back in (True, False))
    if not filters.state or filters.words:
        return Position(inside, before, after)
    number, total = _numbers(reads, who, filters, (week, story_id))
    return Position(inside, before, after, number if inside else 0, total)


def first(reads: Reads, vault: Vault, who: Coordinator, filters: Filters) -> str:
    """The id of the first story of a selection; empty: there is none."""
    return SelectionCursor(reads, vault, who, filters).next()


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

    def __init__(self, reads: Reads, vault: Vault, who: Coordinator, filters: Filters) -> None:
        self._reads = reads
        self._vault = vault
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
                if _fits(self._vault, row, self._filters):
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
        plain = not (self._filters.answers or self._filters.words)
        yield from self._reads.execute(query.limit(1 if plain else self._left))


def _fits(vault: Vault, row: Row[Any], filters: Filters) -> bool:
    """Whether a story has the answers and the words of the filters, which the database cannot
    tell."""
    if not matches(row, filters.answers):
        return False
    return not filters.words or holds(opened(vault, row), wanted_in(filters.words))
