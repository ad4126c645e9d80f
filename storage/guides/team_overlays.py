"""What teams add to guides and leave out of them, as they saved it on the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage import tables
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

OVERLAY = core(tables.GuideOverlay)


@dataclass(frozen=True, slots=True)
class TeamOverlay:
    """The overlay of a team over a guide: `source` is what its file would say."""

    team_id: str
    guide: str
    revision: int
    source: str
    coordinator_id: str
    saved_at: datetime


class NewerOverlay(Exception):
    """Somebody saved since. `now` is what they saved; nothing was written."""

    def __init__(self, now: TeamOverlay | None) -> None:
        super().__init__("there is a newer save")
        self.now = now


def save(
    connection: Transaction, team: str, guide: str, source: str, since: int, who: str, now: datetime
) -> int:
    """Save over revision `since` (0: there is none); the number of this one. Raises
    NewerOverlay."""
    there = of_team(connection, team, guide)
    if (there.revision if there else 0) != since:
        raise NewerOverlay(there)
    row = {"revision": since + 1, "source": source, "coordinator_id": who, "saved_at": now}
    if there is None:
        connection.execute(insert(OVERLAY).values(team_id=team, guide=guide, **row))
    else:
        mine = (OVERLAY.c.team_id == team, OVERLAY.c.guide == guide)
        connection.execute(update(OVERLAY).where(*mine).values(row))
    return since + 1


def of_team(reads: Reads, team: str, guide: str) -> TeamOverlay | None:
    query = select(OVERLAY).where(OVERLAY.c.team_id == team, OVERLAY.c.guide == guide)
    row = reads.execute(query).first()
    return _overlay(row) if row else None


def of_guide(reads: Reads, guide: str) -> list[TeamOverlay]:
    """Those of all teams over a guide."""
    query = select(OVERLAY).where(OVERLAY.c.guide == guide).order_by(OVERLAY.c.team_id)
    return [_overlay(row) for row in reads.execute(query)]


def every_overlay(reads: Reads) -> list[TeamOverlay]:
    query = select(OVERLAY).order_by(OVERLAY.c.guide, OVERLAY.c.team_id)
    return [_overlay(row) for row in reads.execute(query)]


def overlay_mark(reads: Reads) -> tuple[int, int]:
    """Changes with every save: cheap to ask again and again."""
    query = select(func.count(), func.coalesce(func.sum(OVERLAY.c.revision), 0))
    row = reads.execute(query.select_from(OVERLAY)).one()
    return int(row[0]), int(row[1])


def _overlay(row: Row[Any]) -> TeamOverlay:
    return TeamOverlay(
        row.team_id, row.guide, row.revision, row.source, row.coordinator_id, row.saved_at
    )
