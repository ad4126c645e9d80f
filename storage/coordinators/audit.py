"""The audit log: every story read, every export, every change of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, func, insert, select

from storage import tables
from storage.coordinators.coordinators import Coordinator
from storage.engine.transaction import Reads, Transaction
from storage.engine.types import core

Action = Literal[
    "login",
    "logout",
    "read",
    "search",
    "listed",
    "cleared",
    "taken_out",
    "held",
    "released",
    "serious",
    "handed_on",
    "closed",
    "export",
    "digest",
    "coordinator_added",
    "coordinator_changed",
    "coordinator_removed",
    "sessions_ended",
    "team_added",
    "team_renamed",
    "team_merged",
    "team_closed",
    "team_reopened",
    "figures_imported",
    "figures_removed",
    "guide_published",
    "guide_recalled",
    "guide_overlaid",
    "blocked_seen",
    "freed",
    "page_on",
    "page_off",
]

AUDIT = core(tables.Audit)
OPERATOR = "operator"
"""Stands in the log for who runs a command on the server, and may all that the association may."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line. `story_hash` is the keyed hash of a story, or empty."""

    id: int
    at: datetime
    coordinator_id: str
    team: str
    action: Action
    story_hash: str
    detail: str


def note(
    connection: Transaction,
    who: Coordinator | None,
    action: Action,
    now: datetime,
    *,
    story: str = "",
    team: str | None = None,
    detail: str = "",
) -> None:
    """Add a line; without `who` of someone who runs commands on the server. `team` is whose story
    it was (the coordinator's own team when not said); `detail` holds numbers or the name of a
    format, never a word of a story or a person."""
    connection.execute(
        insert(AUDIT).values(
            at=now,
            coordinator_id=who.id if who else OPERATOR,
            team_id=team if team is not None else who.team if who else "",
            action=action,
            story_hash=connection.vault.story_hash(story) if story else "",
            detail=detail,
        )
    )


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines are wanted: of these actions (none named: all), of one coordinator, and of the
    time from `since` to before `until`."""

    actions: tuple[Action, ...] = ()
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(
    reads: Reads,
    *,
    team: str | None = None,
    before: int | None = None,
    limit: int = 100,
    only: AuditFilter | None = None,
) -> list[AuditEntry]:
    """Newest first; of one team, or all. `before` is the id of the last one of the page before."""
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    only = only or AuditFilter()
    if only.actions:
        query = query.where(AUDIT.c.action.in_(only.actions))
    if only.who:
        query = query.where(AUDIT.c.coordinator_id == only.who)
    if only.since is not None:
        query = query.where(AUDIT.c.at >= only.since)
    if only.until is not None:
        query = query.where(AUDIT.c.at < only.until)
    if team is not None:
        query = query.where(AUDIT.c.team_id == team)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    return [_entry(row) for row in reads.execute(query)]


def of_story(reads: Reads, story_id: str, limit: int = 50) -> list[AuditEntry]:
    """What was done with one story, newest first."""
    query = (
        select(AUDIT)
        .where(AUDIT.c.story_hash == reads.vault.story_hash(story_id))
        .order_by(AUDIT.c.id.desc())
        .limit(limit)
    )
    return [_entry(row) for row in reads.execute(query)]


def looks(reads: Reads, story_id: str) -> int:
    """How many times a coordinator opened a story, as far as the log goes back."""
    query = select(func.count()).where(
        AUDIT.c.story_hash == reads.vault.story_hash(story_id),
        AUDIT.c.action == "read",
        AUDIT.c.detail == "",  # a recording or a picture is looked at from the story
    )
    return int(reads.execute(query).scalar_one())


def forget(connection: Transaction, before: datetime) -> int:
    """Lines of before a moment go. How many there were."""
    return connection.execute(delete(AUDIT).where(AUDIT.c.at < before)).rowcount


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        coordinator_id=row.coordinator_id,
        team=row.team_id,
        action=row.action,
        story_hash=row.story_hash,
        detail=row.detail,
    )
